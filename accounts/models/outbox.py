"""The outbox: mail and jobs as rows, written in the transaction of the act they follow from."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models.people import User


class OutboxState(models.TextChoices):
    QUEUED = "queued", "Queued"
    DONE = "done", "Done"
    PARKED = "parked", "Parked"


class OutboxQuerySet(models.QuerySet[Any]):
    def due(self, now: datetime) -> "OutboxQuerySet":
        """Rows that wait for a worker: never taken, or taken by one that did not come back."""
        return self.filter(state=OutboxState.QUEUED, not_before__lte=now).order_by("not_before", "id")

    def standing_still(self) -> "OutboxQuerySet":
        """Rows that were given up, the oldest first."""
        return self.filter(state=OutboxState.PARKED).order_by("created_at", "id")

    def load(self, now: datetime) -> dict[str, Any]:
        """How many rows wait, how many of them were tried, and since when the oldest one that is due waits."""
        due = models.Q(not_before__lte=now)
        return (
            self.filter(state=OutboxState.QUEUED)
            .order_by()
            .aggregate(
                waiting=models.Count("pk"),
                tried=models.Count("pk", filter=models.Q(attempts__gt=0)),
                oldest=models.Min("created_at", filter=due),
            )
        )

    def parked(self, keys: Iterable[str]) -> "OutboxQuerySet":
        """Those of these keys that no worker takes up any more: nothing becomes of them until somebody sets them going."""
        return self.filter(key__in=keys, state=OutboxState.PARKED)


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

    objects: ClassVar[Any] = OutboxQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True)),
                name="%(class)s_done_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("queued", "done", "parked")), name="%(class)s_state_is_known"
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(fields=("not_before",), name="%(class)s_due", condition=models.Q(state="queued")),
            models.Index(
                fields=("created_at",), name="%(class)s_given_up", condition=models.Q(state="parked")
            ),
        )

    def __str__(self) -> str:
        return self.key


class MailState(models.TextChoices):
    """How a message stands, as those see it who ask whether it was sent."""

    WAITING = "waiting", "Waiting"
    TRIED = "tried", "Tried, not taken yet"
    SENT = "sent", "Sent"
    BACK = "back", "Came back"
    PARKED = "parked", "Parked"


class MailQuerySet(VisibleQuerySet, OutboxQuerySet):  # type: ignore[override]  # one manager a model
    #: How each state is told from the columns.
    STATES: ClassVar = {
        MailState.WAITING: models.Q(state=OutboxState.QUEUED, attempts=0),
        MailState.TRIED: models.Q(state=OutboxState.QUEUED, attempts__gt=0),
        MailState.SENT: models.Q(state=OutboxState.DONE, bounced_at=None),
        MailState.BACK: models.Q(bounced_at__isnull=False),
        MailState.PARKED: models.Q(state=OutboxState.PARKED),
    }

    def standing(self, state: str) -> "MailQuerySet":
        """Messages in one state; all of them when there is no such state."""
        return self.filter(self.STATES[MailState(state)]) if state in MailState.values else self

    def of_words(self, words: str) -> "MailQuerySet":
        """Messages whose address, or whose person's name, holds each of these words."""
        found = self
        for word in words.split()[:5]:
            found = found.filter(
                models.Q(to__icontains=word)
                | models.Q(person__first_name__icontains=word)
                | models.Q(person__last_name__icontains=word)
                | models.Q(person__username__icontains=word)
            )
        return found

    def asked_about(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What *Was it sent?* shows, as plain values, the newest first. Never what a message says: links are in it."""
        return self.order_by("-created_at", "-id").values(
            "public_id", "to", "subject", "created_at", "state", "attempts", "not_before", "done_at", "bounced_at",
            "bounce_reason", first_name=models.F("person__first_name"), last_name=models.F("person__last_name"),
        )  # fmt: skip

    def standing_of(self, keys: Iterable[str]) -> models.QuerySet[Any, dict[str, Any]]:
        """How the messages of these keys stand, as plain values."""
        return self.filter(key__in=list(keys)).values(
            "key", "to", "state", "attempts", "not_before", "done_at", "bounced_at", "bounce_reason"
        )

    def back_from(self, address: str) -> "MailQuerySet":
        """Messages to this address that came back."""
        # Lower, not iexact (which compares UPPER): the index is on Lower.
        return self.alias(low=Lower("to")).filter(low=address.lower(), bounced_at__isnull=False)

    def newest_to(self, address: str) -> "MailQuerySet":
        """Messages whose address holds these letters, the newest first; all of them when there are none."""
        return self.filter(to__icontains=address).order_by("-created_at", "-id")

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What a list of messages shows, as plain values."""
        return self.values("public_id", "to", "subject", "created_at", "state")


class Mail(Record, Outbox):
    """One message to one address, written in the transaction of the act it tells of.

    Consortium staff ask after mail about people of their consortium: by their seats, and students by school and class.
    """

    seen_by: ClassVar = {
        Role.CONSORTIUM: (
            "person__seats__consortium",
            "person__seats__college__consortia",
            "person__seats__district__consortia",
            "person__seats__school__district__consortia",
            "person__student__school__district__consortia",
            "person__student__registrations__articulation__consortium",
        ),
        Role.STATE: ALL,
    }

    public_fields: ClassVar = {
        "id", "public_id", "key", "state", "attempts", "not_before", "created_at", "done_at", "kind", "language",
        "reply_to", "person", "bounced_at", "bounce_reason",
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
    bounced_at = models.DateTimeField("came back at", null=True, blank=True)
    bounce_reason = models.CharField("why it came back", max_length=300, blank=True)

    objects: ClassVar[Any] = MailQuerySet.as_manager()  # type: ignore[assignment]  # it knows more words

    class Meta(Outbox.Meta):
        ordering = ("-created_at", "-id")
        verbose_name_plural = "mail"
        constraints = (
            *Outbox.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(bounced_at=None, bounce_reason="")
                | models.Q(state="done", bounced_at__isnull=False) & ~models.Q(bounce_reason=""),
                name="mail_came_back_after_it_was_sent_and_why",
            ),
        )
        indexes = (
            *Outbox.Meta.indexes,
            models.Index(
                Lower("to"), name="mail_that_came_back", condition=models.Q(bounced_at__isnull=False)
            ),
        )


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
