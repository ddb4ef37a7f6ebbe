"""Grades and their parts, written in ink."""

from decimal import Decimal
from typing import ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import CollegeYear, GradeScale
from students.models import Registration

#: How Not Attained is typed into a grade box, and how the box shows it.
NOT_ATTAINED: Final = "NA"


class EntryQuerySet(VisibleQuerySet):
    def current(self) -> "EntryQuerySet":
        """The grade that counts of each registration: its last entry, unless that one takes the grade back."""
        later = self.model._base_manager.filter(
            registration=OuterRef("registration"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later)).exclude(outcome=Entry.Outcome.TAKEN_BACK)


class Entry(Record):
    """Ink: what somebody entered for a registration. The last entry counts; none is changed or removed.

    What must not count any more is taken back by one more entry.
    """

    class Outcome(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        NOT_ATTAINED = "not_attained", _("Not Attained")
        TAKEN_BACK = "taken_back", _("Taken back")

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

    registration_id: int
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

    class Meta:
        abstract = True

    @property
    def stands(self) -> bool:
        """Does it say a grade, or that there is none any more?"""
        return self.outcome != self.Outcome.TAKEN_BACK

    @property
    def college_grade(self) -> str:
        """`3.9 A`; empty where the college awards nothing."""
        return grade_words(self.points, self.letter)

    @property
    def text(self) -> str:
        """What stands in its box on the roster: `97`, `3.9 A` where a grade was chosen, `NA`, or nothing."""
        return box_text(self.percent, self.points, self.letter, self.outcome)


#: A grade says nothing of what its college does not award, and a grade taken back says nothing at all.
SAYS_WHAT_IT_AWARDS = (
    (Q(outcome="completed") & (Q(percent__isnull=False) | Q(points__isnull=False) | ~Q(letter="")))
    | Q(outcome="not_attained", points__isnull=True, letter="")
    | Q(outcome="taken_back", percent__isnull=True, points__isnull=True, letter="")
)
IS_A_PERCENT = Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100)
INK = pgtrigger.Update | pgtrigger.Delete


class GradeEntry(Entry):
    """Ink: one grade entered for one registration."""

    public_fields: ClassVar = {"id", "registration", "number", "scale", "entered_at", "entered_by"}
    private_fields: ClassVar = {"percent", "points", "letter", "outcome", "reason"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="grades")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "number")
        verbose_name_plural = "grade entries"
        constraints = (
            models.UniqueConstraint(fields=("registration", "number"), name="grade_entry_once"),
            models.CheckConstraint(
                condition=IS_A_PERCENT,
                name="grade_is_a_percent",
                violation_error_message="Enter a percent from 0 to 100.",
            ),
            models.CheckConstraint(condition=SAYS_WHAT_IT_AWARDS, name="grade_outcome_fits_its_grade"),
        )
        triggers = (pgtrigger.Protect(name="grade_entry_is_ink", operation=INK),)

    def __str__(self) -> str:
        return f"{self.registration_id} #{self.number}"


class GradePart(Entry):
    """Ink: one part of a grade, where a college asks for several: a term, an industry exam, a competency checklist.

    The grade itself follows when the parts decide it, as a GradeEntry. A criterion is Completed when it is met.
    """

    Part = CollegeYear.Part
    #: Parts that are met or not met; the others are grades.
    CRITERIA: ClassVar = CollegeYear.CRITERIA

    public_fields: ClassVar = {"id", "registration", "part", "number", "scale", "entered_at", "entered_by"}
    private_fields: ClassVar = {"percent", "points", "letter", "outcome", "reason"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="grade_parts")
    part = models.CharField("part", max_length=9, choices=Part)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "part", "number")
        constraints = (
            models.UniqueConstraint(fields=("registration", "part", "number"), name="grade_part_once"),
            models.CheckConstraint(
                condition=Q(part__in=("whole", "first", "second", "exam", "checklist")),
                name="grade_part_is_known",
            ),
            models.CheckConstraint(condition=IS_A_PERCENT, name="part_is_a_percent"),
            models.CheckConstraint(
                condition=(~Q(part__in=("exam", "checklist")) & SAYS_WHAT_IT_AWARDS)
                | Q(
                    part__in=("exam", "checklist"),
                    percent__isnull=True,
                    points__isnull=True,
                    letter="",
                    outcome__in=("completed", "not_attained", "taken_back"),
                ),
                name="part_outcome_fits_its_grade",
            ),
        )
        triggers = (pgtrigger.Protect(name="grade_part_is_ink", operation=INK),)

    def __str__(self) -> str:
        return f"{self.registration_id} {self.part} #{self.number}"

    @property
    def text(self) -> str:
        return part_text(self.part, self.percent, self.points, self.letter, self.outcome)


#: A criterion as its list says it.
MET: Final = "met"
NOT_MET: Final = "not met"


def grade_words(points: Decimal | None, letter: str | None) -> str:
    """`3.9 A`, `3.9`, `A` or nothing."""
    return f"{points if points is not None else ''} {letter or ''}".strip()


def percent_text(percent: Decimal) -> str:
    """`97`, `95.5`: a percent without idle zeros."""
    return f"{percent.normalize():f}"


def box_text(percent: Decimal | None, points: Decimal | None, letter: str | None, outcome: str) -> str:
    """How a grade box shows an entry: `97`, `3.9 A` where a grade was chosen, `NA`, or nothing."""
    if outcome == Entry.Outcome.TAKEN_BACK:
        return ""
    if percent is not None:
        return percent_text(percent)
    return grade_words(points, letter) or NOT_ATTAINED


def part_text(
    part: str, percent: Decimal | None, points: Decimal | None, letter: str | None, outcome: str
) -> str:
    """How the box or list of a part shows an entry."""
    if part in GradePart.CRITERIA:
        return {Entry.Outcome.COMPLETED: MET, Entry.Outcome.NOT_ATTAINED: NOT_MET}.get(
            Entry.Outcome(outcome), ""
        )
    return box_text(percent, points, letter, outcome)
