"""/accounts/openid/return/: what a provider's statement must hold to be believed, and whom it lets in."""

import time
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from accounts.models import Event, Identity, User
from accounts.session_store import FACTOR
from tests.accounts.factors import add_app
from tests.identity_provider import IdentityProvider, shared_secret
from tests.people import Cast
from tests.policing import PolicingClient

START = "/accounts/openid/kennewick/"
URL = "/accounts/openid/return/"
NOT_CONFIRMED = "was not confirmed"


def bind(user: User, provider: IdentityProvider, subject: str = "2002") -> Identity:
    return Identity.objects.create(user=user, issuer=provider.issuer, subject=subject)


def come_back(client: PolicingClient, provider: IdentityProvider, after: str = "", **changed: str) -> Any:
    back = provider.authorize(client.get(f"{START}{after}").url)
    return client.get(URL, {**back, **changed})


def test_it_lets_in_whom_issuer_and_subject_name(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    identity = bind(cast.teacher, provider)
    response = come_back(client, provider, "?next=/grading/rosters/")
    assert response.url == "/grading/rosters/"
    assert client.session["_auth_user_id"] == str(cast.teacher.pk)
    assert FACTOR not in client.session
    assert Event.objects.get(kind="accounts.signed_in").actor == cast.teacher
    identity.refresh_from_db()
    assert identity.last_used_at is not None


def test_an_e_mail_address_binds_nobody(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    """Addresses change hands; a provider may even let its people choose them."""
    provider.claims = {"email": cast.teacher.email, "email_verified": True}
    response = come_back(client, provider)
    assert response.url == "/accounts/sign-in/"
    assert "_auth_user_id" not in client.session
    assert "is not connected to SERS yet" in client.get(response.url).content.decode()


def test_the_same_subject_of_another_issuer_is_somebody_else(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    Identity.objects.create(user=cast.teacher, issuer="https://sign-in.example.org", subject="2002")
    assert come_back(client, provider).url == "/accounts/sign-in/"


BENT = {
    "another issuer": {"claims": {"iss": "https://sign-in.example.org"}},
    "another audience": {"claims": {"aud": "another client"}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "over": {"claims": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200}},
    "never over": {"claims": {"exp": None}},
    "nobody": {"claims": {"sub": None}},
    "an empty name": {"claims": {"sub": ""}},
    "a number for a name": {"claims": {"sub": 2002}},
    "a long name": {"claims": {"sub": "2" * 300}},
    "no signature": {"algorithm": "none", "listed": ["none", "RS256"]},
    "a shared secret": {"algorithm": "HS256", "listed": ["HS256", "RS256"], "key": shared_secret()},
    "the key of another": {"key": RSAKey.generate_key(2048, {"kid": "one"})},
}


@pytest.mark.parametrize("what", BENT)
def test_a_statement_that_does_not_fit_is_not_believed(
    client: PolicingClient, cast: Cast, provider: IdentityProvider, what: str
) -> None:
    bind(cast.teacher, provider)
    for name, value in BENT[what].items():
        setattr(provider, name, value)
    response = come_back(client, provider)
    assert response.url == "/accounts/sign-in/"
    assert "_auth_user_id" not in client.session
    assert NOT_CONFIRMED in client.get(response.url).content.decode()
    # And what fits is believed, so that the refusal was of this alone.
    provider.claims, provider.algorithm, provider.listed = {}, "RS256", ["RS256"]
    provider.key = provider.published
    assert come_back(client, provider).url == "/"


@pytest.mark.parametrize("changed", [{"state": "another"}, {"state": ""}, {"code": ""}, {"code": "another"}])
def test_a_return_nobody_asked_for_lets_nobody_in(
    client: PolicingClient, cast: Cast, provider: IdentityProvider, changed: dict[str, str]
) -> None:
    bind(cast.teacher, provider)
    assert come_back(client, provider, **changed).url == "/accounts/sign-in/"
    assert "_auth_user_id" not in client.session


def test_a_return_works_once(client: PolicingClient, cast: Cast, provider: IdentityProvider) -> None:
    bind(cast.teacher, provider)
    back = provider.authorize(client.get(START).url)
    assert client.get(URL, back).url == "/"
    assert PolicingClient().get(URL, back).url == "/accounts/sign-in/"  # another browser
    client.post("/accounts/sign-out/")
    assert client.get(URL, back).url == "/accounts/sign-in/"


def test_the_person_who_says_no_there_is_told(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    client.get(START)
    response = client.get(URL, {"error": "access_denied", "state": client.session["openid_begun"]["state"]})
    assert NOT_CONFIRMED in client.get(response.url).content.decode()


def test_a_closed_account_stays_closed(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    bind(cast.teacher, provider)
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    assert come_back(client, provider).url == "/accounts/sign-in/"


@pytest.mark.parametrize(
    ("amr", "second"),
    [(["pwd", "mfa"], False), (["hwk"], False), (["pwd"], True), (None, True)],
)
def test_a_second_factor_there_is_one_here(
    client: PolicingClient, cast: Cast, provider: IdentityProvider, amr: Any, second: bool
) -> None:
    bind(cast.teacher, provider)
    add_app(cast.teacher)
    provider.claims = {"amr": amr}
    response = come_back(client, provider)
    assert response.url == ("/accounts/second-step/" if second else "/")
    assert ("_auth_user_id" in client.session) is not second


def test_who_is_signed_in_is_asked_before_the_two_are_connected(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    client.force_login(cast.teacher)
    assert come_back(client, provider).url == "/accounts/connect/"
    assert not Identity.objects.filter(issuer=provider.issuer).exists()
