"""/accounts/confirm-email/: an address is confirmed from the mail that went there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import EmailChange, MailedLink
from sers.lib.refusal import Refused
from tests.accounts.pages import Purpose, mailed_links, open_link, subjects, text
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/confirm-email/"


def test_the_button_confirms_the_address_on_file(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.teacher, Purpose.CONFIRM_EMAIL)
    page = client.get(URL)
    assert cast.teacher.email in text(page)
    cast.teacher.refresh_from_db()
    assert cast.teacher.email_confirmed_at is None
    response = client.post(URL)
    assert response["Location"] == "/"
    assert f"Your e-mail {cast.teacher.email} is confirmed." in text(client.get("/"))
    cast.teacher.refresh_from_db()
    assert cast.teacher.email_confirmed_at is not None
    assert client.post(URL).status_code == 404


def test_a_new_address_counts_from_the_button_on(client: PolicingClient, cast: Cast) -> None:
    old = cast.teacher.email
    actions.change_email(user=cast.teacher, email="tess.new@example.net", by=cast.teacher)
    cast.teacher.refresh_from_db()
    assert cast.teacher.email == old
    assert subjects(old) == ["Your SERS e-mail will change"]
    (token,) = mailed_links("tess.new@example.net")
    client.get(f"/accounts/links/{token}/")
    client.post(URL)
    cast.teacher.refresh_from_db()
    assert cast.teacher.email == "tess.new@example.net"
    assert subjects(old)[-1] == "Your SERS e-mail was changed"
    assert subjects("tess.new@example.net")[-1] == "Your SERS e-mail was changed"
    change = EmailChange.objects.get(user=cast.teacher)
    assert (change.confirmed_at is not None, change.old_address, change.hold_until) == (True, old, None)


def test_a_newer_change_ends_the_older_and_its_link(cast: Cast) -> None:
    actions.change_email(user=cast.teacher, email="first@example.net", by=cast.teacher)
    actions.change_email(user=cast.teacher, email="second@example.net", by=cast.teacher)
    (first,), (second,) = mailed_links("first@example.net"), mailed_links("second@example.net")
    assert actions.look_at_link(first) is None
    assert actions.confirm_email(token=second).email == "second@example.net"
    first_change, second_change = EmailChange.objects.filter(user=cast.teacher).order_by("id")
    assert (first_change.ended_at is not None, second_change.confirmed_at is not None) == (True, True)


def test_the_first_and_the_second_address_wait_side_by_side(cast: Cast) -> None:
    second = EmailChange.Which.SECOND
    actions.change_email(user=cast.teacher, email="main@example.net", by=cast.teacher)
    actions.change_email(user=cast.teacher, email="spare@example.net", by=cast.teacher, which=second)
    for address in ("spare@example.net", "main@example.net"):
        (token,) = mailed_links(address)
        actions.confirm_email(token=token)
    cast.teacher.refresh_from_db()
    assert (cast.teacher.email, cast.teacher.second_email) == ("main@example.net", "spare@example.net")
    assert cast.teacher.addresses == ["main@example.net", "spare@example.net"]


def test_an_address_nobody_wants_any_more_is_not_confirmed(cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=Purpose.CONFIRM_EMAIL, address="gone@example.net")
    with pytest.raises(Refused):
        actions.confirm_email(token=token)
    cast.teacher.refresh_from_db()
    assert cast.teacher.email != "gone@example.net"


def test_after_seven_days_the_link_opens_nothing(client: PolicingClient, cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=Purpose.CONFIRM_EMAIL)
    begun = timezone.now() - timedelta(days=8)
    MailedLink.objects.filter(user=cast.teacher).update(
        created_at=begun, expires_at=begun + timedelta(days=7)
    )
    assert client.get(f"/accounts/links/{token}/").status_code == 404


def test_the_address_it_is_already_changes_nothing(cast: Cast) -> None:
    assert actions.change_email(user=cast.teacher, email=cast.teacher.email, by=cast.teacher) is None
    assert subjects(cast.teacher.email) == []
