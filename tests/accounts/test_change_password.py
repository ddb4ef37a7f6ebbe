"""/accounts/me/password/: a new password, by who is signed in."""

from urllib.parse import quote

from accounts import rules
from accounts.models import Event
from tests.accounts.factors import add_passkey, proved
from tests.accounts.pages import NEW_PASSWORD, subjects, text
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient

URL = "/accounts/me/password/"
FACTS = {"present": PASSWORD, "password": NEW_PASSWORD, "compare_password": NEW_PASSWORD}


def test_it_works_and_this_session_stays(client: PolicingClient, cast: Cast) -> None:
    elsewhere = PolicingClient()
    for browser in (client, elsewhere):
        browser.force_login(cast.teacher)
    assert client.post(URL, FACTS)["Location"] == "/accounts/me/"
    assert "Your password is changed." in text(client.get("/accounts/me/"))
    assert elsewhere.get("/accounts/me/")["Location"].startswith("/accounts/sign-in/")
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW_PASSWORD)
    assert subjects(cast.teacher.email) == ["Your SERS password was changed"]
    assert Event.objects.filter(kind="accounts.password_changed", actor=cast.teacher).exists()


def test_the_present_password_is_asked_and_its_tries_are_counted(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    for _ in range(rules.SIGN_IN_TRIES_OF_ACCOUNT):
        response = client.post(URL, FACTS | {"present": "not this one"})
        assert response.status_code == 422
        assert "This is not your present password" in text(response)
    assert client.post(URL, FACTS).status_code == 429
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(PASSWORD)


def test_what_is_missing_or_will_not_do_is_named(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    words = text(client.post(URL, {"present": "", "password": "kamiakin2026", "compare_password": ""}))
    for said in ("Enter your present password", "Use at least 15 characters", "Enter the password again"):
        assert said in words


def test_names_of_ones_own_places_are_no_secret(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    typed = "Kamiakin High School 2026"
    words = text(client.post(URL, FACTS | {"password": typed, "compare_password": typed}))
    assert "Add words of your own" in words


def test_who_has_just_used_a_passkey_is_not_asked_for_it(client: PolicingClient, cast: Cast) -> None:
    add_passkey(cast.teacher)
    client.force_login(cast.teacher)
    assert "Use your passkey in place of the present password" in text(client.get(URL))
    proved(client, cast.teacher)
    assert client.get(URL).content.count(b'name="present"') == 1, "a proof by password is no passkey"
    session = client.session
    session["factor"] = "passkey"
    session.save()
    page = client.get(URL).content
    assert (page.count(b'name="present"'), page.count(b"Use your passkey")) == (0, 0)
    assert client.post(URL, {**FACTS, "present": ""})["Location"] == "/accounts/me/"
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW_PASSWORD)


def test_who_has_no_password_shows_who_they_are_first(client: PolicingClient, cast: Cast) -> None:
    cast.teacher.set_unusable_password()
    cast.teacher.save()
    client.force_login(cast.teacher)
    assert client.post(URL, FACTS)["Location"] == f"/accounts/prove/?next={quote(URL, safe='')}"
    proved(client, cast.teacher)
    assert client.post(URL, FACTS)["Location"] == "/accounts/me/"
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW_PASSWORD)
