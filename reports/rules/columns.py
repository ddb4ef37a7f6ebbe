"""Columns of lists: where each comes from, what it holds, and how it is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.models import User
from articulations.models import ArticulationCourse, Section
from articulations.rules import year_in_words
from grading.models import GradeEntry, percent_text
from organizations.models import AcademicYear
from reports.rules.credentials import earned_of
from students.models import Amendment, Registration, of_person, person_key
from transcripts.models import CreditAward


def text(value: Any) -> str:
    """The value as it stands; nothing is empty."""
    return "" if value is None else str(value)


def on_day(value: datetime | None) -> str:
    """`2026-06-15`, Pacific time: a spreadsheet sorts it."""
    return "" if value is None else timezone.localdate(value).isoformat()


def day_of(value: date | None) -> str:
    """`2026-06-15`."""
    return "" if value is None else value.isoformat()


def listed(values: Sequence[str] | None) -> str:
    """`Marketing 1 and Marketing 2`."""
    return get_text_list(list(values or ()), "and")


def percent(value: Decimal | None) -> str:
    """`97`, `95.5`; empty without one."""
    return "" if value is None else percent_text(value)


def label_of(choices: Any) -> Callable[[Any], str]:
    """The word of a choice, in English."""
    words = {value: str(label) for value, label in choices}
    return lambda value: words.get(value, text(value))


@dataclass(frozen=True, slots=True)
class Shared:
    """Where several columns come from at once: a row asks it once and reads it once, and each column tells its own of it."""

    of: Any
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A column: its head, where it comes from (a part of a query, or what it shares with others), what it holds, and how
    it is written."""

    head: str
    of: Any
    holds: str
    told: Callable[[Any], str] = text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: its rows for a reader and school year, its columns, and whose record a row is."""

    name: str
    rows: Callable[[User, AcademicYear | None], QuerySet[Any]]
    columns: tuple[Told, ...]
    #: The way from a row to its student; empty where the row is one, None where it is about nobody.
    student: str | None = "student"

    @property
    def heads(self) -> list[str]:
        return [column.head for column in self.columns]

    def lines(self, found: QuerySet[Any]) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        """Each row with whose record it is (student, account, district), and its cells."""
        whose = (
            ()
            if self.student is None
            else (F("pk"), F("user_id"), F("school__district_id"))
            if not self.student
            else (
                person_key(self.student),
                of_person("user_id", path=self.student),
                of_person("school__district_id", path=self.student),
            )
        )
        sources = list({id(column.of): column.of for column in self.columns}.values())
        places = {id(source): place for place, source in enumerate(sources)}
        asked = (source.of if isinstance(source, Shared) else source for source in sources)
        for row in found.order_by("pk").values_list(*whose, *asked):
            cells = [
                source.read(cell) if isinstance(source, Shared) else cell
                for source, cell in zip(sources, row[len(whose) :], strict=True)
            ]
            yield row[: len(whose)], [column.told(cells[places[id(column.of)]]) for column in self.columns]


def teachers(section: str) -> ArraySubquery:
    """The names of a class's teachers."""
    taught = Section.teachers.through._base_manager.filter(section=OuterRef(section))
    names = Concat("seat__user__first_name", Value(" "), "seat__user__last_name")
    return ArraySubquery(taught.order_by("seat__user__last_name", "seat_id").values_list(names, flat=True))


def courses(agreement: str, taught: str, column: str) -> ArraySubquery:
    """What an agreement gives for a class."""
    lines = ArticulationCourse._base_manager.filter(
        articulation=OuterRef(agreement), high_school_course=OuterRef(taught)
    )
    return ArraySubquery(lines.order_by("college_course__code", "pk").values_list(column, flat=True))


def about_student(path: str) -> tuple[Told, ...]:
    """Who it is, by the record that stands for the person; `path` leads to the student."""
    who = partial(of_person, path=path)
    return (
        Told("CTE Dual Credit ID", who("sers_id"), "The student’s ID in SERS"),
        Told("Last name", who("last_name"), "Legal last name"),
        Told("First name", who("first_name"), "Legal first name"),
        Told("Middle name", who("middle_name"), "Legal middle name"),
        Told("High school", who("school__name"), "The student’s own school today"),
        Told("School district", who("school__district__name"), "The district of that school"),
    )


def about_class(path: str) -> tuple[Told, ...]:
    """The class of a registration; `path` leads to the registration, `` where the row is one."""
    return (
        Told("Class", F(f"{path}high_school_course__title"), "The class as its school names it"),
        Told(
            "Course ID", F(f"{path}high_school_course__local_code"), "The class in its district’s own system"
        ),
        Told("State course code", F(f"{path}high_school_course__state_code"), "The class in CEDARS"),
        Told("Period or section", F(f"{path}section__label"), "Which of several classes of that name"),
        Told("Term", F(f"{path}section__term"), "When it is taught", label_of(Section.Term.choices)),
        Told("Taught at", F(f"{path}high_school_course__school__name"), "The school that teaches it"),
        Told("Teachers", teachers(f"{path}section"), "Who teaches it, and who did and left", listed),
        Told("School year", F(f"{path}year__first_year"), "The school year of the class", year_in_words),
        Told("College", F(f"{path}college__name"), "The college that gives the credit"),
        Told("Consortium", F(f"{path}articulation__consortium__name"), "The consortium of the agreement"),
        Told(
            "College courses",
            courses(f"{path}articulation", f"{path}high_school_course", "college_course__code"),
            "What the agreement gives for the class",
            listed,
        ),
    )


def about_statements(path: str) -> Told:
    """What students state about the registration or its grade (34 CFR 99.21(c)); `path` leads to the registration, `pk`
    where the row is one. Not about comments, which no list tells."""
    found = Amendment._base_manager.filter(
        registration=OuterRef(path), stated_at__isnull=False, item__in=Amendment.OF_CREDIT
    )
    return Told(
        "Statement",
        ArraySubquery(found.order_by("stated_at", "pk").values_list("statement", flat=True)),
        "What the student, or a parent, states about the registration or its grade, where it was contested",
        on_one_line,
    )


def on_one_line(values: Sequence[str] | None) -> str:
    """Texts in one cell, without line breaks."""
    return "; ".join(" ".join(one.split()) for one in values or ())


# --- Which rows -------------------------------------------------------------------------------------------


def registrations(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Registrations of every status."""
    rows: QuerySet[Any] = Registration.objects.visible_to(user)
    return rows if year is None else rows.filter(year=year)


def grades(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """The grade that counts of each registration."""
    rows: QuerySet[Any] = GradeEntry.objects.visible_to(user).current()
    return rows if year is None else rows.filter(registration__year=year)


def awards(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Credit that stands: not what was corrected or taken back."""
    rows: QuerySet[Any] = CreditAward.objects.visible_to(user).standing()
    return rows if year is None else rows.filter(year=year)


def credentials(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Industry credentials that stand."""
    return earned_of(user, year)
