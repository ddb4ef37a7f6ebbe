"""Mail that comes back: reports as mail servers send them."""

import io
from typing import Any

import pytest
from django.core import mail as mailbox
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Event, Mail, OutboxState
from sers.lib.refusal import Refused
from tests.people import Cast

pytestmark = pytest.mark.django_db

POSTFIX = """\
Return-Path: <>
Received: by mx.example.gov (Postfix) id 4XyZ; Mon, 15 Jun 2026 14:06:00 -0700 (PDT)
Date: Mon, 15 Jun 2026 14:06:00 -0700 (PDT)
From: MAILER-DAEMON@mx.example.gov (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@sers.example.gov
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4XyZ.1781557560/mx.example.gov"

--4XyZ.1781557560/mx.example.gov
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.gov.
I'm sorry to have to inform you that your message could not be delivered.

--4XyZ.1781557560/mx.example.gov
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.gov
X-Postfix-Queue-ID: 4XyZ
Arrival-Date: Mon, 15 Jun 2026 14:05:58 -0700 (PDT)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; aspmx.example.net
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach
    does not exist.

--4XyZ.1781557560/mx.example.gov
Content-Description: Undelivered Message
Content-Type: message/rfc822

Subject: Confirm your e-mail for SERS
From: SERS <no-reply@sers.example.org>
To: {to}
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

Hello.

--4XyZ.1781557560/mx.example.gov--
"""
EXCHANGE = """\
From: <postmaster@district.example.org>
To: <bounces@sers.example.gov>
Date: Mon, 15 Jun 2026 21:06:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="d3adb33f-0000-4a4a-8b8b-000000000000"
X-MS-Exchange-Message-Is-Ndr:
Subject: Undeliverable: Confirm your e-mail for SERS

--d3adb33f-0000-4a4a-8b8b-000000000000
Content-Type: text/html; charset="us-ascii"

<html><body><p>Your message couldn't be delivered.</p></body></html>
--d3adb33f-0000-4a4a-8b8b-000000000000
Content-Type: message/delivery-status

Reporting-MTA: dns;DISTRICT.example.org

Final-recipient: RFC822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.2.2 mailbox full

--d3adb33f-0000-4a4a-8b8b-000000000000
Content-Type: text/rfc822-headers

Subject: Confirm your e-mail for SERS
To: <{to}>
Message-ID: {message_id}

--d3adb33f-0000-4a4a-8b8b-000000000000--
"""
EITHER = pytest.mark.parametrize("server", [POSTFIX, EXCHANGE], ids=["postfix", "exchange"])


@pytest.fixture
def sent(cast: Cast) -> Mail:
    """The cast's letter, sent."""
    assert actions.send_mail(mail_id=cast.letter.pk)
    cast.letter.refresh_from_db()
    return cast.letter


def report(server: str, mail: Mail, **facts: str) -> bytes:
    message_id = str(mailbox.outbox[0].message()["Message-ID"])
    values = {"to": mail.to, "action": "failed", "status": "5.1.1", "message_id": message_id, **facts}
    return server.format(**values).encode()


@EITHER
def test_a_mail_that_came_back_says_when_and_why(sent: Mail, server: str) -> None:
    assert actions.take_back(report=report(server, sent)) == sent
    sent.refresh_from_db()
    assert sent.bounced_at is not None
    assert sent.bounce_reason.startswith("5.1.1 550")
    assert Event.objects.filter(kind="accounts.mail_came_back", subject_id=sent.pk).count() == 1
    first = sent.bounced_at
    actions.take_back(report=report(server, sent))
    sent.refresh_from_db()
    assert sent.bounced_at == first
    assert rules.came_back_on(sent.to.upper()) == first


@EITHER
@pytest.mark.parametrize(
    "facts",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"to": "somebody.else@example.org"},
        {"message_id": "<00000000-0000-4000-8000-000000000000@127.0.0.1>"},
        {"message_id": "<CAF+abc@mail.example.org>"},
    ],
    ids=str,
)
def test_what_is_no_failure_of_this_mail_changes_nothing(
    sent: Mail, server: str, facts: dict[str, str]
) -> None:
    assert actions.take_back(report=report(server, sent, **facts)) is None
    sent.refresh_from_db()
    assert (sent.bounced_at, sent.bounce_reason) == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Out of office\n\nI am away.",
        POSTFIX.encode()[:700],
        b"Content-Type: message/rfc822\n",
    ],
)
def test_any_other_mail_is_left_alone(cast: Cast, text: bytes) -> None:
    assert actions.take_back(report=text) is None


def test_a_mail_that_was_never_sent_cannot_come_back(cast: Cast, sent: Mail) -> None:
    text = report(POSTFIX, sent)
    Mail.objects.filter(pk=sent.pk).update(state=OutboxState.QUEUED, done_at=None)
    assert actions.take_back(report=text) is None


def test_the_database_ties_the_moment_to_the_reason(sent: Mail) -> None:
    for values in ({"bounced_at": timezone.now()}, {"bounce_reason": "5.1.1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mail.objects.filter(pk=sent.pk).update(**values)


def test_the_envelope_leads_back_to_the_mailbox_of_reports(cast: Cast, settings: Any) -> None:
    settings.BOUNCE_EMAIL = "bounces@sers.example.gov"
    actions.send_mail(mail_id=cast.letter.pk)
    (message,) = mailbox.outbox
    assert message.from_email == "bounces@sers.example.gov"
    assert message.message()["From"] == settings.DEFAULT_FROM_EMAIL


def test_an_address_that_came_back_is_not_written_to_again_until_somebody_says_so(
    cast: Cast, sent: Mail
) -> None:
    actions.take_back(report=report(POSTFIX, sent))
    words = {"subject": "Hello", "text": "Hello."}
    again = actions.queue_mail(
        key="again", to=sent.to.upper(), template="free", context=words, person=sent.person
    )
    other = actions.queue_mail(key="other", to="new@example.net", template="free", context=words)
    assert again is not None
    assert other is not None
    assert not actions.send_mail(mail_id=again.pk)
    assert actions.send_mail(mail_id=other.pk)
    again.refresh_from_db()
    assert (again.state, again.error) == (OutboxState.PARKED, "Mail to this address came back before.")
    actions.send_again(mail=again, by=cast.consortium)
    assert actions.send_mail(mail_id=again.pk)
    sent.refresh_from_db()
    assert sent.bounced_at is None
    assert Event.objects.get(kind="accounts.mail_sent_again").actor == cast.consortium


def test_nobody_gets_the_same_mail_twice(cast: Cast, sent: Mail) -> None:
    with pytest.raises(Refused, match="was sent and did not come back"):
        actions.send_again(mail=sent, by=cast.consortium)
    Mail.objects.filter(pk=sent.pk).update(state=OutboxState.QUEUED, done_at=None)
    with pytest.raises(Refused, match="still waits for its turn"):
        actions.send_again(mail=sent, by=cast.consortium)


def test_a_mail_server_pipes_the_report_into_a_command(
    sent: Mail, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(report(EXCHANGE, sent)))
    monkeypatch.setattr("sys.stdin", pipe)
    call_command("bounce")
    assert f"Mail {sent.pk} came back." in capsys.readouterr().out
    sent.refresh_from_db()
    assert "mailbox full" in sent.bounce_reason
