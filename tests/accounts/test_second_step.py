"""/accounts/second-step/: the code that follows the password."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts import rules
from accounts.access import Role
from accounts.models import Event, User
from accounts.session_store import FACTOR
from tests.accounts.factors import add_app, add_passkey, code_of
from tests.people import PASSWORD, Cast, make_seat
from tests.policing import PolicingClient

URL = "/accounts/second-step/"
WRONG = "This is not the code."


def give_password(client: PolicingClient, user: User, after: str = "") -> None:
    response = client.post(f"/accounts/sign-in/{after}", {"username": user.username, "password": PASSWORD})
    assert response.status_code == 302
    assert response.url == URL
    assert "_auth_user_id" not in client.session


def test_a_person_without_a_second_factor_is_in_at_once(client: PolicingClient, cast: Cast) -> None:
    response = client.post("/accounts/sign-in/", {"username": cast.teacher.username, "password": PASSWORD})
    assert response.url == "/"
    assert Event.objects.get(kind="accounts.signed_in").data == {"by": ["password"]}


def test_the_code_lets_in_to_where_the_person_wanted_to_go(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher, "?next=/grading/rosters/")
    assert not Event.objects.filter(kind="accounts.signed_in").exists()
    assert "Show that it is you" in client.get(URL).content.decode()
    response = client.post(URL, {"code": code_of(secret)})
    assert response.url == "/grading/rosters/"
    assert client.session["_auth_user_id"] == str(cast.teacher.pk)
    assert client.session[FACTOR] == "app"
    assert Event.objects.get(kind="accounts.signed_in").data == {"by": ["password", "app"]}
    assert client.get(URL).url == "/"  # Back after it leads on


@pytest.mark.parametrize("spaced", ["{0}{1}{2} {3}{4}{5}", " {0}{1}{2}{3}{4}{5} "])
def test_a_code_is_read_as_apps_show_it(client: PolicingClient, cast: Cast, spaced: str) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    assert client.post(URL, {"code": spaced.format(*code_of(secret))}).status_code == 302


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_clocks_may_differ_by_half_a_minute(client: PolicingClient, cast: Cast, steps: int) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    assert client.post(URL, {"code": code_of(secret, steps=steps)}).status_code == 302


@pytest.mark.parametrize("steps", [-3, 3])
def test_an_old_code_and_one_to_come_are_none(client: PolicingClient, cast: Cast, steps: int) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    response = client.post(URL, {"code": code_of(secret, steps=steps)})
    assert response.status_code == 422
    assert WRONG in response.content.decode()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６", "x" * 100])
def test_what_is_no_code_is_told(client: PolicingClient, cast: Cast, typed: str) -> None:
    add_app(cast.teacher)
    give_password(client, cast.teacher)
    response = client.post(URL, {"code": typed})
    assert response.status_code == 422
    assert "_auth_user_id" not in client.session


def test_no_code_works_twice(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    code = code_of(secret)
    give_password(client, cast.teacher)
    assert client.post(URL, {"code": code}).status_code == 302
    other = PolicingClient()
    give_password(other, cast.teacher)
    assert other.post(URL, {"code": code}).status_code == 422


def test_a_code_of_somebody_else_opens_nothing(client: PolicingClient, cast: Cast) -> None:
    add_app(cast.teacher)
    secret = add_app(cast.colleague)
    give_password(client, cast.teacher)
    assert client.post(URL, {"code": code_of(secret)}).status_code == 422


def test_without_a_password_there_is_no_second_step(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    for response in (client.get(URL), client.post(URL, {"code": code_of(secret)})):
        assert response.url == "/accounts/sign-in/"


def test_after_ten_minutes_the_password_is_asked_again(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    with mock.patch("accounts.rules.factors.time.time", return_value=later.timestamp()):
        response = client.post(URL, {"code": code_of(secret)})
    assert response.url == "/accounts/sign-in/"


def test_a_password_changed_meanwhile_ends_the_half_sign_in(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    cast.teacher.set_password("another four plain words")
    cast.teacher.save()
    assert client.post(URL, {"code": code_of(secret)}).url == "/accounts/sign-in/"


def test_an_account_closed_meanwhile_opens_no_more(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    assert client.post(URL, {"code": code_of(secret)}).url == "/accounts/sign-in/"


def test_after_ten_wrong_codes_that_network_waits_and_others_do_not(
    client: PolicingClient, cast: Cast
) -> None:
    secret = add_app(cast.teacher)
    give_password(client, cast.teacher)
    for _ in range(rules.FACTOR_TRIES):
        assert client.post(URL, {"code": "000000"}).status_code == 422
    response = client.post(URL, {"code": code_of(secret)})
    assert response.status_code == 429
    assert "too many tries" in response.content.decode()
    elsewhere = PolicingClient(REMOTE_ADDR="192.0.2.7")
    give_password(elsewhere, cast.teacher)
    assert elsewhere.post(URL, {"code": code_of(secret)}).status_code == 302


def test_the_session_key_changes_at_both_steps(client: PolicingClient, cast: Cast) -> None:
    secret = add_app(cast.teacher)
    client.get("/accounts/sign-in/")
    give_password(client, cast.teacher)
    half = client.session.session_key
    client.post(URL, {"code": code_of(secret)})
    assert client.session.session_key not in (None, half)


def test_a_seat_that_needs_a_factor_opens_nothing_until_one_is_registered(
    client: PolicingClient, cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(cast.consortium)
    for path in ("/", "/students/", "/students/requirements/", "/articulations/"):
        assert client.get(path).url == "/accounts/second-factor/", path
    page = client.get("/accounts/second-factor/").content.decode()
    assert "Your seat needs a second factor" in page
    assert client.get("/accounts/second-factor/app/").status_code == 302  # proves first: `prove` is open
    assert client.get("/accounts/prove/").status_code == 200
    assert client.post("/accounts/sign-out/").status_code == 302


def test_a_seat_that_comes_later_asks_for_the_factor_at_the_next_page(
    client: PolicingClient, cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    secret = add_app(cast.teacher)
    client.force_login(cast.teacher)
    assert client.get("/grading/rosters/").status_code == 200
    make_seat(cast.teacher, Role.REGISTRAR, cast.cbc)
    response = client.get("/grading/rosters/?year=2026")
    assert response.url == "/accounts/second-step/?next=%2Fgrading%2Frosters%2F%3Fyear%3D2026"
    assert client.post(response.url, {"code": code_of(secret)}).url == "/grading/rosters/?year=2026"
    assert client.get("/grading/rosters/").status_code == 200


@pytest.mark.parametrize(
    ("person", "needs"),
    [
        ("teacher", False), ("counselor", False), ("district", False), ("faculty", False), ("nobody", False),
        ("registrar", True), ("consortium", True), ("state", True), ("many_hats", True),
    ],
)  # fmt: skip
def test_who_needs_a_second_factor(cast: Cast, settings: Any, person: str, needs: bool) -> None:
    user: User = getattr(cast, person)
    settings.SECOND_FACTOR_REQUIRED = True
    assert rules.needs_factor(user) is needs
    settings.SECOND_FACTOR_REQUIRED = False
    assert rules.needs_factor(user) is False


def test_a_hat_takes_the_need_of_no_seat_away(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    cast.many_hats.hat = cast.many_hats.seats.get(role=Role.TEACHER).pk
    assert rules.needs_factor(cast.many_hats)


def test_a_passkey_is_offered_to_who_has_one(client: PolicingClient, cast: Cast) -> None:
    add_passkey(cast.teacher)
    give_password(client, cast.teacher)
    assert "Use a passkey" in client.get(URL).content.decode()
