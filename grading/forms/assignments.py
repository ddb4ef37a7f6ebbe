"""The page Assignments."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.access import school_year_of
from accounts.models import User
from grading import rules
from grading.forms.words import counted, school_year_name
from grading.models import ClassCompletion, class_part, classes_of, tallies, taught_by, years_taught
from sers.lib.moments import short_day


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One class on the page Assignments."""

    title: str
    part: str
    school: str
    url: str
    stands: rules.Assignment
    sheet_url: str
    completion: ClassCompletion | None

    @property
    def state(self) -> tuple[str, str]:
        """The tag of a class without blanks: `done`, `Complete`."""
        return ("done", "Complete") if self.completion else ("wait", "Declare complete")


class AssignmentsPage:
    """The classes a teacher has in a school year, and what each still needs."""

    def __init__(self, user: User, *, on: date, first_year: int) -> None:
        self.this_year = school_year_of(on)
        self.years = {year.first_year: year for year in years_taught(user)}
        self.first_year = first_year
        self.name = school_year_name(first_year)
        self.is_this_year = first_year == self.this_year
        year = self.years.get(first_year)
        classes = classes_of(taught_by(user).filter(year=year)) if year else []
        ids = [one["id"] for one in classes]
        declared = ClassCompletion.objects.last_of(ids) if ids else {}
        stands = (
            rules.assignments(
                ids, tallies(ids), calendar=rules.grading_calendar(year.pk, ids), year_id=year.pk, on=on
            )
            if year
            else {}
        )
        self.lines = [
            AssignmentLine(
                one["title"],
                class_part(one["label"], one["term"]),
                one["school"],
                reverse("grading:roster", args=[one["public_id"]]),
                stands[one["id"]],
                reverse("grading:verification", args=[one["public_id"]]),
                declared.get(one["id"]),
            )
            for one in classes
        ]
        self.schools = len({line.school for line in self.lines})

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The years to choose from: this one always, and those with classes, latest first."""
        return [
            (year, school_year_name(year)) for year in sorted({*self.years, self.this_year}, reverse=True)
        ]

    @property
    def caption(self) -> str:
        return counted(len(self.lines), "class", "classes")

    @property
    def students(self) -> int:
        return sum(line.stands.students for line in self.lines)

    @property
    def blank(self) -> int:
        return sum(line.stands.blank for line in self.lines)

    @property
    def facts(self) -> str:
        """`3 classes, 61 students: 12 have no grade yet.`"""
        if not self.lines:
            return ""
        start = f"{counted(len(self.lines), 'class', 'classes')}, {counted(self.students, 'student')}"
        if not self.students:
            return f"{start}."
        if not self.blank:
            return f"{start}: nobody waits for a grade."
        return f"{start}: {self.blank} {'has' if self.blank == 1 else 'have'} no grade yet."

    @property
    def due(self) -> str:
        """What is to be done next, in a sentence; empty when there is nothing."""
        waiting = [
            (one.opening.closes_on, one.blank, line.stands.section_id)
            for line in self.lines
            for one in line.stands.gradings
            if one.opening.is_open and one.opening.closes_on and one.blank
        ]
        if not waiting:
            return ""
        first = min(day for day, _, _ in waiting)
        blank = sum(number for day, number, _ in waiting if day == first)
        classes = len({section for day, _, section in waiting if day == first})
        return f"Grades are due {short_day(first)}: {counted(blank, 'student')} in {counted(classes, 'class', 'classes')}."
