"""Check your e-mail: the same words for everybody."""

from django.urls import reverse

from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:created")


def test_it_says_what_happens_next(cast: Cast, client: PolicingClient) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    words = text(response)
    assert "Check your e-mail" in words
    assert "It works for seven days" in words
    assert reverse("students:register") in response.content.decode()


def test_it_is_read_only(client: PolicingClient, db: None) -> None:
    assert client.post(URL).status_code == 405
