"""How a message stands, and whether it is sent once more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Mail, MailState, OutboxState
from sers.lib.moments import day, moment
from sers.lib.refusal import Refusal

#: The tag of each state.
MAIL_TAGS = {
    MailState.WAITING: "wait",
    MailState.TRIED: "wait",
    MailState.SENT: "done",
    MailState.BACK: "stop",
    MailState.PARKED: "stop",
}


def state_of_mail(row: Mapping[str, Any]) -> MailState:
    """The one state a row of the outbox is in."""
    if row["bounced_at"] is not None:
        return MailState.BACK
    if row["state"] == OutboxState.DONE:
        return MailState.SENT
    if row["state"] == OutboxState.PARKED:
        return MailState.PARKED
    return MailState.TRIED if row["attempts"] else MailState.WAITING


def mail_note(row: Mapping[str, Any]) -> str:
    """What goes with the state: when, how often, why."""
    tries = f"Tried {'once' if row['attempts'] == 1 else str(row['attempts']) + ' times'}"
    return {
        MailState.WAITING: "A worker takes it within a minute.",
        MailState.TRIED: f"{tries}, again at {moment(row['not_before'])}.",
        MailState.SENT: f"{moment(row['done_at'])}.",
        MailState.BACK: f"{day(row['bounced_at'])}: {row['bounce_reason']}",
        MailState.PARKED: f"{tries}. SERS does not try again by itself."
        if row["attempts"] > 1
        else "Not sent: mail to this address came back before.",
    }[state_of_mail(row)]


def why_not_send_again(mail: Mail) -> Refusal | None:
    """A mail is sent once more when it came back or was given up: nobody gets the same mail twice."""
    if mail.state == OutboxState.QUEUED:
        return Refusal("still_waiting", "This mail still waits for its turn.", "SERS goes on trying.")
    if mail.state == OutboxState.DONE and mail.bounced_at is None:
        return Refusal(
            "sent_already",
            "This mail was sent and did not come back.",
            "Ask the person to look into the folder for spam.",
        )
    return None


def can_send_again(row: Mapping[str, Any]) -> bool:
    """Does the list offer Send again?"""
    return state_of_mail(row) in (MailState.BACK, MailState.PARKED)


def came_back_on(address: str) -> datetime | None:
    """When mail to this address last came back; None while it can be written to."""
    found: datetime | None = (
        Mail.objects.back_from(address).order_by("-bounced_at").values_list("bounced_at", flat=True).first()
    )
    return found
