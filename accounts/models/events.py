"""Who did what, in ink."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from accounts.models.people import User

#: What is odd about a sign-in: looked for by its moment.
OF_SIGN_IN: Final = ("accounts.sign_in_refused", "accounts.recovery_code_used")


class EventQuerySet(models.QuerySet["Event"]):
    def of_sign_in(self, kind: str, since: datetime) -> "EventQuerySet":
        """Odd sign-ins of one of these kinds since a moment."""
        return self.filter(kind__in=OF_SIGN_IN, at__gte=since).filter(kind=kind).order_by()

    def about(self, subject: models.Model, *kinds: str) -> "EventQuerySet":
        """What was done of these kinds to one thing, the newest first."""
        found = self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk, kind__in=kinds)
        return found.order_by("-at", "-id")

    def about_any(self, model: type[models.Model], keys: Any, *kinds: str) -> "EventQuerySet":
        """What was done, of these kinds if any are named, to things of one model; in no order."""
        found = self.filter(subject_type=model._meta.label_lower, subject_id__in=keys).order_by()
        return found.filter(kind__in=kinds) if kinds else found

    def of_kinds(self, model: type[models.Model], kinds: Iterable[str], since: datetime) -> "EventQuerySet":
        """What was done of these kinds to things of one model since a moment. Few things at hand are found by their
        subject, many by kind and moment."""
        return self.filter(subject_type=model._meta.label_lower, kind__in=sorted(kinds), at__gte=since)


class Event(models.Model):
    """Ink: who did what to which thing, and when. Names its subject by type and id, never by key."""

    public_fields: ClassVar = {"id", "at", "kind", "subject_type", "subject_id", "actor"}
    private_fields: ClassVar = {"data"}

    at = models.DateTimeField("at", db_default=Now(), editable=False)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="events", verbose_name="who")
    kind = models.CharField("what", max_length=60)
    subject_type = models.CharField("subject type", max_length=60)
    subject_id = models.BigIntegerField("subject id")
    data = models.JSONField("facts", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "at"), name="event_by_subject"),
            models.Index(fields=("kind", "at"), name="event_by_kind"),
            models.Index(fields=("at",), name="event_of_sign_in", condition=models.Q(kind__in=OF_SIGN_IN)),
        )
        triggers = (pgtrigger.Protect(name="event_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id}"
