"""/organizations/people/: who works where within one's reach."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from organizations.views.people import TERMS
from tests.people import Cast, make_person, make_seat, make_user
from tests.policing import PolicingClient
from tests.students.pages import errors, text, title

URL = "/organizations/people/"


def search(client: PolicingClient, **terms: str) -> Any:
    return client.post(URL, terms, follow=True)


def names(response: Any) -> list[str]:
    return [row["person"].first_name for row in response.context["rows"]]


def test_it_lists_everyone_within_reach_by_name(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    response = client.get(URL)
    assert names(response) == ["Connie", "Colin", "Ivy", "Lola", "Mika", "Tess", "Dora"]
    words = text(response)
    assert "7 people" in words
    assert "Teacher, Tess tess@example.org Active Teacher, Kamiakin High School since" in words
    assert "Invited Teacher, Kamiakin High School" in words
    assert "Locked Teacher, Kamiakin High School" in words
    assert "For the schools of Kennewick School District you give seats" in words


@pytest.mark.parametrize(
    ("who", "sees", "not_"),
    [
        ("counselor", "Tess", "Dora"), ("registrar", "Felix", "Tess"), ("consortium", "Rita", "Tobias"),
        ("state", "Tobias", "Marisol"), ("other_district", "Tobias", "Tess"),
    ],
)  # fmt: skip
def test_each_seat_sees_its_own(client: PolicingClient, cast: Cast, who: str, sees: str, not_: str) -> None:
    client.force_login(getattr(cast, who))
    words = text(client.get(URL))
    assert sees in words
    assert not_ not in words


TERMS_AND_FINDS: list[tuple[dict[str, str], list[str]]] = [
    ({"name": "tea"}, ["Colin", "Ivy", "Lola", "Mika", "Tess"]),
    ({"name": "tess tea"}, ["Tess"]),
    ({"name": "TÉSS"}, ["Tess"]),
    ({"name": "ess"}, []),
    ({"email": "Tess@"}, ["Tess"]),
    ({"email": "ess@"}, []),
    ({"role": "district"}, ["Dora"]),
    ({"role": "counselor"}, ["Connie"]),
    ({"state": "invited"}, ["Ivy"]),
    ({"state": "ended"}, ["Fergus"]),
    ({"state": "active", "role": "teacher"}, ["Colin", "Lola", "Mika", "Tess"]),
]


@pytest.mark.parametrize(("terms", "finds"), TERMS_AND_FINDS, ids=str)
def test_every_term_narrows(
    client: PolicingClient, cast: Cast, terms: dict[str, str], finds: list[str]
) -> None:
    client.force_login(cast.district)
    assert names(search(client, **terms)) == finds


def test_by_place(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert names(search(client, place=f"college.{cast.cbc.public_id}")) == ["Felix", "Rita"]
    assert names(search(client, place=f"district.{cast.kennewick.public_id}")) == ["Dora"]
    response = client.post(URL, {"place": f"school.{cast.wahi.public_id}"})
    assert response.status_code == 422
    assert errors(response) == ["Choose a place from the list"]


def test_one_s_school_is_not_asked_for(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    assert 'name="place"' not in client.get(URL).content.decode()


def test_terms_stay_in_the_session_never_in_the_address(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert client.post(URL, {"name": "Tess"}).headers["Location"] == URL
    assert client.session[TERMS] == {"name": "Tess"}
    assert names(client.get(URL)) == ["Tess"]
    client.post(URL, {"clear": "1"})
    assert TERMS not in client.session


def test_terms_that_do_not_fit_another_seat_are_forgotten(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    session = client.session
    session[TERMS] = {"place": f"school.{cast.wahi.public_id}"}
    session.save()
    assert client.get(URL).status_code == 422
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("who", ["counselor", "registrar"])
def test_who_gives_no_seats_gets_no_buttons(client: PolicingClient, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(URL).content.decode()
    assert "New account" not in page
    assert "Their seats are given above it." in page


def test_nobody_found_and_nobody_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert "Nobody within your reach matches" in text(search(client, name="Zzyx"))
    assert errors(client.post(URL, {"name": "-"})) == ["Enter letters of the name"]


def test_several_seats_stand_in_one_row(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    make_seat(cast.teacher, Role.COUNSELOR, cast.kamiakin, starts_on=today + datetime.timedelta(days=2))
    client.force_login(cast.district)
    response = search(client, name="Tess")
    (row,) = response.context["rows"]
    assert [one.label for one in row["seats"]] == ["Active", "Begins later"]


@pytest.mark.parametrize("more", [1, 3])
def test_rows_cost_no_queries(
    client: PolicingClient, cast: Cast, more: int, django_assert_num_queries: Any
) -> None:
    for _ in range(more):
        person = make_person(Role.TEACHER, cast.kamiakin, "Quinn", last_name="Quill")
        make_seat(person, Role.COUNSELOR, cast.kamiakin)
    client.force_login(cast.consortium)
    session = client.session
    session[TERMS] = {"name": "Quill"}
    session.save()
    with django_assert_num_queries(13):
        assert len(names(client.get(URL))) == more


def test_pages_are_told_in_the_title(client: PolicingClient, cast: Cast) -> None:
    for number in range(50):
        make_seat(make_user("Ann", f"Aa{number:02}"), Role.TEACHER, cast.kamiakin)
    client.force_login(cast.district)
    assert title(client.get(URL, {"page": "2"})) == "People, page 2 of 2 - SERS"
    assert "Dora" in text(client.get(URL, {"page": "2"}))


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).status_code == 302
    for who in ("teacher", "faculty", "nobody", "former_teacher"):
        client.force_login(getattr(cast, who))
        assert client.get(URL).status_code == 403
