"""/accounts/links/<token>/: where a mailed link lands. Looking uses nothing up and leaves no token in the address."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions, rules
from accounts.models import MailedLink, OpenSession
from tests.accounts.pages import Purpose, open_link, text
from tests.people import Cast
from tests.policing import PolicingClient

LEADS_TO = {
    Purpose.ACTIVATE: "/accounts/security/",
    Purpose.RESET: "/accounts/security/",
    Purpose.RECOVER: "/accounts/recover/",
    Purpose.CONFIRM_EMAIL: "/accounts/confirm-email/",
}


def url(token: str) -> str:
    return reverse("accounts:link", args=[token])


@pytest.mark.parametrize("purpose", Purpose)
def test_it_leads_to_a_page_without_the_token(
    client: PolicingClient, cast: Cast, purpose: MailedLink.Purpose
) -> None:
    token = actions.new_link(user=cast.teacher, purpose=purpose)
    response = client.get(url(token))
    assert (response.status_code, response["Location"]) == (302, LEADS_TO[purpose])
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    page = client.get(response["Location"])
    if purpose == Purpose.RECOVER:  # a person who has no questions is asked for the password at once
        page = client.get(page["Location"])
    assert page.status_code == 200
    assert token not in page.content.decode()
    assert cast.teacher.username in text(page)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_scanners_use_nothing_up(client: PolicingClient, cast: Cast, method: str) -> None:
    token = actions.new_link(user=cast.teacher, purpose=Purpose.ACTIVATE)
    for _ in range(3):
        getattr(client, method)(url(token))
        client.get("/accounts/security/")
        client.head("/accounts/security/")
    link = MailedLink.objects.get(user=cast.teacher)
    assert (link.used_at, link.ended_at) == (None, None)
    cast.teacher.refresh_from_db()
    assert cast.teacher.has_usable_password()
    assert client.post(url(token)).status_code == 405


@pytest.mark.parametrize("what", ["never sent", "cut short", "used", "too old", "replaced", "closed account"])
def test_what_opens_nothing_says_so_and_what_to_do(client: PolicingClient, cast: Cast, what: str) -> None:
    token = actions.new_link(user=cast.teacher, purpose=Purpose.ACTIVATE)
    if what == "never sent":
        token = "x" * 43
    elif what == "cut short":
        token = token[:-2]
    elif what == "used":
        actions.use_link(token=token, purpose=Purpose.ACTIVATE)
    elif what == "too old":
        past = timezone.now() - timedelta(hours=25)
        MailedLink.objects.filter(user=cast.teacher).update(
            created_at=past, expires_at=past + timedelta(hours=24)
        )
    elif what == "replaced":
        actions.new_link(user=cast.teacher, purpose=Purpose.ACTIVATE)
    else:
        cast.teacher.is_active = False
        cast.teacher.save()
    response = client.get(url(token))
    assert response.status_code == 404
    assert "I forgot my password" in text(response)
    assert response["Referrer-Policy"] == "same-origin"
    assert "opened_link" not in client.session


def test_a_link_ends_between_two_pages(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.teacher, Purpose.ACTIVATE)
    actions.end_links(user=cast.teacher)
    assert client.get("/accounts/security/").status_code == 404


def test_an_opened_link_does_not_lie_in_a_browser_for_long(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """School computers are shared: an hour later the link in the mail is opened again."""
    token = open_link(client, cast.teacher, Purpose.ACTIVATE)
    assert client.get("/accounts/security/").status_code == 200
    monkeypatch.setattr(rules, "OPENED_FOR", timedelta(0))
    assert client.get("/accounts/security/").status_code == 404
    monkeypatch.undo()
    assert client.get(url(token)).status_code == 302
    assert client.get("/accounts/security/").status_code == 200


def test_another_browser_has_nothing(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.teacher, Purpose.ACTIVATE)
    assert PolicingClient().get("/accounts/security/").status_code == 404


def test_a_session_somebody_put_there_before_never_holds_the_token(
    client: PolicingClient, cast: Cast
) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sers"] = session.session_key
    open_link(client, cast.teacher, Purpose.ACTIVATE)
    assert client.session.session_key != session.session_key
    assert not OpenSession.objects.filter(session_key=session.session_key).exists()


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_opens_only_the_page_of_its_purpose(
    client: PolicingClient, cast: Cast, purpose: MailedLink.Purpose
) -> None:
    pages = {*LEADS_TO.values(), "/accounts/new-password/"}
    for page in pages:
        open_link(client, cast.colleague, purpose)
        here = LEADS_TO[purpose]
        fits = page == here or (page == "/accounts/new-password/" and purpose == Purpose.RECOVER)
        assert (client.get(page).status_code != 404) == fits, page
