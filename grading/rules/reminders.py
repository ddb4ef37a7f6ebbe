"""Which blanks are chased, on which day, and at which step."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count

from accounts.models import User
from articulations.models import Section
from grading.models import WindowExtension
from grading.rules.grades import GradingCalendar, grading_opening
from organizations.models import AcademicYear, Consortium, Window
from organizations.rules import Opening
from students.models import Registration

#: Teachers are reminded so long before the last day, and told so long after it.
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Blank:
    """A class with students who have neither grade nor status under a window, and the step of the reminder."""

    section_id: int
    title: str
    label: str
    term: str
    consortium: Consortium
    step: str
    closes_on: date
    number: int
    teachers: tuple[User, ...]


def step_of(opening: Opening, on: date) -> str:
    """Which reminder a window asks for on a day: `week` in its last seven days, `last` on the last two, `closed` in
    the seven days after; none otherwise."""
    if opening.closes_on is None or (opening.opens_on is not None and opening.opens_on > on):
        return ""
    left = opening.closes_on - on
    if opening.is_open:
        return "last" if left <= timedelta(days=1) else "week" if left <= WEEK else ""
    return "closed" if -left <= WEEK else ""


def blanks_to_chase(on: date) -> list[Blank]:
    """The classes to write about on that day; five queries, however many classes.

    Only years and consortia with a window, or a class opened again, that ends around that day are looked at.
    """
    around = (on - WEEK, on + WEEK)
    places = set(
        Window.objects.filter(kind=Window.Kind.GRADING, closes_on__range=around).values_list(
            "year_id", "consortium_id"
        )
    ) | set(
        WindowExtension.objects.filter(state=WindowExtension.State.GRANTED, until__range=around).values_list(
            "section__year_id", "consortium_id"
        )
    )
    if not places:
        return []
    rows = (
        Registration.objects.filter(
            status=Registration.Status.IN_PROGRESS,
            year__in={year for year, _ in places},
            articulation__consortium__in={consortium for _, consortium in places},
        )
        .order_by("section_id", "articulation__consortium_id", "college_id")
        .values_list("section_id", "articulation__consortium_id", "college_id", "year_id")
        .annotate(number=Count("pk"))
    )
    found: dict[tuple[int, int, str, date], int] = defaultdict(int)
    calendars = _calendars({year for year, _ in places}, {section for section, *_ in rows})
    for section, consortium, college, year, number in rows:
        opening = grading_opening(
            calendars[year],
            consortium_id=consortium,
            college_id=college,
            year_id=year,
            on=on,
            section_id=section,
        )
        if opening.closes_on is not None and (step := step_of(opening, on)):
            found[section, consortium, step, opening.closes_on] += number
    sections = Section.objects.filter(pk__in={section for section, *_ in found}).select_related(
        "high_school_course"
    )
    by_id = {one.pk: one for one in sections}
    consortia = Consortium.objects.in_bulk({consortium for _, consortium, *_ in found})
    teachers = _teachers(by_id, on)
    return [
        Blank(
            section,
            by_id[section].high_school_course.title,
            by_id[section].label,
            by_id[section].term,
            consortia[consortium],
            step,
            closes_on,
            number,
            tuple(teachers.get(section, ())),
        )
        for (section, consortium, step, closes_on), number in found.items()
    ]


def _calendars(years: set[int], sections: set[int]) -> dict[int, GradingCalendar]:
    """The grading calendar of each year, with what was opened again for these classes; two queries."""
    windows = list(Window.objects.filter(year__in=years, kind=Window.Kind.GRADING))
    again = WindowExtension.objects.last_days(sections)
    return {
        year: GradingCalendar([window for window in windows if window.year_id == year], again)
        for year in AcademicYear.objects.filter(pk__in=years).values_list("pk", flat=True)
    }


def _teachers(sections: dict[int, Section], on: date) -> dict[int, list[User]]:
    """Who teaches each class and can sign in; one query."""
    found: dict[int, list[User]] = defaultdict(list)
    seats = (
        Section.teachers.through.objects.filter(
            section__in=sections, seat__starts_on__lte=on, seat__user__is_active=True
        )
        .exclude(seat__ends_on__lt=on)
        .select_related("seat__user")
        .order_by("section_id", "seat_id")
    )
    for one in seats:
        found[one.section_id].append(one.seat.user)
    return found
