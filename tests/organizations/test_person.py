"""/organizations/people/<id>/: one person's account, seats, mail and history; and the button that mails a link."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import Mail, User
from organizations import actions
from tests.organizations.test_actions import give
from tests.people import Cast, make_seat
from tests.policing import PolicingClient
from tests.students.pages import messages, text


def url(user: User) -> str:
    return f"/organizations/people/{user.public_id}/"


def test_account_seats_mail_and_history(client: PolicingClient, cast: Cast) -> None:
    user = give(cast).seat.user
    Mail.objects.filter(person=user).update(state="done", done_at=timezone.now())
    client.force_login(cast.consortium)
    words = text(client.get(url(user)))
    assert "Nadia Núñez Invited, no password yet. That keeps no student from registering." in words
    assert "1 seat within your reach" in words
    assert "Teacher, Kamiakin High School Invited since" in words
    assert "User name nadia.nunez" in words
    assert "Not chosen yet. The person chooses it by the mailed link." in words
    assert "Your SERS account nadia@example.org" in words
    assert "Sent" in words
    assert "Seat given: Teacher, Kamiakin High School New this year Carmen Consortium" in words
    assert "Account created New this year Carmen Consortium" in words


def test_seats_outside_reach_are_not_shown(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    words = text(client.get(url(cast.many_hats)))
    assert "1 seat within your reach" in words
    assert "Walla Walla" not in words
    assert "holds a seat outside your reach too" in words
    client.force_login(cast.state)
    words = text(client.get(url(cast.many_hats)))
    assert "2 seats within your reach" in words
    assert "outside your reach" not in words


def test_history_of_seats_outside_reach_is_not_shown(client: PolicingClient, cast: Cast) -> None:
    give(cast, by=cast.other_consortium, place=cast.wahi, email=cast.teacher.email)
    client.force_login(cast.consortium)
    assert "Walla Walla High School" not in text(client.get(url(cast.teacher))).split("History")[1]


@pytest.mark.parametrize(("who", "changes"), [("district", True), ("counselor", False), ("state", True)])
def test_who_may_change_has_links_others_the_reason(
    client: PolicingClient, cast: Cast, who: str, changes: bool
) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(url(cast.teacher)).content.decode()
    assert (f"/organizations/seats/{cast.teacher_seat.public_id}/end/" in page) is changes
    assert ("is given by the district, the consortium or state staff" in page) is not changes
    assert ("Give a further seat" in page) is changes


def test_one_s_own_page_has_no_buttons(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    page = client.get(url(cast.district))
    assert "Nobody gives, changes or ends a seat of their own." in text(page)
    assert "Give a further seat" not in text(page)


def test_a_new_link_is_mailed(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert "Send a new link" in client.get(url(cast.invited)).content.decode()
    response = client.post(f"{url(cast.invited)}link/", follow=True)
    assert messages(response) == ["A new link is mailed to ivy@example.org. It works once, for 24 hours."]
    assert Mail.objects.filter(person=cast.invited).count() == 1
    for _ in range(2):
        client.post(f"{url(cast.invited)}link/", follow=True)
    (said,) = messages(client.post(f"{url(cast.invited)}link/", follow=True))
    assert said.startswith("Ivy Teacher was mailed 3 links in a day. Send the next after")
    assert Mail.objects.filter(person=cast.invited).count() == 3


def test_who_has_a_password_gets_no_link(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert "Send a new link" not in client.get(url(cast.teacher)).content.decode()
    (said,) = messages(client.post(f"{url(cast.teacher)}link/", follow=True))
    assert said.startswith("Tess Teacher has chosen a password already.")


def test_nobody_sees_or_sets_a_password(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    page = client.get(url(cast.teacher)).content.decode()
    assert 'type="password"' not in page
    assert cast.teacher.password not in page
    assert "Nobody else sees or sets it." in page


@pytest.mark.parametrize("more", [1, 3])
def test_rows_cost_no_queries(
    client: PolicingClient, cast: Cast, more: int, django_assert_num_queries: Any
) -> None:
    user = cast.teacher
    for role, place in (
        (Role.COUNSELOR, cast.kamiakin), (Role.DISTRICT, cast.kennewick), (Role.FACULTY, cast.cbc),
    )[:more]:  # fmt: skip
        give(cast, known=user, role=role, place=place, email=user.email)
    actions.send_link(user=cast.invited, by=cast.state)
    client.force_login(cast.state)
    with django_assert_num_queries(10):
        client.get(url(user))


def test_students_are_not_people_here(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert cast.student.user is not None
    assert client.get(url(cast.student.user)).status_code == 404
    make_seat(cast.student.user, Role.TEACHER, cast.kamiakin)
    assert client.get(url(cast.student.user)).status_code == 200


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    assert client.get(url(cast.teacher)).status_code == 302
    client.force_login(cast.other_consortium)
    assert client.get(url(cast.teacher)).status_code == 404
    assert client.get(f"/organizations/people/{uuid.uuid4()}/").status_code == 404
    assert client.post(f"{url(cast.invited)}link/").status_code == 404
    client.force_login(cast.counselor)
    assert client.post(f"{url(cast.invited)}link/").status_code == 403
    client.force_login(cast.colleague)
    assert client.get(url(cast.teacher)).status_code == 403
