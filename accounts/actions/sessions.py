"""Ending sessions: one's own, one by one or all others at once."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.actions.events import record_event
from accounts.models import OpenSession, User


def end_session(*, session: uuid.UUID, by: User) -> bool:
    """End one of a person's own sessions; False when there is none of that name, or it ended before."""
    with transaction.atomic():
        ended, _ = OpenSession.objects.of(by).filter(public_id=session).delete()
        if ended:
            record_event(by=by, kind="accounts.session_ended", subject=by)
    return bool(ended)


def end_other_sessions(*, user: User, keep: str | None, by: User | None) -> int:
    """End every session of a person but the one with this key: after a new password, or when they ask. How many."""
    with transaction.atomic():
        ended, _ = OpenSession.objects.of(user).exclude(session_key=keep or "").delete()
        if ended:
            record_event(by=by, kind="accounts.sessions_ended", subject=user, data={"sessions": ended})
    return ended


def forget_ended_sessions() -> int:
    """Remove what is kept of sessions that are over. How many."""
    return OpenSession.objects.filter(expire_date__lt=timezone.now()).delete()[0]
