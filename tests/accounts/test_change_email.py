"""/accounts/me/email/: a new e-mail, and the second one. What its link does is in test_confirm_email.py."""

from accounts import rules
from accounts.models import EmailChange
from tests.accounts.pages import mailed_links, subjects, text
from tests.accounts.test_change_questions import proved  # noqa: F401  (a fixture)
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/me/email/"


def test_the_new_address_waits_and_the_old_is_told(proved: PolicingClient, cast: Cast) -> None:  # noqa: F811
    user = cast.colleague
    old = user.email
    response = proved.post(URL, {"which": "main", "email": "colin@example.com"})
    assert response["Location"] == "/accounts/me/"
    page = text(proved.get("/accounts/me/"))
    assert "We mailed a link to colin@example.com" in page
    assert "New e-mail, not confirmed yet colin@example.com" in page
    user.refresh_from_db()
    assert user.email == old
    assert subjects(old) == ["Your SERS e-mail will change"]
    assert len(mailed_links("colin@example.com")) == 1


def test_a_second_address_is_added_and_removed(proved: PolicingClient, cast: Cast) -> None:  # noqa: F811
    user = cast.colleague
    proved.post(URL, {"which": "second", "email": "spare@example.com"})
    (token,) = mailed_links("spare@example.com")
    proved.get(f"/accounts/links/{token}/")
    proved.post("/accounts/confirm-email/")
    user.refresh_from_db()
    assert user.addresses == [user.email, "spare@example.com"]
    assert "spare@example.com" in text(proved.get(URL))
    assert proved.post(URL, {"remove_second": "1"})["Location"] == "/accounts/me/"
    user.refresh_from_db()
    assert user.addresses == [user.email]
    assert subjects("spare@example.com")[-1] == "Your second SERS e-mail was removed"


def test_what_is_wrong_is_named(proved: PolicingClient, cast: Cast) -> None:  # noqa: F811
    assert "Enter an e-mail like" in text(proved.post(URL, {"which": "main", "email": "colin"}))
    words = text(proved.post(URL, {"which": "second", "email": cast.colleague.email.upper()}))
    assert "Enter another address" in words
    assert "Choose which address" in text(proved.post(URL, {"which": "third", "email": "a@example.com"}))
    assert not EmailChange.objects.filter(user=cast.colleague).exists()


def test_its_own_address_changes_nothing(proved: PolicingClient, cast: Cast) -> None:  # noqa: F811
    proved.post(URL, {"which": "main", "email": cast.colleague.email})
    assert "nothing changes" in text(proved.get("/accounts/me/"))


def test_mail_does_not_go_out_at_will(proved: PolicingClient, cast: Cast) -> None:  # noqa: F811
    for number in range(rules.REQUESTS_OF_ACCOUNT):
        facts = {"which": "main", "email": f"colin{number}@example.com"}
        assert proved.post(URL, facts).status_code == 302
    refused = proved.post(URL, {"which": "main", "email": "colin@example.com"})
    assert refused.status_code == 429
    assert "Try again after " in text(refused)


def test_who_has_not_just_proved_themselves_does_so_first(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.get(URL)["Location"].startswith("/accounts/prove/?next=")
