"""Open Badges that students asked for: one a credit award, signed, with a place in a list of what is revoked."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from organizations.models import College
from students.models import Student, records_of
from transcripts.models.awards import CreditAward


class BadgeQuerySet(VisibleQuerySet):
    def of(self, student: Student) -> "BadgeQuerySet":
        """A student's badges with the credit each stands for."""
        return self.filter(award__student__in=records_of(student)).select_related(
            "award__college", "award__year"
        )

    def in_full(self) -> "BadgeQuerySet":
        """With what the credential says."""
        return self.select_related("award__college", "award__year", "award__student", "award__superseded_by")

    def revoked(self, college: College) -> "BadgeQuerySet":
        """Badges of a college that count no more: taken back by the student, or their credit was corrected."""
        return self.filter(college=college).filter(
            Q(revoked_at__isnull=False) | Q(award__superseded_by__isnull=False)
        )


class Badge(Record):
    """A credential for one credit award. It says no more than the student asked it to say."""

    #: Places in one status list: the least the standard allows, so that no single badge can be told from it.
    PLACES: ClassVar = 131_072

    seen_by: ClassVar = {
        Role.STUDENT: "award__student__user",
        Role.REGISTRAR: "award__college",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "award", "college", "issued_at", "status_place", "revoked_at",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "grade_shown", "credential"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    award = models.OneToOneField(CreditAward, models.PROTECT, related_name="badge")
    #: The award's college: its status list has a place of its own for each badge.
    college = models.ForeignKey(College, models.PROTECT, related_name="badges")
    #: The name the credential carries, as it was on the day.
    name = models.CharField("name", max_length=310)
    grade_shown = models.BooleanField("the grade is shown", default=False)
    issued_at = models.DateTimeField("issued at", default=timezone.now)
    status_place = models.PositiveIntegerField("place in the status list")
    revoked_at = models.DateTimeField("revoked at", null=True, blank=True)
    #: The signed credential (JWT).
    credential = models.TextField("credential")

    objects = BadgeQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("college", "status_place"), name="badge_has_its_own_place"),
            models.CheckConstraint(condition=Q(status_place__lt=131_072), name="badge_place_is_in_its_list"),
        )

    def __str__(self) -> str:
        return f"badge {self.pk}"
