"""For what the State looks at students' records: said before the first record is shown, and kept."""

from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User


class StatedPurposeQuerySet(VisibleQuerySet):
    def standing(self, reader: User) -> "StatedPurpose | None":
        """The purpose this person stated last, while it holds."""
        found: StatedPurpose | None = self.filter(reader=reader, until__gt=timezone.now()).first()
        return found


class StatedPurpose(Record):
    """Ink: what a person of the State reads students' records for, and what allows it; it holds for a working day.

    34 CFR 99.31(a)(3) and 99.35 let state officials read records to audit or evaluate a programme, under a written
    agreement. What is stated here stands as the reason beside each reading.
    """

    STANDS_FOR: ClassVar = timedelta(hours=10)

    seen_by: ClassVar = {Role.STATE: ALL}
    public_fields: ClassVar = {"id", "reader", "stated_at", "until"}
    private_fields: ClassVar = {"purpose", "agreement"}

    reader = models.ForeignKey(User, models.PROTECT, related_name="purposes")
    purpose = models.CharField("purpose", max_length=180)
    agreement = models.CharField("written agreement", max_length=80)
    stated_at = models.DateTimeField("stated at", default=timezone.now, editable=False)
    until = models.DateTimeField("holds until", editable=False)

    objects = StatedPurposeQuerySet.as_manager()

    class Meta:
        ordering = ("-stated_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(agreement=""), name="purpose_and_agreement_are_stated"
            ),
        )
        indexes = (models.Index(fields=("reader", "until"), name="purpose_by_reader"),)
        triggers = (pgtrigger.Protect(name="purpose_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"purpose of {self.reader_id}"

    @property
    def reason(self) -> str:
        """As it stands beside each reading: `Audit of fees 2026 (Interagency agreement 26-104)`."""
        return f"{self.purpose} ({self.agreement})"
