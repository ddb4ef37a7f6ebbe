"""Mail that came back, and mail that is sent once more."""

import re
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.outbox import SEND_MAIL_TASK, nudge
from accounts.models import Mail, OutboxState, User
from sers.lib.refusal import Refused

#: The Message-ID of a mail of ours holds its row's public id.
OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")


def take_back(*, report: bytes) -> Mail | None:
    """Read a delivery status report (RFC 3464) as a mail server sends it; the mail that came back, if it says so.

    Only a final failure counts, a delay does not. The report must hold the Message-ID of the mail, which nobody
    but its reader and the servers on the way have seen, and name its address. Read twice, it counts once.
    """
    message = message_from_bytes(report, policy=policy.default)
    status = _part(message, "message/delivery-status")
    original = _original(message)
    if status is None or not (found := OURS.search(original)):
        return None
    failed = {
        _address(block.get("Original-Recipient") or block.get("Final-Recipient") or ""): _reason(block)
        for block in status.get_payload()
        if str(block.get("Action", "")).strip().lower() == "failed"
    }
    with transaction.atomic():
        mail: Mail | None = (
            Mail.objects.select_for_update(of=("self",)).filter(public_id=UUID(found[1])).first()
        )
        if mail is None or mail.to.lower() not in failed or mail.state != OutboxState.DONE:
            return None
        if mail.bounced_at is None:
            mail.bounced_at, mail.bounce_reason = timezone.now(), failed[mail.to.lower()]
            mail.save(update_fields=("bounced_at", "bounce_reason"))
            record_event(by=None, kind="accounts.mail_came_back", subject=mail)
    return mail


def _part(message: Any, kind: str) -> Any:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _original(message: Any) -> str:
    """The Message-ID of the mail the report is about: the report brings the mail, or its head, along."""
    whole = _part(message, "message/rfc822")
    if whole is not None:
        return str(whole.get_payload(0).get("Message-ID", ""))
    head = _part(message, "text/rfc822-headers")
    if head is None:
        return ""
    return str(message_from_bytes(head.get_payload(decode=True) or b"").get("Message-ID", ""))


def _address(field: Any) -> str:
    """`rfc822; sam@example.org`: the address in it."""
    return str(field).rpartition(";")[2].strip().strip("<>").lower()


def _reason(block: Any) -> str:
    """`5.1.1 550 No such user here`: the status, and the words of the server that refused."""
    words = str(block.get("Diagnostic-Code", "")).rpartition(";")[2]
    return " ".join(f"{block.get('Status', '')} {words}".split())[:300] or "No reason given"


def send_again(*, mail: Mail, by: User) -> None:
    """Send a mail once more that came back or was given up, and write to its address again from now on."""
    with transaction.atomic():
        mail = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        refusal = rules.why_not_send_again(mail)
        if refusal is not None:
            raise Refused(refusal)
        record_event(
            by=by, kind="accounts.mail_sent_again", subject=mail, data={"reason": mail.bounce_reason}
        )
        Mail.objects.back_from(mail.to).update(bounced_at=None, bounce_reason="")
        Mail.objects.filter(pk=mail.pk).update(
            state=OutboxState.QUEUED,
            attempts=0,
            not_before=timezone.now(),
            done_at=None,
            error="",
        )
        nudge(SEND_MAIL_TASK, mail.pk)
