"""Writing down who did what."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

from accounts.models import Event, User

Subject = TypeVar("Subject", bound=models.Model)


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
    *,
    by: User | None,
    kind: str,
    subjects: Iterable[Subject],
    data: Mapping[str, Any] | None = None,
    each: Callable[[Subject], Mapping[str, Any]] | None = None,
) -> None:
    """Write down that the same was done to many things, in one statement; `each` says what is its own of one."""
    Event.objects.bulk_create(
        Event(
            actor=by,
            kind=kind,
            subject_type=one._meta.label_lower,
            subject_id=one.pk,
            data={**(data or {}), **(each(one) if each else {})},
        )
        for one in subjects
    )
