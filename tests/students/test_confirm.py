"""The mailed link that confirms an e-mail address."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import MailedLink
from students import actions
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import messages, text


def link_of(cast: Cast) -> str:
    """The address in a new mail to the student, without its host."""
    found = re.search(r"/students/confirm/.*", actions.new_confirm_url(cast.student.user))
    assert found
    return found[0]


def test_opening_the_link_changes_nothing(cast: Cast, client: PolicingClient) -> None:
    link = link_of(cast)
    response = client.get(link)
    assert response.status_code == 200
    assert "Confirm my e-mail" in text(response)
    cast.student.user.refresh_from_db()
    assert cast.student.user.email_confirmed_at is None


def test_the_button_confirms_once(cast: Cast, client: PolicingClient) -> None:
    link = link_of(cast)
    response = client.post(link)
    assert response.headers["Location"] == reverse("students:my_classes")
    cast.student.user.refresh_from_db()
    confirmed = cast.student.user.email_confirmed_at
    assert confirmed is not None
    again = client.post(link)
    assert again.status_code == 404
    assert "This link opens nothing" in text(again)
    cast.student.user.refresh_from_db()
    assert cast.student.user.email_confirmed_at == confirmed


def test_signed_in_it_leads_to_my_classes_and_says_so(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    response = client.post(link_of(cast), follow=True)
    assert messages(response) == ["Your e-mail is confirmed."]


def test_a_link_that_is_too_old_or_unknown_opens_nothing(cast: Cast, client: PolicingClient) -> None:
    link = link_of(cast)
    MailedLink.objects.filter(user=cast.student.user).update(
        created_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1)
    )
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert client.get(reverse("students:confirm", args=["guess"])).status_code == 404
    assert client.get(reverse("students:confirm", args=["x" * 5000])).status_code == 404
    cast.student.user.refresh_from_db()
    assert cast.student.user.email_confirmed_at is None


def test_only_the_newest_link_works(cast: Cast, client: PolicingClient) -> None:
    old, new = link_of(cast), link_of(cast)
    assert client.post(old).status_code == 404
    assert client.post(new).status_code == 302


def test_the_database_opens_no_link(cast: Cast) -> None:
    token = link_of(cast).split("/")[-2]
    assert token not in MailedLink.objects.get(user=cast.student.user).token_hash


def test_a_link_confirms_the_address_it_went_to_and_no_other(cast: Cast, client: PolicingClient) -> None:
    link = link_of(cast)
    cast.student.user.email = "other@example.net"
    cast.student.user.save()
    client.post(link)
    cast.student.user.refresh_from_db()
    assert cast.student.user.email_confirmed_at is None
