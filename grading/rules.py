"""Who may grade, when, and what a percent becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.access import Role, seats
from accounts.models import User
from articulations.models import Section
from grading.models import GradeEntry
from organizations.models import CollegeYear, GradeScale, GradeScaleRow, Window
from organizations.rules import Calendar, rounded, scale_row
from sers.lib.refusal import Refusal
from students.models import Registration


@dataclass(frozen=True, slots=True)
class CollegeGrade:
    """What a percent becomes at a college: points and letter, or Not Attained."""

    outcome: GradeEntry.Outcome
    points: Decimal | None
    letter: str

    def __str__(self) -> str:
        if self.outcome == GradeEntry.Outcome.NOT_ATTAINED:
            return str(self.outcome.label)
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()


@dataclass(frozen=True, slots=True)
class Standard:
    """A college's measure of one year: its scale and its least percent."""

    scale: GradeScale
    rows: Sequence[GradeScaleRow]
    minimum: Decimal

    def college_grade(self, percent: Decimal | None) -> CollegeGrade:
        return college_grade(percent, rows=self.rows, rounding=self.scale.rounding, minimum=self.minimum)


def college_grade(
    percent: Decimal | None, *, rows: Sequence[GradeScaleRow], rounding: str, minimum: Decimal
) -> CollegeGrade:
    """A percent under the college's minimum, or below its scale, or none at all, is Not Attained.

    The percent is rounded first, by the policy of the scale: 84.999 is 84 and so under 85.
    """
    if percent is not None and rounded(percent, rounding) >= minimum:
        row = scale_row(percent, rows, rounding)
        if row is not None:
            return CollegeGrade(GradeEntry.Outcome.COMPLETED, row.points, row.letter)
    return CollegeGrade(GradeEntry.Outcome.NOT_ATTAINED, None, "")


def standard(college_year: CollegeYear, own_minimum: Decimal | None) -> Standard:
    """The measure of a registration: its college's, with the agreement's own minimum where it has one."""
    return Standard(
        scale=college_year.scale,
        rows=list(college_year.scale.rows.all()),
        minimum=college_year.minimum_percent if own_minimum is None else own_minimum,
    )


def can_grade(user: User, section: Section) -> bool:
    """A teacher grades the classes they are named on as teacher; nobody else does."""
    held = {seat.id for seat in seats(user, Role.TEACHER)}
    return bool(held) and any(teacher.id in held for teacher in section.teachers.all())


def why_not_grade(registration: Registration, calendar: Calendar, on: date) -> Refusal | None:
    """A grade can be entered or changed while the grading window is open and no credit is awarded."""
    if registration.awarded_at is not None:
        return Refusal(
            "credit_awarded",
            "The college has awarded credit for this class.",
            "A Grade Change is needed: ask your consortium.",
        )
    opening = calendar.opening(
        Window.Kind.GRADING,
        consortium_id=registration.articulation.consortium_id,
        college_id=registration.college_id,
        year_id=registration.year_id,
        on=on,
    )
    if opening.is_open:
        return None
    if opening.opens_on and opening.opens_on > on:
        return Refusal(
            "grading_not_open", f"Grades can be entered from {opening.opens_on:%B} {opening.opens_on.day}."
        )
    return Refusal(
        "grading_closed",
        f"Grading closed {opening.closes_on:%B} {opening.closes_on.day}."
        if opening.closes_on
        else "No grading window is set.",
        "Ask your consortium to open it again.",
    )
