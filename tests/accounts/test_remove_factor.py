"""/accounts/second-factor/<one>/: a way to sign in goes; the last one that a seat needs stays."""

import uuid
from typing import Any

import pytest

from accounts import actions, rules
from accounts.models import AuthenticatorApp, Event, Identity, Mail, Passkey
from tests.accounts.factors import add_app, add_passkey, proved
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient


def url_of(one: AuthenticatorApp | Passkey | Identity) -> str:
    return f"/accounts/second-factor/{one.public_id}/"


def test_it_asks_and_then_removes(client: PolicingClient, cast: Cast) -> None:
    add_app(cast.teacher, name="Lost phone")
    app = AuthenticatorApp.objects.get()
    proved(client, cast.teacher)
    assert "Remove Lost phone?" in client.get(url_of(app)).content.decode()
    assert AuthenticatorApp.objects.exists()
    assert client.post(url_of(app), {"password": PASSWORD}).url == "/accounts/second-factor/"
    assert not AuthenticatorApp.objects.exists()
    assert Event.objects.get(kind="accounts.authenticatorapp_removed").actor == cast.teacher
    assert (
        Mail.objects.filter(to=cast.teacher.email, subject="A way to sign in to SERS was removed").count()
        == 1
    )
    assert client.post(url_of(app)).status_code == 404


def test_a_sign_in_elsewhere_is_removed_too(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    assert client.post(url_of(cast.identity)).status_code == 302
    assert not Identity.objects.exists()


def test_another_persons_is_not_there(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.colleague)
    assert client.get(url_of(cast.identity)).status_code == 404
    assert client.post(url_of(cast.identity)).status_code == 404
    assert not actions.remove_factor(factor=cast.identity.public_id, by=cast.colleague, address="192.0.2.1")
    assert not actions.remove_factor(factor=uuid.uuid4(), by=cast.colleague, address="192.0.2.1")
    assert Identity.objects.exists()


def test_it_wants_a_fresh_proof(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.post(url_of(cast.identity)).url.startswith("/accounts/prove/")
    assert Identity.objects.exists()


def test_the_last_one_of_a_seat_that_needs_one_stays(
    client: PolicingClient, cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    add_app(cast.registrar)
    add_passkey(cast.registrar)
    app, passkey = AuthenticatorApp.objects.get(), Passkey.objects.get()
    proved(client, cast.registrar)
    session = client.session
    session["factor"] = "app"
    session.save()
    assert client.post(url_of(app)).status_code == 302
    response = client.post(url_of(passkey))
    assert response.status_code == 422
    assert "This is your last second factor" in response.content.decode()
    assert Passkey.objects.exists()


LONG, SHORT = "fifteen letters", "fourteen-chars"


@pytest.mark.parametrize(
    ("needed", "left", "usable", "typed", "says"),
    [
        (False, 1, True, None, None),
        (False, 0, True, None, "password_asked"),
        (False, 0, True, SHORT, "short_password"),
        (False, 0, True, LONG, None),
        (False, 0, False, None, None),
        (True, 1, True, None, None),
        (True, 0, True, LONG, "last_factor"),
        (True, 0, False, None, "last_factor"),
    ],
)
def test_when_it_may_go(
    cast: Cast, settings: Any, needed: bool, left: int, usable: bool, typed: str | None, says: str | None
) -> None:
    settings.SECOND_FACTOR_REQUIRED = needed
    if not usable:
        cast.registrar.set_unusable_password()
    refusal = rules.why_not_remove_factor(cast.registrar, left=left, password=typed)
    assert (refusal and refusal.rule) == says


def test_a_password_that_leaned_on_it_is_too_short(client: PolicingClient, cast: Cast) -> None:
    """Eight letters were enough beside the app: they are not when it goes."""
    add_app(cast.teacher)
    app = AuthenticatorApp.objects.get()
    cast.teacher.set_password("8letters")
    cast.teacher.save()
    proved(client, cast.teacher)
    page = client.get(url_of(app)).content.decode()
    assert page.count('name="password"') == 1
    for typed, says in (
        ("", "Enter your password"),
        ("not this", "This is not your password. Type it again."),
        ("8letters", "Your password has fewer than 15 characters"),
    ):
        response = client.post(url_of(app), {"password": typed})
        assert response.status_code == 422
        assert says in response.content.decode()
    assert AuthenticatorApp.objects.exists()


def test_where_another_stays_no_password_is_asked(client: PolicingClient, cast: Cast) -> None:
    add_app(cast.teacher)
    add_passkey(cast.teacher)
    proved(client, cast.teacher)
    app = AuthenticatorApp.objects.get()
    assert 'name="password"' not in client.get(url_of(app)).content.decode()
    assert client.post(url_of(app)).status_code == 302
