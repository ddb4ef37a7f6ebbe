"""/organizations/people/invited/: accounts nobody has taken up yet, and the reminder for those that are ticked."""

from typing import Any

import pytest

from accounts.access import Role
from accounts.models import Mail
from tests.people import Cast, make_person, make_seat
from tests.policing import PolicingClient
from tests.students.pages import messages, text

URL = "/organizations/people/invited/"


def test_who_has_not_activated_within_reach(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    words = text(client.get(URL))
    assert "1 not activated" in words
    assert "Teacher, Ivy ivy@example.org Teacher, Kamiakin High School" in words
    assert "Never" in words
    assert "Ivan" not in words
    assert "Students register with these teachers all the same." in words


def test_ticked_people_are_mailed(client: PolicingClient, cast: Cast) -> None:
    more = make_person(Role.TEACHER, cast.kamiakin, "Iris", password=None)
    left = make_person(Role.TEACHER, cast.kamiakin, "Ike", password=None)
    client.force_login(cast.consortium)
    response = client.post(URL, {"person": [cast.invited.public_id, more.public_id]}, follow=True)
    assert messages(response) == ["2 people were mailed a new link. It works once, for 24 hours."]
    assert Mail.objects.filter(person__in=(cast.invited, more)).count() == 2
    assert not Mail.objects.filter(person=left).exists()
    for _ in range(2):
        client.post(URL, {"person": [cast.invited.public_id]}, follow=True)
    response = client.post(URL, {"person": [cast.invited.public_id, more.public_id]}, follow=True)
    said = messages(response)
    assert said[0] == "1 person was mailed a new link. It works once, for 24 hours."
    assert said[1].startswith("Left out: Ivy Teacher was mailed 3 links in a day.")


def test_what_is_ticked_out_of_reach_is_nobody(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    ticked = [cast.other_invited.public_id, cast.teacher.public_id, "not-a-key"]
    (said,) = messages(client.post(URL, {"person": ticked}, follow=True))
    assert said.startswith("Nobody was ticked.")
    assert not Mail.objects.filter(person=cast.other_invited).exists()


def test_tick_all_without_a_script(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert "checked" not in client.get(URL).content.decode()
    assert " checked>" in client.get(URL, {"tick": "all"}).content.decode()


@pytest.mark.parametrize("who", ["counselor", "registrar"])
def test_who_gives_no_seats_reads(client: PolicingClient, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(URL)
    assert "Send Reminder" not in page.content.decode()
    assert client.post(URL, {"person": [cast.invited.public_id]}).status_code == 403


def test_nobody_is_left(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    assert "Everybody within your reach has chosen a password." in text(client.get(URL))


@pytest.mark.parametrize("more", [1, 3])
def test_rows_cost_no_queries(
    client: PolicingClient, cast: Cast, more: int, django_assert_num_queries: Any
) -> None:
    for _ in range(more):
        person = make_person(Role.TEACHER, cast.kamiakin, "Iris", password=None)
        make_seat(person, Role.COUNSELOR, cast.kamiakin)
    client.force_login(cast.district)
    with django_assert_num_queries(6):
        assert f"{more + 1} not activated" in text(client.get(URL))


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 403
