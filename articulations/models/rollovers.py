"""Rolling over: the classes of one school year made anew in the next, in one act that can be taken back."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import AcademicYear, Consortium, HighSchool


class RolloverQuerySet(VisibleQuerySet):
    def in_full(self) -> "RolloverQuerySet":
        return self.select_related("consortium", "school", "year_from", "year_to", "done_by", "undone_by")

    def latest_first(self) -> "RolloverQuerySet":
        return self.in_full().order_by("-done_at", "-id")


class Rollover(Record):
    """One act of rolling over a school or a whole consortium: what it made points back to it."""

    seen_by: ClassVar = {Role.CONSORTIUM: "consortium", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "consortium", "school", "year_from", "year_to", "made", "done_by", "done_at", "undone_by",
        "undone_at",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="rollovers")
    #: None for every school of the consortium.
    school = models.ForeignKey(HighSchool, models.PROTECT, null=True, blank=True, related_name="rollovers")
    year_from = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    year_to = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    made = models.PositiveIntegerField("classes made")
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField("done at", default=timezone.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField("taken back at", null=True, blank=True)

    objects = RolloverQuerySet.as_manager()

    class Meta:
        ordering = ("-done_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(year_from=F("year_to")), name="rollover_goes_to_another_year"
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="rollover_undone_has_its_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.school or self.consortium}, {self.year_from} to {self.year_to}"
