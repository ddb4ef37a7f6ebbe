"""/students/amendments/: requests to amend records within reach."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from students.actions import ask_for_hearing
from students.models import Registration
from tests.people import Cast, account_of
from tests.policing import PolicingClient
from tests.students.amending import asked, refused
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


def test_home_counts_what_the_list_behind_it_holds(client: PolicingClient, cast: Cast) -> None:
    """The district decides one and has refused the other; the State may hear that one, and decides nothing."""
    waits = asked(cast.newcomer)
    heard = refused(cast, cast.newcomer, field="last_name")
    ask_for_hearing(amendment=heard, by=account_of(cast.newcomer))
    for who, words, rows in (
        (cast.district, "1 request to amend a record waits for you.", [waits]),
        (cast.state, "1 hearing about a record waits for you.", [heard]),
    ):
        client.force_login(who)
        home = client.get(reverse("reports:home"))
        assert words in text(home)
        assert f"{ADDRESS}?show=mine" in home.content.decode()
        response = client.get(ADDRESS, {"show": "mine"})
        assert [one.pk for one, _tag in response.context["rows"]] == [one.pk for one in rows]
        assert "Wait for you: 1" in text(response)
    client.force_login(cast.consortium)
    response = client.get(ADDRESS, {"show": "mine"})
    assert response.context["show"] == "open"
    assert "Wait for you" not in text(response)


def test_the_list_says_who_decides_now(client: PolicingClient, cast: Cast) -> None:
    asked(cast.classmate, cast.classmate_registration)
    client.force_login(cast.registrar)
    assert "The school district" in text(client.get(ADDRESS))
    assert "No request waits for you." in text(client.get(ADDRESS, {"show": "mine"}))
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(awarded_at=timezone.now())
    words = text(client.get(ADDRESS, {"show": "mine"}))
    assert "Wait for you: 1" in words
    assert "The college" in words


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
    assert (first, queries()) == (7, 7)
