"""/accounts/new-password/: the end of I forgot my password."""

import pytest

from accounts import actions
from accounts.models import Event, OpenSession
from tests.accounts.pages import NEW_PASSWORD, Purpose, open_link, subjects, text
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient

URL = "/accounts/new-password/"
BOTH = {"password": NEW_PASSWORD, "compare_password": NEW_PASSWORD}


def test_the_new_password_counts_and_one_signs_in_with_it(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.teacher, Purpose.RECOVER)
    assert "At least 15 characters" in text(client.get(URL))
    response = client.post(URL, BOTH)
    assert response["Location"] == "/accounts/sign-in/"
    assert (
        "_auth_user_id" not in client.session
    )  # the second factor, where there is one, is asked at the door
    assert "Your new password is saved." in text(client.get("/accounts/sign-in/"))
    signed = client.post("/accounts/sign-in/", {"username": cast.teacher.username, "password": NEW_PASSWORD})
    assert signed.status_code == 302
    assert Event.objects.filter(kind="accounts.password_recovered", actor=cast.teacher).exists()


def test_every_session_ends_and_every_address_is_told(client: PolicingClient, cast: Cast) -> None:
    cast.teacher.second_email, cast.teacher.second_email_confirmed_at = (
        "spare@example.net",
        cast.teacher.created_at,
    )
    cast.teacher.save()
    elsewhere = PolicingClient()
    elsewhere.force_login(cast.teacher)
    client.force_login(cast.teacher)
    open_link(client, cast.teacher, Purpose.RECOVER)
    client.post(URL, BOTH)
    for browser in (client, elsewhere):
        assert browser.get("/grading/rosters/")["Location"].startswith("/accounts/sign-in/")
    assert not OpenSession.objects.filter(user=cast.teacher).exists()
    for address in ("tess@example.org", "spare@example.net"):
        assert subjects(address) == ["Your SERS password is new"]


def test_it_works_once(client: PolicingClient, cast: Cast) -> None:
    token = open_link(client, cast.teacher, Purpose.RECOVER)
    other = PolicingClient()
    other.get(f"/accounts/links/{token}/")
    assert client.post(URL, BOTH).status_code == 302
    assert other.post(URL, dict.fromkeys(BOTH, "one more of straw and clay")).status_code == 404
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "short", "compare_password": "short"}, "Use at least 15 characters"),
        ({"password": "x" * 129, "compare_password": "x" * 129}, "Use at most 128 characters"),
        ({"password": NEW_PASSWORD, "compare_password": "seven herons"}, "The two passwords differ"),
        ({}, "Enter a password"),
    ],
)
def test_what_will_not_do_is_named_and_uses_nothing_up(
    client: PolicingClient, cast: Cast, typed: dict[str, str], words: str
) -> None:
    open_link(client, cast.teacher, Purpose.RECOVER)
    response = client.post(URL, typed)
    assert response.status_code == 422
    assert words in text(response)
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(PASSWORD)
    assert client.post(URL, BOTH).status_code == 302


def test_without_a_link_there_is_nothing_here(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 404
    assert client.post(URL, BOTH).status_code == 404


def test_a_pending_recovery_ends_with_a_password_chosen_elsewhere(cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=Purpose.RECOVER)
    actions.set_password(user=cast.teacher, password=NEW_PASSWORD, keep=None, by=cast.teacher, how="changed")
    assert actions.look_at_link(token) is None
