"""Single-use links that are mailed: to a new account, to a way back in, to a confirmed address."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.people import User


class MailedLinkQuerySet(models.QuerySet["MailedLink"]):
    def open_at(self, moment: datetime) -> "MailedLinkQuerySet":
        """Links that still open something: never used, not ended by a newer one, not too old."""
        return self.filter(used_at__isnull=True, ended_at__isnull=True, expires_at__gt=moment)

    def newest_of(self, user: User, purpose: str) -> "MailedLink":
        """The link of this purpose that was made last for a person."""
        return self.filter(user=user, purpose=purpose).latest("created_at", "id")


class MailedLink(models.Model):
    """A link that was mailed to a person and works once. Kept is a fingerprint of its token, never the token."""

    class Purpose(models.TextChoices):
        ACTIVATE = "activate", "First sign-in"
        RECOVER = "recover", "A new password"
        RESET = "reset", "Reset Account"
        CONFIRM_EMAIL = "confirm_email", "A confirmed e-mail address"

    #: NIST SP 800-63B-4 4.2.2: a code sent by e-mail to recover an account lives 24 hours at most. A new student
    #: confirms an address in seven days, as long as they may register unconfirmed.
    LIFETIME: ClassVar = {
        Purpose.ACTIVATE: timedelta(hours=24),
        Purpose.RECOVER: timedelta(hours=24),
        Purpose.RESET: timedelta(hours=24),
        Purpose.CONFIRM_EMAIL: timedelta(days=7),
    }

    public_fields: ClassVar = {
        "id", "public_id", "user", "purpose", "created_at", "expires_at", "used_at", "ended_at", "asked_by",
    }  # fmt: skip
    private_fields: ClassVar = {"token_hash", "address"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="links")
    purpose = models.CharField("purpose", max_length=16, choices=Purpose)
    address = models.EmailField("mailed to", max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    #: Ended before it was used: by a newer link, a withdrawn seat, a changed address.
    ended_at = models.DateTimeField(null=True, blank=True)
    #: Who had it sent; empty for one the person asked for.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MailedLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(purpose__in=("activate", "recover", "reset", "confirm_email")),
                name="link_purpose_is_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="link_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(ended_at__isnull=True), name="link_is_used_or_ended"
            ),
        )
        indexes = (models.Index(fields=("user", "purpose", "-created_at"), name="link_of_person"),)

    def __str__(self) -> str:
        return f"{self.purpose} link of {self.user_id}"
