"""/accounts/openid/: off to a district's own sign-in, over real HTTP to a provider on loopback."""

from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.actions import openid
from sers.lib.refusal import Refused
from tests.identity_provider import CLIENT, IdentityProvider
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/openid/kennewick/"


def test_it_leads_to_the_provider_with_what_must_come_back(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    assert (
        f'href="{URL}?next=/students/"' in client.get("/accounts/sign-in/?next=/students/").content.decode()
    )
    response = client.get(f"{URL}?next=/students/")
    address = urlsplit(response.url)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/authorize"
    asked = {name: value[0] for name, value in parse_qs(address.query).items()}
    begun = client.session["openid_begun"]
    assert asked["client_id"] == CLIENT["client_id"]
    assert asked["scope"] == "openid"  # nothing but who it is
    assert asked["redirect_uri"].endswith("/accounts/openid/return/")
    assert (asked["state"], asked["nonce"]) == (begun["state"], begun["nonce"])
    assert len(asked["state"]) >= 20
    assert len(begun["code_verifier"]) >= 43
    assert begun["after"] == "/students/"
    assert begun["code_verifier"] not in response.url


def test_each_try_is_another(client: PolicingClient, provider: IdentityProvider, db: None) -> None:
    seen = {parse_qs(urlsplit(client.get(URL).url).query)["state"][0] for _ in range(3)}
    assert len(seen) == 3


def test_a_provider_that_is_down_is_told(
    client: PolicingClient, provider: IdentityProvider, db: None
) -> None:
    provider.down = True
    response = client.get(URL, follow=True)
    assert response.redirect_chain == [("/accounts/sign-in/", 302)]
    assert "does not answer" in response.content.decode()


def test_an_unknown_provider_is_not_there(
    client: PolicingClient, provider: IdentityProvider, db: None
) -> None:
    assert client.get("/accounts/openid/another/").status_code == 404


def test_without_providers_the_sign_in_offers_none(client: PolicingClient, db: None) -> None:
    assert "/accounts/openid/" not in client.get("/accounts/sign-in/").content.decode()
    assert openid.provider_named("kennewick") is None


def test_what_comes_back_must_be_of_the_same_provider(provider: IdentityProvider, db: None) -> None:
    (one,) = openid.providers()
    address, remembered = openid.begin(provider=one, return_url="http://testserver/back")
    back = provider.authorize(address)
    for bent in ({"provider": "other"}, {"state": "another"}):
        with pytest.raises(Refused):
            openid.finish(
                provider=one, remembered={**remembered, **bent}, **back, return_url="http://testserver/back"
            )
    told = openid.finish(provider=one, remembered=remembered, **back, return_url="http://testserver/back")
    assert (told.issuer, told.subject, told.two_factors) == (provider.issuer, "2002", False)
