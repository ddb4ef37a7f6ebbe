"""/accounts/prove/: the password once more, before the ways to sign in change."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from accounts import rules
from tests.accounts.factors import proved
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient

URL = "/accounts/prove/"
APP = "/accounts/second-factor/app/"


def test_it_opens_what_was_asked_for(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    asked = client.get(APP)
    assert asked.url == "/accounts/prove/?next=%2Faccounts%2Fsecond-factor%2Fapp%2F"
    assert client.post(asked.url, {"password": PASSWORD}).url == APP
    assert client.get(APP).status_code == 200


def test_signing_in_just_now_is_proof(client: PolicingClient, cast: Cast) -> None:
    client.post("/accounts/sign-in/", {"username": cast.teacher.username, "password": PASSWORD})
    assert client.get(APP).status_code == 200


def test_a_wrong_password_is_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.post(URL, {"password": "not this one"})
    assert response.status_code == 422
    assert "This is not your password" in response.content.decode()
    assert client.get(APP).status_code == 302


def test_tries_are_counted_like_signing_in(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    for _ in range(rules.SIGN_IN_TRIES_OF_ACCOUNT):
        client.post(URL, {"password": "not this one"})
    assert client.post(URL, {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(("minutes", "opens"), [(9.9, True), (10.1, False)])
def test_it_holds_for_ten_minutes(client: PolicingClient, cast: Cast, minutes: float, opens: bool) -> None:
    proved(client, cast.teacher)
    later = timezone.now() + timedelta(minutes=minutes)
    with mock.patch("accounts.rules.factors.time.time", return_value=later.timestamp()):
        assert (client.get(APP).status_code == 200) is opens


def test_it_leads_nowhere_else(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.post(f"{URL}?next=https://example.net/", {"password": PASSWORD}).url == "/"
