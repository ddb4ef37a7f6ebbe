"""Repeats a registrar has looked at: the earlier credit stands, and the class waits for nothing."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models import Registration, RegistrationQuerySet
from transcripts.models.awards import CreditAward


class SettledRepeatQuerySet(VisibleQuerySet):
    def standing(self) -> "SettledRepeatQuerySet":
        """Decisions nobody has taken back."""
        return self.filter(undone_at__isnull=True)

    def of(self, registration: Registration) -> "SettledRepeat | None":
        """What stands about a class."""
        found: SettledRepeat | None = (
            self.standing().filter(registration=registration).select_related("settled_by").first()
        )
        return found


class SettledRepeat(Record):
    """A registrar's decision that a repeated class earns nothing: it leaves the lists until the decision is undone."""

    seen_by: ClassVar = {
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "registration", "award", "settled_at", "settled_by", "undone_at", "undone_by",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="settled_repeats")
    #: The earlier credit, which stands.
    award = models.ForeignKey(CreditAward, models.PROTECT, related_name="settled_repeats")
    settled_at = models.DateTimeField("settled at", default=timezone.now)
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField("undone at", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SettledRepeatQuerySet.as_manager()

    class Meta:
        ordering = ("-settled_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("registration",), condition=Q(undone_at__isnull=True), name="repeat_is_settled_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_repeat_says_who",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="settled_repeat_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="settled_repeat_is_ink", fields=["registration", "award", "settled_at", "settled_by"]
            ),
            pgtrigger.Protect(
                name="undone_repeat_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"settled repeat {self.pk}"


def unsettled(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Of these classes those about which no registrar has said that the earlier credit stands."""
    return registrations.filter(~Exists(SettledRepeat.objects.standing().filter(registration=OuterRef("pk"))))
