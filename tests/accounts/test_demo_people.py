"""/accounts/demo/"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.access import Role
from accounts.models import User
from tests.people import Cast, make_person, make_seat
from tests.policing import PolicingClient

URL = "/accounts/demo/"


@pytest.fixture
def demo_teacher(cast: Cast) -> User:
    return make_person(Role.TEACHER, cast.kamiakin, "Terry", username="teacher.demo", is_demo=True)


def test_it_works(client: PolicingClient, cast: Cast, demo_teacher: User) -> None:
    page = client.get(URL).content.decode()
    assert "teacher.demo" in page
    assert "Kamiakin High School" in page
    assert "dual-credit-demo" in page
    assert cast.teacher.username not in page
    response = client.post(URL, {"username": "teacher.demo"})
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(demo_teacher.pk)


def test_it_signs_in_demo_people_only(client: PolicingClient, cast: Cast, demo_teacher: User) -> None:
    client.force_login(cast.colleague)
    for username in (cast.teacher.username, "", "nobody"):
        assert client.post(URL, {"username": username}).status_code == 404
    assert client.session["_auth_user_id"] == str(cast.colleague.pk)


def test_nothing_of_one_person_stays_for_the_next(
    client: PolicingClient, cast: Cast, demo_teacher: User
) -> None:
    client.force_login(cast.many_hats)
    client.post("/organizations/seats/choose/", {"seat": cast.many_hats.seats.first().pk})
    assert "hat" in client.session
    client.post(URL, {"username": "teacher.demo"})
    assert "hat" not in client.session


def test_an_unseeded_database_says_so(client: PolicingClient, db: None) -> None:
    assert "There are no demo people in this database" in client.get(URL).content.decode()


def test_it_exists_in_the_demo_state_alone(
    client: PolicingClient, cast: Cast, demo_teacher: User, settings: Settings
) -> None:
    settings.DEMO = False
    assert client.get(URL).status_code == 404
    assert client.post(URL, {"username": "teacher.demo"}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert URL not in client.get("/").content.decode()


def test_queries_do_not_grow(client: PolicingClient, cast: Cast, demo_teacher: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    assert queries() == 1
    make_seat(demo_teacher, Role.COUNSELOR, cast.kamiakin)
    make_person(Role.STATE, None, "Stan", username="state.demo", is_demo=True)
    assert queries() == 1
