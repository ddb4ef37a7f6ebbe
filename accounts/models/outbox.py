"""The outbox: mail and jobs as rows, written in the transaction of the act they follow from."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class OutboxState(models.TextChoices):
    QUEUED = "queued", "Queued"
    DONE = "done", "Done"
    PARKED = "parked", "Parked"


class OutboxQuerySet(models.QuerySet[Any]):
    def due(self, now: datetime) -> "OutboxQuerySet":
        """Rows that wait for a worker: never taken, or taken by one that did not come back."""
        return self.filter(state=OutboxState.QUEUED, not_before__lte=now).order_by("not_before", "id")


class Outbox(models.Model):
    """What a worker still has to do. `not_before` is also the lease: a taken row is due again after it."""

    MOST_ATTEMPTS: ClassVar = 5
    LEASE: ClassVar = timedelta(seconds=30)

    key = models.CharField("key", max_length=120, unique=True)
    state = models.CharField("state", max_length=10, choices=OutboxState, default=OutboxState.QUEUED)
    attempts = models.PositiveSmallIntegerField("attempts", default=0)
    not_before = models.DateTimeField("not before", default=timezone.now)
    created_at = models.DateTimeField("created at", default=timezone.now, editable=False)
    done_at = models.DateTimeField("done at", null=True, blank=True)
    error = models.TextField("last error", blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True)),
                name="%(class)s_done_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("queued", "done", "parked")), name="%(class)s_state_is_known"
            ),
        )
        indexes = (
            models.Index(fields=("not_before",), name="%(class)s_due", condition=models.Q(state="queued")),
        )

    def __str__(self) -> str:
        return self.key


class MailQuerySet(OutboxQuerySet):
    def newest_to(self, address: str) -> "MailQuerySet":
        """Messages whose address holds these letters, the newest first; all of them when there are none."""
        return self.filter(to__icontains=address).order_by("-created_at", "-id")

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What a list of messages shows, as plain values."""
        return self.values("public_id", "to", "subject", "created_at", "state")


class Mail(Outbox):
    """One message to one address, written in the transaction of the act it tells of."""

    public_fields: ClassVar = {
        "id", "public_id", "key", "state", "attempts", "not_before", "created_at", "done_at", "kind", "language",
        "reply_to", "person",
    }  # fmt: skip
    private_fields: ClassVar = {"to", "subject", "text", "html", "error"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("kind", max_length=80, help_text="the template it was written from")
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="mail", verbose_name="whom it is about"
    )
    to = models.EmailField("to", max_length=254)
    reply_to = models.EmailField("answers go to", max_length=254, blank=True)
    language = models.CharField("language", max_length=10)
    subject = models.CharField("subject", max_length=200)
    text = models.TextField("text")
    html = models.TextField("HTML", blank=True)

    objects: ClassVar = MailQuerySet.as_manager()

    class Meta(Outbox.Meta):
        ordering = ("-created_at", "-id")
        verbose_name_plural = "mail"


class Job(Outbox):
    """One piece of work for a worker: the Celery task's name and the id of what it works on."""

    public_fields: ClassVar = {
        "id", "key", "state", "attempts", "not_before", "created_at", "done_at",
        "task", "subject_id", "error",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    task = models.CharField("task", max_length=80)
    subject_id = models.BigIntegerField("subject id")

    class Meta(Outbox.Meta):
        ordering = ("-created_at", "-id")
