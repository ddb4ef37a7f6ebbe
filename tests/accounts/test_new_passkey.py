"""/accounts/second-factor/passkey/: the browser makes a passkey for this site."""

import html
import re

from accounts.models import Event, Mail, Passkey
from tests.accounts.factors import add_passkey, passkeys_of, proved
from tests.authenticator import Authenticator
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/second-factor/passkey/"


def options_on(page: str) -> str:
    found = re.search(r'data-passkey-new="([^"]+)"', page)
    assert found is not None
    return html.unescape(found.group(1))


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.registrar)
    options = options_on(client.get(URL).content.decode())
    assert cast.registrar.email not in options
    response = client.post(URL, {"name": "My key", "answer": Authenticator().make(options)})
    assert response.url == "/accounts/second-factor/"
    passkey = Passkey.objects.get()
    assert (passkey.user, passkey.name, passkey.transports) == (cast.registrar, "My key", ["internal"])
    assert client.session["factor"] == "passkey"
    assert Event.objects.get(kind="accounts.passkey_added").actor == cast.registrar
    assert "My key" in Mail.objects.get(to=cast.registrar.email).text


def test_an_answer_works_once(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    answer = Authenticator().make(options_on(client.get(URL).content.decode()))
    assert client.post(URL, {"name": "One", "answer": answer}).status_code == 302
    response = client.post(URL, {"name": "Two", "answer": answer})
    assert response.status_code == 422
    assert "The passkey was not made." in response.content.decode()
    assert passkeys_of(cast.teacher) == ["One"]


def test_an_answer_for_another_session_is_none(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    answer = Authenticator().make(options_on(client.get(URL).content.decode()))
    other = proved(PolicingClient(), cast.colleague)
    other.get(URL)
    assert other.post(URL, {"name": "Stolen", "answer": answer}).status_code == 422


def test_without_an_answer_or_a_name_it_says_so(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    client.get(URL)
    assert "The passkey was not made." in client.post(URL, {"name": "My key"}).content.decode()
    assert "Enter a name" in client.post(URL, {"name": ""}).content.decode()


def test_the_browser_is_told_of_those_it_has(client: PolicingClient, cast: Cast) -> None:
    add_passkey(cast.teacher)
    proved(client, cast.teacher)
    assert '"excludeCredentials": [{' in options_on(client.get(URL).content.decode())


def test_at_a_bare_number_it_says_why_not(client: PolicingClient, cast: Cast) -> None:
    proved(client, cast.teacher)
    page = client.get(URL, headers={"host": "127.0.0.1"}).content.decode()
    assert "Passkeys need a host name." in page
    assert "data-passkey-new" not in page
