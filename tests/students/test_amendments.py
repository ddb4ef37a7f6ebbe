"""/students/amendments/: requests to amend records within reach."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.amending import asked
from tests.students.pages import text

ADDRESS = reverse("students:amendments")


def test_open_and_decided_ones(client: PolicingClient, cast: Cast) -> None:
    asked(cast.newcomer)
    client.force_login(cast.consortium)
    words = text(client.get(ADDRESS))
    assert cast.newcomer.list_name in words
    assert "Profile: birth date" in words
    assert "Refused" in text(client.get(ADDRESS, {"show": "over"}))
    client.force_login(cast.other_consortium)
    assert cast.newcomer.list_name not in text(client.get(ADDRESS))


def test_the_holder_finds_it_at_home(client: PolicingClient, cast: Cast) -> None:
    asked(cast.newcomer)
    client.force_login(cast.district)
    assert "1 request to amend a record waits for you." in text(client.get(reverse("reports:home")))


def test_it_costs_the_same_for_one_request_and_three(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)

    def queries() -> int:
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ADDRESS).status_code == 200
        return len(caught)

    asked(cast.newcomer)
    first = queries()
    asked(cast.newcomer, field="last_name")
    asked(cast.classmate)
    assert (first, queries()) == (6, 6)
