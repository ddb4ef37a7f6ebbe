"""No more letters like this: by the link of a letter, without signing in."""

from django.test import Client
from django.urls import reverse

from accounts.models import Event
from reports.models import NoLetters
from tests.people import Cast
from tests.students.pages import text


def test_the_link_asks_and_the_button_stops(cast: Cast, client: Client) -> None:
    where = reverse("reports:no_letters", args=[cast.mailed.public_id])
    page = client.get(where)
    assert "No more letters like this?" in text(page)
    assert not NoLetters.objects.exists(), "opening a link changes nothing: mail servers open links too"
    assert cast.newcomer.name not in text(page)
    assert cast.newcomer.email not in text(page)
    for _ in range(2):
        assert client.post(where)["Location"] == where
    assert NoLetters.objects.get().user == cast.newcomer.user
    assert Event.objects.filter(kind="reports.letters_stopped").count() == 1
    assert "You get no more letters like this" in text(client.get(where))


def test_it_speaks_spanish(cast: Cast, client: Client) -> None:
    page = client.get(
        reverse("reports:no_letters", args=[cast.mailed.public_id]), headers={"accept-language": "es"}
    )
    assert "¿No más cartas como esta?" in text(page)
