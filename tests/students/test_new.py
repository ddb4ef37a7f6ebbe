"""Create New SERS Account: the page before the first question."""

from django.urls import reverse

from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.creating import answer, page_url, typed
from tests.students.pages import text

URL = reverse("students:new")


def test_it_says_what_it_takes_and_leads_to_the_first_question(client: PolicingClient, db: None) -> None:
    response = client.get(URL)
    words = text(response)
    assert "Create New SERS Account" in words
    assert "We never ask for a Social Security number." in words
    assert "Begin again" not in words
    assert page_url("name") in response.content.decode()


def test_what_was_begun_goes_on_where_it_stopped(cast: Cast, client: PolicingClient) -> None:
    answer(client, "name", typed(cast))
    answer(client, "former-names", typed(cast))
    response = client.get(URL)
    assert page_url("birth-date") in response.content.decode()
    assert client.get(page_url("name")).context["form"]["first_name"].value() == "Noor"


def test_begin_again_forgets_what_was_answered(cast: Cast, client: PolicingClient) -> None:
    answer(client, "name", typed(cast))
    assert client.post(URL).headers["Location"] == page_url("name")
    assert client.get(page_url("name")).context["form"]["first_name"].value() is None
    assert "Begin again" not in text(client.get(URL))


def test_opening_it_begins_no_session(client: PolicingClient, db: None) -> None:
    assert client.get(URL).cookies.keys() <= {"sers-csrf"}
