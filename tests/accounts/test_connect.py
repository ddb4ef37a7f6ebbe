"""/accounts/connect/: a sign-in elsewhere opens an account only when its owner says so."""

from datetime import timedelta
from unittest import mock

from django.utils import timezone

from accounts.models import Event, Identity, Mail
from tests.accounts.test_openid_return import START, bind, come_back
from tests.identity_provider import IdentityProvider
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient

URL = "/accounts/connect/"


def test_signing_in_once_connects_the_two(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    come_back(client, provider, "?next=/grading/rosters/")
    response = client.post(
        "/accounts/sign-in/?next=/grading/rosters/",
        {"username": cast.teacher.username, "password": PASSWORD},
    )
    assert response.url == "/accounts/connect/?next=%2Fgrading%2Frosters%2F"
    page = client.get(response.url).content.decode()
    assert "Connect Kennewick School District to this SERS account?" in page
    assert client.post(response.url, {"connect": "yes"}).url == "/grading/rosters/"
    identity = Identity.objects.get(issuer=provider.issuer)
    assert (identity.user, identity.subject) == (cast.teacher, "2002")
    assert Event.objects.filter(kind="accounts.identity_added", actor=cast.teacher).count() == 1
    assert "Kennewick School District" in Mail.objects.get(to=cast.teacher.email).text
    client.post("/accounts/sign-out/")
    assert come_back(client, provider).url == "/"
    assert client.session["_auth_user_id"] == str(cast.teacher.pk)


def test_not_now_connects_nothing(client: PolicingClient, cast: Cast, provider: IdentityProvider) -> None:
    client.force_login(cast.teacher)
    come_back(client, provider)
    assert client.post(URL).url == "/"
    assert not Identity.objects.filter(issuer=provider.issuer).exists()
    assert client.post(URL, {"connect": "yes"}).url == "/"  # nothing waits any more
    assert not Identity.objects.filter(issuer=provider.issuer).exists()


def test_a_sign_in_of_another_account_is_refused(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    client.force_login(cast.colleague)
    back = provider.authorize(client.get(START).url)
    client.get("/accounts/openid/return/", back)
    bind(cast.teacher, provider)  # meanwhile its owner connects it
    response = client.post(URL, {"connect": "yes"}, follow=True)
    assert "belongs to another SERS account" in response.content.decode()
    assert Identity.objects.get(issuer=provider.issuer).user == cast.teacher


def test_it_waits_a_quarter_of_an_hour(
    client: PolicingClient, cast: Cast, provider: IdentityProvider
) -> None:
    client.force_login(cast.teacher)
    come_back(client, provider)
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    with mock.patch("accounts.rules.factors.time.time", return_value=later.timestamp()):
        assert client.post(URL, {"connect": "yes"}).url == "/"
    assert not Identity.objects.filter(issuer=provider.issuer).exists()
