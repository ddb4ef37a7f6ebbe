"""/accounts/second-factor/app/: an authenticator app learns its secret and shows that it did."""

import re

import pytest

from accounts import rules
from accounts.models import AuthenticatorApp, Event, Mail
from sers.lib.fields import unseal
from tests.accounts.factors import add_app, code_of, proved
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/second-factor/app/"


def secret_on(page: str) -> str:
    found = re.search(r'class="s-secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found.group(1).replace(" ", "")


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.consortium)
    secret = secret_on(client.get(URL).content.decode())
    assert len(secret) == 32  # 160 bits
    response = client.post(URL, {"name": "My phone", "code": code_of(secret)})
    assert response.url == "/accounts/second-factor/"
    app = AuthenticatorApp.objects.get()
    assert (app.user, app.name) == (cast.consortium, "My phone")
    assert secret.encode() not in bytes(app.sealed_secret)
    assert unseal(bytes(app.sealed_secret)) == f"app {secret}"
    assert client.session["factor"] == "app"
    assert "app_secret" not in client.session
    assert Event.objects.get(kind="accounts.app_added").actor == cast.consortium
    assert "My phone" in Mail.objects.get(to=cast.consortium.email).text


def test_a_wrong_code_keeps_the_secret_and_the_name(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    secret = secret_on(client.get(URL).content.decode())
    response = client.post(URL, {"name": "My phone", "code": "000000"})
    page = response.content.decode()
    assert response.status_code == 422
    assert secret_on(page) == secret
    assert 'value="My phone"' in page
    assert "This is not the code the app shows now." in page
    assert not AuthenticatorApp.objects.exists()


def test_what_is_missing_is_told(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    page = client.post(URL, {"name": "", "code": ""}).content.decode()
    assert "Enter a name, for example My phone" in page
    assert "Enter the code" in page


def test_each_opening_gives_a_new_secret(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    assert len({secret_on(client.get(URL).content.decode()) for _ in range(3)}) == 3


def test_one_person_has_ten_at_most(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_OF_A_KIND", 1)
    add_app(cast.teacher)
    proved(client, cast.teacher)
    secret = secret_on(client.get(URL).content.decode())
    response = client.post(URL, {"name": "Another", "code": code_of(secret)})
    assert "You have 10 of these already." in response.content.decode()
    assert AuthenticatorApp.objects.count() == 1


def test_codes_are_not_guessed_here_either(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    client.get(URL)
    for _ in range(rules.FACTOR_TRIES):
        client.post(URL, {"name": "My phone", "code": "000000"})
    assert "too many tries" in client.post(URL, {"name": "My phone", "code": "000000"}).content.decode()
