"""What every request passes through."""

from django.test import Client
from django.urls import reverse

from tests.people import Cast


def test_pages_of_people_who_signed_in_are_kept_by_no_browser(client: Client, cast: Cast) -> None:
    front = reverse("reports:home")
    assert client.get(front).headers.get("Cache-Control") is None
    client.force_login(cast.teacher)
    assert "no-store" in client.get(front).headers["Cache-Control"]


def test_a_character_that_cannot_be_kept_is_refused_in_words(client: Client) -> None:
    answer = client.get(reverse("articulations:search"), {"words": "a\x00b"})
    assert answer.status_code == 400
    assert "Type the text again" in answer.text
