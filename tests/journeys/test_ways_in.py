"""Coming in by more than a password, and going out in time: authenticator app, passkey, open sessions, the warning."""

import base64
import time
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import expect

from tests.journeys.conftest import Site

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_authenticator(visitor: Any) -> Any:
    """A browser that holds passkeys, and answers at once as if a finger were laid on; SERS by its name."""
    one = visitor()
    one.site = Site(url=one.site.url.replace("127.0.0.1", "localhost"), env=one.site.env)
    devtools = one.context.new_cdp_session(one.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return one


def shown_by_app(secret: str) -> str:
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(time.time()).decode()


def test_a_registrar_adds_an_app_and_a_passkey_and_comes_in_by_each(visitor: Any, axe: Any) -> None:
    registrar = with_authenticator(visitor)
    page = registrar.page
    registrar.sign_in("registrar.demo")
    registrar.go("/accounts/second-factor/")
    registrar.follow("Add an authenticator app")
    secret = page.inner_text(".s-secret").replace(" ", "")
    registrar.fill("Name", "My phone")
    used = shown_by_app(secret)
    registrar.fill("Code", used)
    registrar.press("Add this app")
    assert "The app is added." in registrar.text

    registrar.follow("Add a passkey")
    assert axe(page) == []
    registrar.fill("Name", "My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/accounts/second-factor/")
    assert "My laptop" in registrar.text

    # By the passkey alone
    registrar.sign_out()
    registrar.go("/accounts/sign-in/?door=registrar")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{registrar.site.url}/")
    assert page.get_by_role("link", name="Transcription").count()

    # By the password and a code; the code of before does not work again
    registrar.sign_out()
    registrar.sign_in("registrar.demo")
    assert registrar.heading == "Show that it is you"
    registrar.allowed = {422}
    registrar.fill("Code", used)
    registrar.press("Continue")
    assert "This is not the code." in registrar.text
    while (code := shown_by_app(secret)) == used:
        time.sleep(1)
    registrar.fill("Code", code)
    registrar.press("Continue")
    assert page.get_by_role("link", name="Transcription").count()

    # As the demo state had it
    for name in ("My phone", "My laptop"):
        registrar.go("/accounts/second-factor/")
        registrar.follow(f"Remove {name}")
        if registrar.page.get_by_label("Password").count():  # the last one leaves the password alone
            registrar.fill("Password", "dual-credit-demo")
        registrar.press("Remove")
        assert "It is removed." in registrar.text


def test_one_browser_ends_the_session_of_another(visitor: Any) -> None:
    school, home = visitor(), visitor()
    school.sign_in("faculty.demo")
    home.sign_in("faculty.demo")
    home.go("/accounts/sessions/")
    home.press("End all other sessions")
    assert "ended" in home.text
    school.go("/articulations/sections/")
    assert school.heading == "Log In"
    home.go("/articulations/sections/")
    assert home.heading != "Log In"


def test_the_end_of_a_session_is_told_two_minutes_before(visitor: Any) -> None:
    """The clock of the page is moved, not the server's: after it the server is asked, and says how long."""
    teacher = visitor()
    page = teacher.page
    page.clock.install()
    teacher.arrive("teacher.demo")
    left = {"seconds": 115, "most": 40_000}
    page.route("**/accounts/session/", lambda route: route.fulfill(json=left))
    notice = page.get_by_role("region", name="Your session")
    expect(notice).to_be_hidden()
    page.clock.fast_forward("28:05")
    expect(notice).to_contain_text("In 2 minutes SERS logs you out.")
    left["seconds"] = 1800
    notice.get_by_role("button", name="Stay logged in").click()
    expect(notice).to_be_hidden()
    left.update(seconds=0)
    page.clock.fast_forward("28:05")
    expect(notice).to_contain_text("You are logged out")
    assert (
        notice.get_by_role("link", name="Log in again")
        .get_attribute("href")
        .startswith("/accounts/sign-in/?next=/")
    )


def test_staying_logged_in_is_a_real_page(visitor: Any) -> None:
    """The button speaks with the server: its answer is the rest of the session."""
    teacher = visitor()
    teacher.arrive("teacher.demo")
    answer = teacher.page.evaluate(
        """async () => {
            const place = document.querySelector("[data-session]");
            place.hidden = false;
            place.querySelector("button").hidden = false;
            const reply = new Promise(done => { const was = window.fetch; window.fetch = async (...all) => {
                const got = await was(...all); done({ status: got.status, ...await got.clone().json() }); return got; }; });
            place.querySelector("button").click();
            return reply;
        }"""
    )
    assert answer["status"] == 200
    assert answer["seconds"] > 1790
