"""People who sign in, what was done by whom, and the outbox: mail and jobs as rows."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, Now
from django.utils import timezone

from accounts.access import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, email: str, password: str | None = None, **extra: Any) -> "User":
        """A person with a user name. Without a password they cannot sign in until they set one."""
        user = self.model(username=username, email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """User names are found whatever their case: people type them from paper."""
        # Lower, not iexact (which compares UPPER): the index that makes names unique is on Lower.
        return self.alias(low=Lower("username")).get(low=Lower(Value(username or "")))

    def demo_people(self) -> "models.QuerySet[User]":
        """The people of the demo state whom anyone may sign in as: one a role, named after it."""
        return self.filter(is_demo=True, is_active=True, username__endswith=".demo").order_by("id")

    def demo_places(self) -> list[dict[str, Any]]:
        """The demo people as plain values, one row a seat, with its role's label and its place."""
        rows = self.demo_people().values(
            "username", "first_name", "last_name", "email",
            role=F("seats__role"),
            place=Coalesce(
                "seats__school__name", "seats__district__name", "seats__college__name",
                "seats__consortium__name", Value(""),
            ),
        )  # fmt: skip
        return [{**row, "role": Role(row["role"]).label if row["role"] else ""} for row in rows]


class User(AbstractBaseUser):
    """Identity only: who signs in. What they may do is their seats; student facts are on Student."""

    private_fields: ClassVar = {"username", "email", "first_name", "last_name", "password", "last_login"}
    public_fields: ClassVar = {
        "id", "public_id", "is_active", "is_demo", "email_confirmed_at", "created_at",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField("user name", max_length=150)
    email = models.EmailField("e-mail", max_length=254)
    first_name = models.CharField("first name", max_length=150)
    last_name = models.CharField("last name", max_length=150, blank=True)
    is_active = models.BooleanField("active", default=True)
    is_demo = models.BooleanField("invented for the demo state", default=False)
    email_confirmed_at = models.DateTimeField("e-mail confirmed at", null=True, blank=True)
    created_at = models.DateTimeField("created at", default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["email", "first_name"]
    objects = UserManager()

    #: The seat the person chose to work as, for this request; set by HatMiddleware, narrows visible_to.
    hat: int | None = None

    class Meta:
        ordering = ("username",)
        constraints = (
            models.UniqueConstraint(
                Lower("username"), name="user_name_once", violation_error_message="That user name is taken."
            ),
        )

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


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

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("subject_type", "subject_id", "at"), name="event_by_subject"),)
        triggers = (pgtrigger.Protect(name="event_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id}"


class RateLimit(models.Model):
    """How often one thing was tried in the stretch of time that began with its first try.

    The key is a keyed fingerprint of what is counted (an account at an address, an address), so that the
    table tells nobody who signs in from where. Rows past their end count for nothing and are swept.
    """

    public_fields: ClassVar = {"id", "key", "tries", "ends_at"}
    private_fields: ClassVar[set[str]] = set()

    key = models.CharField("key", max_length=64, unique=True)
    tries = models.PositiveIntegerField("tries")
    ends_at = models.DateTimeField("counts until", db_index=True)

    class Meta:
        ordering = ("ends_at", "id")

    def __str__(self) -> str:
        return f"{self.tries} until {self.ends_at}"


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
        "id", "public_id", "key", "state", "attempts", "not_before", "created_at", "done_at",
    }  # fmt: skip
    private_fields: ClassVar = {"to", "subject", "text", "error"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField("to", max_length=254)
    subject = models.CharField("subject", max_length=200)
    text = models.TextField("text")

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
