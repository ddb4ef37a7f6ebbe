"""Grades, written in ink, and comments on a class roster."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import GradeScale
from students.models import Registration


class GradeEntryQuerySet(VisibleQuerySet):
    def current(self) -> "GradeEntryQuerySet":
        """The last entry of each registration: the grade that counts."""
        return self.order_by("registration_id", "-number").distinct("registration_id")


class GradeEntry(Record):
    """Ink: one grade entered for one registration. The last entry counts; none is changed or removed."""

    class Outcome(models.TextChoices):
        COMPLETED = "completed", "Completed"
        NOT_ATTAINED = "not_attained", "Not Attained"

    seen_by: ClassVar = {
        Role.STUDENT: "registration__student__user",
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: ("registration__student__school", "registration__high_school_course__school"),
        Role.DISTRICT: (
            "registration__student__school__district",
            "registration__high_school_course__school__district",
        ),
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "registration", "number", "scale", "entered_at", "entered_by"}
    private_fields: ClassVar = {"percent", "points", "letter", "outcome", "reason"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="grades")
    number = models.PositiveSmallIntegerField("number")
    percent = models.DecimalField("Student Grade", max_digits=5, decimal_places=2, null=True, blank=True)
    points = models.DecimalField(
        "college grade points", max_digits=2, decimal_places=1, null=True, blank=True
    )
    letter = models.CharField("college letter grade", max_length=3, blank=True)
    outcome = models.CharField("outcome", max_length=12, choices=Outcome)
    scale = models.ForeignKey(GradeScale, models.PROTECT, related_name="+")
    reason = models.CharField("reason", max_length=200, blank=True)
    entered_at = models.DateTimeField("entered at", db_default=Now())
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = GradeEntryQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "number")
        verbose_name_plural = "grade entries"
        constraints = (
            models.UniqueConstraint(fields=("registration", "number"), name="grade_entry_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                name="grade_is_a_percent",
                violation_error_message="Enter a percent from 0 to 100.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="completed", percent__isnull=False)
                | Q(outcome="not_attained", points__isnull=True, letter=""),
                name="grade_outcome_fits_its_grade",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="grade_entry_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} #{self.number}"

    @property
    def college_grade(self) -> str:
        """`3.9 A`; empty where the college awards nothing."""
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()


class RosterComment(Record):
    """A remark on a student in a class, read by programme staff and teachers; part of the student's record."""

    seen_by: ClassVar = {
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: "registration__high_school_course__school",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "registration", "written_at", "written_by"}
    private_fields: ClassVar = {"text"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="comments")
    text = models.TextField("comment", max_length=2000)
    written_at = models.DateTimeField("written at", db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "written_at", "id")

    def __str__(self) -> str:
        return f"comment on {self.registration_id}"
