"""/accounts/passkey/: a passkey signs in, is the second step, proves once more; and what is refused."""

import json
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Event, Passkey, User
from accounts.session_store import FACTOR
from accounts.views.entering import PROVED_AT
from sers.lib.refusal import Refused
from tests.accounts.factors import HOST, ORIGIN, add_app, add_passkey
from tests.authenticator import PRESENT, Authenticator
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient

URL = "/accounts/passkey/"


def options_of(client: PolicingClient, url: str = URL) -> str:
    return client.get(url).content.decode()


def test_it_signs_in_by_itself(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.consortium)
    options = options_of(client, f"{URL}?next=/students/")
    assert json.loads(options)["allowCredentials"] == []  # nobody learns whose passkeys there are
    assert json.loads(options)["userVerification"] == "required"
    response = client.post(f"{URL}?next=/students/", {"answer": authenticator.use(options)})
    assert response.json() == {"next": "/students/"}
    assert client.session["_auth_user_id"] == str(cast.consortium.pk)
    assert client.session[FACTOR] == "passkey"
    assert Event.objects.get(kind="accounts.signed_in").data == {"by": ["passkey"]}
    assert Passkey.objects.get().last_used_at is not None


def test_it_is_the_second_step(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    client.post(
        "/accounts/sign-in/?next=/students/", {"username": cast.teacher.username, "password": PASSWORD}
    )
    options = options_of(client)
    assert len(json.loads(options)["allowCredentials"]) == 1
    assert client.post(URL, {"answer": authenticator.use(options)}).json() == {"next": "/students/"}
    assert Event.objects.get(kind="accounts.signed_in").data == {"by": ["password", "passkey"]}


def test_it_proves_once_more(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    client.force_login(cast.teacher)
    assert PROVED_AT not in client.session
    url = f"{URL}?next=/accounts/second-factor/app/"
    assert client.post(url, {"answer": authenticator.use(options_of(client, url))}).json() == {
        "next": "/accounts/second-factor/app/"
    }
    assert client.get("/accounts/second-factor/app/").status_code == 200


def refused(client: PolicingClient, answer: str) -> bool:
    response = client.post(URL, {"answer": answer})
    assert "_auth_user_id" not in client.session
    return response.status_code == 422 and "SERS does not know this passkey" in response.json()["message"]


def test_an_answer_works_once(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    answer = authenticator.use(options_of(client))
    assert client.post(URL, {"answer": answer}).status_code == 200
    other = PolicingClient()
    assert refused(other, answer)  # no challenge was given here
    options_of(other)
    assert refused(other, answer)  # another challenge was


def test_a_challenge_is_over_after_five_minutes(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    answer = authenticator.use(options_of(client))
    later = timezone.now() + timedelta(minutes=5, seconds=1)
    with mock.patch("accounts.rules.factors.time.time", return_value=later.timestamp()):
        assert refused(client, answer)


def test_a_passkey_of_another_is_no_second_step(client: PolicingClient, cast: Cast) -> None:
    """With the right password of one and the passkey of another nobody comes in."""
    add_passkey(cast.teacher)
    other = add_passkey(cast.colleague)
    client.post("/accounts/sign-in/", {"username": cast.teacher.username, "password": PASSWORD})
    assert refused(client, other.use(options_of(client)))


@pytest.mark.parametrize(
    ("what", "value"),
    [("origin", "https://sers.example.net"), ("host", "sers.example.net"), ("flags", PRESENT)],
)
def test_another_site_and_an_unasked_person_are_refused(
    client: PolicingClient, cast: Cast, what: str, value: object
) -> None:
    """A phishing page relays the challenge; an authenticator asks for neither finger nor PIN."""
    authenticator = add_passkey(cast.teacher)
    setattr(authenticator, what, value)
    assert refused(client, authenticator.use(options_of(client)))


def test_a_counter_that_went_back_is_a_copied_key(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    authenticator.uses = 40
    assert client.post(URL, {"answer": authenticator.use(options_of(client))}).status_code == 200
    copy = PolicingClient()
    authenticator.uses = 20
    assert refused(copy, authenticator.use(options_of(copy)))


def test_a_closed_account_opens_by_no_passkey(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    assert refused(client, authenticator.use(options_of(client)))


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "not json", '{"id": "a", "rawId": "b"}', "x" * 9000]
)
def test_what_is_no_answer_is_refused(client: PolicingClient, cast: Cast, answer: str) -> None:
    options_of(client)
    assert refused(client, answer)


def test_there_are_no_passkeys_for_a_bare_number(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL, headers={"host": "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("bent", [{"host": "sers.example.net"}, {"origin": "https://sers.example.net"}])
def test_a_passkey_made_for_another_site_is_not_kept(cast: Cast, bent: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        add_passkey(cast.teacher, **bent)
    assert refusal.value.refusal.rule == "passkey_not_made"
    assert not Passkey.objects.exists()


def test_a_passkey_belongs_to_one_account(cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    options, challenge = actions.passkey_to_make(user=cast.colleague, host=HOST)
    with pytest.raises(Refused):
        actions.add_passkey(
            user=cast.colleague,
            answer=authenticator.make(options),
            challenge=challenge,
            host=HOST,
            origin=ORIGIN,
            name="Stolen",
        )
    assert [key.user for key in Passkey.objects.all()] == [cast.teacher]


def test_a_forged_signature_is_refused(client: PolicingClient, cast: Cast) -> None:
    authenticator = add_passkey(cast.teacher)
    forger = Authenticator()
    forger.id = authenticator.id
    assert refused(client, forger.use(options_of(client)))


def test_tries_from_one_network_are_counted(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.rules.SIGN_IN_TRIES_OF_ADDRESS", 2)
    add_app(cast.teacher)
    for _ in range(2):
        assert refused(client, "{}")
    assert "too many tries" in client.post(URL, {"answer": "{}"}).json()["message"]
