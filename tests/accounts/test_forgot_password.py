"""/accounts/forgot-password/: I forgot my password. What follows the link is in test_recover.py and test_new_password.py."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Job, Mail, MailedLink, RecoveryRequest
from tests.accounts.pages import Purpose, mailed_links, subjects, text
from tests.accounts.test_forgot_user_name import work
from tests.people import Cast, make_user
from tests.policing import PolicingClient

URL = "/accounts/forgot-password/"


def ask(client: PolicingClient, network: str = "127.0.0.1", **changes: str):
    facts = {"username": "tess.teacher", "email": "tess@example.org"}
    return client.post(URL, facts | changes, REMOTE_ADDR=network)


def test_a_link_is_mailed_to_the_address_on_file(client: PolicingClient, cast: Cast) -> None:
    response = ask(client, username=" TESS.teacher", email="TESS@example.org")
    assert response["Location"] == "/accounts/mail-sent/"
    work()
    (token,) = mailed_links("tess@example.org")
    found = actions.look_at_link(token)
    assert found is not None
    assert (found.user, found.purpose, found.address) == (cast.teacher, Purpose.RECOVER, "tess@example.org")
    assert cast.teacher.username in Mail.objects.get(to="tess@example.org").text


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "bess.teacher"},
        {"email": "nobody@example.org"},
        {"username": "colin.teacher"},  # somebody else's user name
        {"username": "lola.teacher", "email": "lola@example.org"},  # a closed account
    ],
)
def test_who_is_not_found_gets_no_mail_and_the_same_answer(
    client: PolicingClient, cast: Cast, changes: dict[str, str]
) -> None:
    before = Mail.objects.count()
    hit, miss = ask(PolicingClient()), ask(client, **changes)
    assert (hit.status_code, hit["Location"], hit.content) == (
        miss.status_code,
        miss["Location"],
        miss.content,
    )
    assert sorted(hit.headers) == sorted(miss.headers)
    Job.objects.filter(
        subject_id=RecoveryRequest.objects.filter(username="tess.teacher").earliest("id").pk
    ).delete()
    work()
    assert Mail.objects.count() == before


def test_a_request_does_the_same_work_whoever_is_asked_for(client: PolicingClient, cast: Cast) -> None:
    """Count, count, write, queue: the statements are the same, so the clock tells nothing."""
    seen = []
    for username in ("tess.teacher", "nobody.at.all"):
        with CaptureQueriesContext(connection) as queries:
            ask(client, username=username)
        seen.append([re.sub(r"[\d_x]+", "", query["sql"].partition("VALUES")[0]) for query in queries])
    assert seen[0] == seen[1]
    assert not any("accounts_user" in sql for sql in seen[0])  # nobody is looked for while the person waits


def test_who_never_took_up_the_account_gets_the_link_for_that(client: PolicingClient, cast: Cast) -> None:
    make_user("Nadia", username="nadia.new", email="nadia@example.org", password=None)
    ask(client, username="nadia.new", email="nadia@example.org")
    work()
    (token,) = mailed_links("nadia@example.org")
    link = actions.look_at_link(token)
    assert link is not None
    assert link.purpose == Purpose.ACTIVATE


def test_asking_again_does_not_end_the_link_in_somebodys_hand(client: PolicingClient, cast: Cast) -> None:
    """Else anybody could keep a person out by asking all day."""
    ask(client)
    work()
    (token,) = mailed_links("tess@example.org")
    for number in range(5):
        ask(client, network=f"192.0.2.{number}")
        work()
    assert mailed_links("tess@example.org") == [token]
    assert actions.look_at_link(token) is not None
    past = timezone.now() - rules.LINK_STANDS_FOR - timedelta(seconds=1)
    MailedLink.objects.filter(user=cast.teacher).update(created_at=past)
    ask(client)
    work()
    newer, older = mailed_links("tess@example.org")
    assert (actions.look_at_link(older), actions.look_at_link(newer) is not None) == (None, True)


def test_two_requests_at_once_make_one_link(client: PolicingClient, cast: Cast) -> None:
    ask(client)
    ask(client)
    work()
    assert len(mailed_links("tess@example.org")) == 1


def test_too_many_from_one_network_are_told_when_to_try_again(client: PolicingClient, cast: Cast) -> None:
    for username in ("tess.teacher", "nobody.at.all"):
        for _ in range(rules.REQUESTS_OF_ACCOUNT):
            assert ask(client, username=username).status_code == 302
        refused = ask(client, username=username)
        assert refused.status_code == 429
        assert "Try again after " in text(refused)
    assert ask(client, network="192.0.2.7").status_code == 302


def test_what_is_missing_is_named(client: PolicingClient, cast: Cast) -> None:
    words = text(ask(client, username="", email=""))
    assert "Enter your user name" in words
    assert "Enter your e-mail" in words


def test_recovery_by_an_address_a_staff_member_put_there_waits(client: PolicingClient, cast: Cast) -> None:
    user = cast.student.user
    actions.change_email(user=user, email="marisol.new@example.com", by=cast.counselor)
    ask(client, username=user.username, email="marisol@example.net")
    work()
    assert len(mailed_links("marisol@example.net")) == 1  # the old address goes on opening the account
    (token,) = mailed_links("marisol.new@example.com")
    actions.confirm_email(token=token)
    ask(client, username=user.username, email="marisol.new@example.com", network="192.0.2.1")
    work()
    assert "A new password for SERS: not yet" in subjects("marisol.new@example.com")
    assert not MailedLink.objects.filter(
        user=user, address="marisol.new@example.com", purpose="recover"
    ).exists()
    change = user.email_changes.get()
    actions.approve_email_change(change=change, by=cast.consortium)
    ask(client, username=user.username, email="marisol.new@example.com", network="192.0.2.2")
    work()
    assert MailedLink.objects.filter(user=user, address="marisol.new@example.com", purpose="recover").exists()


def test_what_was_typed_is_forgotten_after_a_day_whatever_happens(client: PolicingClient, cast: Cast) -> None:
    RecoveryRequest.objects.all().delete()
    ask(client)
    assert actions.forget_old_requests() == 0
    RecoveryRequest.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert actions.forget_old_requests() == 1
    work()  # and a worker that comes late finds nothing to do
    assert mailed_links("tess@example.org") == []


def test_every_door_leads_here(client: PolicingClient, cast: Cast) -> None:
    for door in ("student", "teacher", "district", "registrar", "consortium", "staff", ""):
        page = client.get(f"/accounts/sign-in/?door={door}").content.decode()
        assert 'href="/accounts/forgot-password/"' in page
        assert 'href="/accounts/forgot-user-name/"' in page
