"""/accounts/second-factor/: how you sign in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.accounts.factors import add_app, add_passkey
from tests.identity_provider import IdentityProvider
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/second-factor/"


def test_it_lists_ones_own_and_nobody_elses(client: PolicingClient, cast: Cast) -> None:
    add_app(cast.teacher, name="My phone")
    add_passkey(cast.teacher, name="My laptop")
    add_app(cast.colleague, name="Phone of a colleague")
    client.force_login(cast.teacher)
    page = client.get(URL).content.decode()
    assert [name in page for name in ("My phone", "My laptop", cast.identity.issuer)] == [True] * 3
    assert "Phone of a colleague" not in page
    client.force_login(cast.colleague)
    assert "Phone of a colleague" in client.get(URL).content.decode()


def test_a_provider_is_offered_until_it_is_connected(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    client.force_login(cast.teacher)
    assert "Connect Kennewick School District" in client.get(URL).content.decode()
    type(cast.identity).objects.update(issuer=provider.issuer)
    page = client.get(URL).content.decode()
    assert "Connect Kennewick School District" not in page
    assert "<dt>Kennewick School District</dt>" in page


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_often_however_many_there_are(client: PolicingClient, cast: Cast, number: int) -> None:
    for at in range(number):
        add_app(cast.teacher, name=f"Phone {at}")
        add_passkey(cast.teacher, name=f"Key {at}")
    client.force_login(cast.teacher)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(URL)
    assert len(queries) == 7
