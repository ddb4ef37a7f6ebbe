"""One request to open grading again, and the consortium's answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from grading import actions
from tests.people import Cast
from tests.policing import PolicingClient


def url(cast: Cast) -> str:
    return reverse("grading:extension", args=[cast.extension.public_id])


def day(days: int) -> dict[str, str]:
    until = timezone.localdate() + timedelta(days=days)
    return {
        "chosen": "grant", "grant-until_month": str(until.month), "grant-until_day": str(until.day),
        "grant-until_year": str(until.year),
    }  # fmt: skip


def test_granted(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    html = client.get(url(cast)).content.decode()
    assert "I was away in June." in html
    assert "Open grading again" in html
    response = client.post(url(cast), day(7) | {"grant-note": "Quickly."}, follow=True)
    html = response.content.decode()
    assert "The teacher is told by mail." in html
    assert "Granted" in html
    assert "Quickly." in html
    assert "<form" not in html.split("<main")[1]
    cast.extension.refresh_from_db()
    assert cast.extension.until == timezone.localdate() + timedelta(days=7)
    client.force_login(cast.teacher)
    assert "Quickly." in client.get(url(cast)).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"chosen": "grant"}, "Enter the last day"),
        (day(-1), "That day has passed."),
        (day(91), "Grading is opened again for 90 days at the most."),
        ({"chosen": "decline", "decline-reason": ""}, "Say why grading stays closed"),
    ],
)
def test_errors(client: PolicingClient, cast: Cast, typed: dict[str, str], words: str) -> None:
    client.force_login(cast.consortium)
    response = client.post(url(cast), typed)
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "<title>Error: " in html


def test_who_answers_second_is_told(client: PolicingClient, cast: Cast) -> None:
    actions.decline_extension(extension=cast.extension, reason="Too late.", by=cast.consortium)
    client.force_login(cast.consortium)
    response = client.post(url(cast), day(7))
    assert response.status_code == 409
    assert f"{cast.consortium.name} has declined this request." in response.content.decode()


def test_others_read_or_are_kept_out(client: PolicingClient, cast: Cast) -> None:
    for user, get, post in (
        (cast.teacher, 200, 403), (cast.state, 200, 403), (cast.other_consortium, 404, 404),
        (cast.colleague, 404, 404), (cast.registrar, 403, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(url(cast)).status_code == get, user
        assert client.post(url(cast), day(7)).status_code == post, user
    cast.extension.refresh_from_db()
    assert cast.extension.state == "requested"


def test_queries(client: PolicingClient, cast: Cast, django_assert_num_queries: Any) -> None:
    client.force_login(cast.consortium)
    # session, user, seats, the request; its class counted, the windows and extensions, what is asked, the consortia
    with django_assert_num_queries(9):
        client.get(url(cast))
