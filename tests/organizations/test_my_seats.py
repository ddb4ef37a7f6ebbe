"""/organizations/seats/: all one's own seats."""

from typing import Any

import pytest

from accounts.access import Role
from tests.people import Cast, make_college, make_seat
from tests.policing import PolicingClient
from tests.students.pages import text

URL = "/organizations/seats/"


def test_all_one_s_own_and_nobody_else_s(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.many_hats)
    words = text(client.get(URL))
    assert "2 seats" in words
    assert "Teacher, Kamiakin High School Active" in words
    assert "Registrar, Walla Walla Community College Active" in words
    client.post("/organizations/seats/choose/", {"seat": cast.many_hats.seats.earliest("id").pk})
    assert "2 seats" in text(client.get(URL))  # a hat hides no seat from its holder


def test_ended_seats_and_none(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.former_teacher)
    assert "Teacher, Kamiakin High School Ended" in text(client.get(URL))
    client.force_login(cast.nobody)
    assert "You hold no seat in SERS." in text(client.get(URL))


def test_the_masthead_leads_there(client: PolicingClient, cast: Cast) -> None:
    for who in (cast.teacher, cast.many_hats):
        client.force_login(who)
        assert f'href="{URL}"' in client.get("/articulations/").content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_rows_cost_no_queries(
    client: PolicingClient, cast: Cast, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        make_seat(cast.teacher, Role.FACULTY, make_college(f"College {number}", f"C{number}"))
    client.force_login(cast.teacher)
    with django_assert_num_queries(4):
        client.get(URL)


def test_a_stranger_signs_in_first(client: PolicingClient, db: None) -> None:
    assert client.get(URL).status_code == 302
