"""/accounts/security/saved/: the confirmation after Security Information, with Continue."""

from tests.accounts.pages import text
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/security/saved/"


def test_it_confirms_and_leads_on(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.get(URL)
    assert cast.teacher.username in text(response)
    assert 'href="/accounts/verify/">Continue</a>' in response.content.decode()


def test_strangers_sign_in(client: PolicingClient) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/sign-in/")
