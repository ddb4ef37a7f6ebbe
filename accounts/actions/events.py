"""Writing down who did what."""

from collections.abc import Mapping
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
