"""Writing down who did what."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from accounts.models import Event, User


def record_event(
    *, by: User | None, kind: str, subject: models.Model, data: Mapping[str, Any] | None = None
) -> Event:
    """Write down who did what to which thing. Called inside the transaction of the act itself."""
    return Event.objects.create(
        actor=by,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data=dict(data or {}),
    )


def record_events(
    *, by: User | None, kind: str, subjects: Iterable[models.Model], data: Mapping[str, Any] | None = None
) -> None:
    """Write down that the same was done to many things, in one statement."""
    Event.objects.bulk_create(
        Event(
            actor=by,
            kind=kind,
            subject_type=one._meta.label_lower,
            subject_id=one.pk,
            data=dict(data or {}),
        )
        for one in subjects
    )
