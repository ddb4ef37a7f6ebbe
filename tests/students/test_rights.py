"""/students/rights/: what a student may ask for, and where each request stands."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.people import Cast, make_inspection
from tests.policing import PolicingClient
from tests.students.inspecting import answered, asked, by_letter
from tests.students.pages import text

ADDRESS = reverse("students:rights")


def test_nothing_was_asked_yet(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    words = text(client.get(ADDRESS))
    assert "You have not asked for anything yet." in words
    assert "You get an answer within 45 days." in words


def test_it_lists_what_was_asked_and_where_it_stands(client: PolicingClient, cast: Cast) -> None:
    asked(cast.newcomer)
    by_letter(cast.newcomer, by=cast.district)
    client.force_login(cast.newcomer.user)
    words = text(client.get(ADDRESS))
    assert "Request to see my record" in words
    assert "Request of a parent or guardian" in words
    assert words.count("45 days left") == 2


def test_it_is_reached_from_the_profile_and_the_list_of_readers(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    for name in ("students:student", "students:readers"):
        assert ADDRESS in client.get(reverse(name, args=[cast.newcomer.public_id])).content.decode()


def test_it_is_for_students(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert client.get(ADDRESS).status_code == 403


def test_it_costs_the_same_for_one_request_and_three(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    answered(cast, asked(cast.newcomer))

    def queries() -> int:
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ADDRESS).status_code == 200
        return len(caught)

    first = queries()
    answered(cast, asked(cast.newcomer))
    make_inspection(cast.newcomer)
    assert (first, queries()) == (7, 7)
