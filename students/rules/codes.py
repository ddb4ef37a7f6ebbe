"""Class codes: as they are kept, how many wrong ones may be tried, and what a class tells who has no account yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import RateLimit
from articulations.models import ArticulationCourse, Section
from organizations.models import AcademicYear, College, Window
from organizations.rules import Calendar, Opening
from sers.lib.moments import day, short_day, time_of_day
from sers.lib.refusal import Refusal
from students.models import Student

#: Wrong class codes in an hour: of one person, and of one network, behind which a whole school may stand.
WRONG_CODES_OF_PERSON = 20
WRONG_CODES_OF_ADDRESS = 100
WRONG_CODES_WITHIN = timedelta(hours=1)


def tidy_class_code(typed: str) -> str:
    """`abc 23-xy` as it is kept: `ABC23XY`. Empty when it cannot be a class code."""
    code = "".join(typed.upper().split()).replace("-", "")
    return code if len(code) <= 10 and code.isascii() and code.isalnum() else ""


def why_not_another_code(limit: RateLimit, *, known: bool) -> Refusal | None:
    """Twenty wrong class codes an hour for one who is signed in, a hundred for one network before that."""
    if limit.tries <= (WRONG_CODES_OF_PERSON if known else WRONG_CODES_OF_ADDRESS):
        return None
    until = timezone.localtime(limit.ends_at + timedelta(seconds=59))
    return Refusal(
        "too_many_codes",
        _("Too many class codes that no class has were tried in an hour."),
        _("Try again after {time}, or tick the class in the list of your school.").format(
            time=time_of_day(until)
        ),
    )


def still_comes_for(student: Student, *, year: AcademicYear) -> Section | None:
    """The class whose code brought a new student here, while it is of this school year; None once they registered."""
    section = student.came_for
    return section if section is not None and section.year_id == year.pk else None


def open_in_words(opening: Opening, *, on: date) -> str:
    """`Open until June 15`, `Opens February 1, 2027`, `Closed since June 16`: both days of a window count."""
    if opening.opens_on is None or opening.closes_on is None:
        return _("The consortium has not set the days yet")
    if not opening.is_open:
        if opening.opens_on > on:
            return _("Opens {day}").format(day=day(opening.opens_on))
        return _("Closed. The last day was {day}").format(day=day(opening.closes_on))
    if opening.closes_on == on:
        return _("Open today until midnight, Pacific time. This is the last day")
    return _("Open until {day}").format(day=short_day(opening.closes_on))


@dataclass(frozen=True, slots=True)
class Promise:
    """What one college gives for a class, and whether one can register for it on that day."""

    college: College
    lines: tuple[ArticulationCourse, ...]
    opening: Opening
    opening_words: str

    @property
    def credits(self) -> Decimal:
        return sum((line.credits for line in self.lines), Decimal(0))


def promises_of(section: Section, *, on: date) -> list[Promise]:
    """What every college gives for this class, for anyone who has its code; two queries."""
    by_college: dict[int, list[ArticulationCourse]] = {}
    for line in (
        ArticulationCourse.objects.in_force(on)
        .filter(high_school_course=section.high_school_course_id)
        .select_related("articulation__college", "articulation__consortium", "college_course")
        .order_by("articulation__college__name", "id")
    ):
        by_college.setdefault(line.articulation.college_id, []).append(line)
    calendar = Calendar.of(section.year)
    return [_promise(lines, section, calendar, on) for lines in by_college.values()]


def _promise(lines: Sequence[ArticulationCourse], section: Section, calendar: Calendar, on: date) -> Promise:
    agreement = lines[0].articulation
    opening = calendar.opening(
        Window.Kind.REGISTRATION,
        consortium_id=agreement.consortium_id,
        college_id=agreement.college_id,
        year_id=section.year_id,
        on=on,
    )
    return Promise(agreement.college, tuple(lines), opening, open_in_words(opening, on=on))
