"""Who may enter agreements and classes, what makes them sound, and how an agreement reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, school_year_of, seats, stands_on
from accounts.models import User
from articulations.models import Articulation
from organizations.models import AcademicYear, College, Consortium, HighSchool, Seat
from sers.lib import moments
from sers.lib.refusal import Refusal

#: An agreement runs one or three school years: it is reviewed at least every third. Columbia Basin College's
#: High School Request to Articulate, as the other colleges have it.
MOST_YEARS: Final = 3


def can_enter_articulation(user: User | AnonymousUser, consortium: Consortium) -> bool:
    """Staff of a consortium enter its agreements."""
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def why_not_articulate(consortium: Consortium, college: College, school: HighSchool) -> Refusal | None:
    """An agreement joins a college of the consortium with a school; districts may lie across its border.

    All community and technical colleges accept equal credit, so only the college must be a member.
    """
    if not consortium.colleges.filter(pk=college.pk).exists():
        return Refusal(
            "college_elsewhere",
            f"{college} belongs to another consortium.",
            f"Choose a college of {consortium}, or ask that consortium to enter the agreement.",
        )
    return None


def why_not_run(first: int, last: int) -> Refusal | None:
    """An agreement runs from one school year to the same or a later one, three years at the most."""
    if last < first:
        return Refusal("ends_before", "The last school year comes before the first.", "Choose a later one.")
    if last - first >= MOST_YEARS:
        return Refusal(
            "runs_too_long",
            "An agreement is reviewed at least every three years.",
            f"Choose {years_in_words(first, first + MOST_YEARS - 1)} or fewer years.",
        )
    return None


def years_later(on: date, years: int) -> date:
    """The same day so many years later; February 28 for one that year has not."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def review_day(begun: date, valid_until: date, years: int) -> date:
    """An agreement is reviewed at its end, or so many years after it began or was last reviewed, whichever is first."""
    return min(valid_until, years_later(begun, years) - timedelta(days=1))


def days_of(first: int, last: int) -> tuple[date, date]:
    """The first and last day of these school years; an agreement is in force on both."""
    return date(first, 7, 1), date(last + 1, 6, 30)


def year_in_words(first: int) -> str:
    """`2026-27`: the school year that begins in that calendar year."""
    return f"{first}-{(first + 1) % 100:02}"


def years_in_words(first: int, last: int) -> str:
    """`2026-27`, or `2026-27 to 2028-29`."""
    return (
        year_in_words(first)
        if first == last
        else _("{first} to {last}").format(first=year_in_words(first), last=year_in_words(last))
    )


def validity_in_words(valid_from: date, valid_until: date) -> str:
    """The school years an agreement is valid in."""
    return years_in_words(school_year_of(valid_from), school_year_of(valid_until))


def state_of(agreement: Articulation, on: date) -> tuple[str, str]:
    """How an agreement stands on a day: the state of its tag and the word."""
    if agreement.valid_until < on:
        if agreement.terminated_at is not None:
            return "stop", _("Terminated")
        return "quiet", _("Expired") if agreement.successor is None else _("Renewed")
    if agreement.valid_from > on:
        return "progress", _("From {year}").format(year=year_in_words(school_year_of(agreement.valid_from)))
    if agreement.terminated_at is not None:
        return "wait", _("In force until {day}").format(day=moments.day(agreement.valid_until))
    return "done", _("In force")


def minimum_of(line: Mapping[str, Any], minimums: Mapping[int, Decimal]) -> Decimal | None:
    """The least percent that earns the credit: the agreement's own, or its college's; None when not set."""
    own: Decimal | None = line["own_minimum"]
    return minimums.get(line["college_id"]) if own is None else own


@dataclass(frozen=True, slots=True)
class Details:
    """What an agreement says, as its row in a list opens to it and as its page shows it."""

    lines: Sequence[Mapping[str, Any]]
    #: What other colleges give for a class of this agreement.
    others: Sequence[Mapping[str, Any]]
    minimum: Decimal | None
    years: str
    #: How many are registered this year; None for those who are not told.
    registered: int | None
    can_list: bool = False
    #: The industry credentials its classes prepare for, each once.
    prepares_for: Sequence[str] = ()

    @property
    def has_several_classes(self) -> bool:
        return len({line["high_school_course_id"] for line in self.lines}) > 1

    @property
    def needs_several_classes(self) -> bool:
        """Is there a course that asks for more than one class?"""
        return len({line["code"] for line in self.lines}) < len(self.lines)


def can_see_numbers(user: User | AnonymousUser) -> bool:
    """How many students are registered under an agreement is told to staff, whatever their reach."""
    return has_role(user, *(role for role in Role if role != Role.STUDENT))


def can_list_registered(user: User | AnonymousUser) -> bool:
    """Who sees students at all is led from that number to those within reach; faculty see none."""
    return has_role(user, *(role for role in Role if role not in (Role.STUDENT, Role.FACULTY)))


def can_enter_section(user: User, school: HighSchool) -> bool:
    """Consortium staff enter classes of the schools in their districts."""
    ids = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    return bool(ids) and school.district.consortia.filter(pk__in=ids).exists()


def why_not_teach(teacher: Seat, school: HighSchool) -> Refusal | None:
    """A class is taught by people who hold a teacher's seat at its school, or will: not by one whose seat ended."""
    has_ended = teacher.is_over(timezone.localdate())
    if teacher.role != Role.TEACHER or teacher.school_id != school.pk or has_ended:
        return Refusal(
            "teaches_elsewhere",
            "That teacher has no seat at this high school.",
            "Choose a teacher of the school.",
        )
    return None


#: So many school years a page offers to look back.
YEARS_BACK: Final = 5


def years_of(span: tuple[date, date] | None, current: AcademicYear) -> list[AcademicYear]:
    """The school years a page of lines offers, latest first: the present one, the one to come if lines run into it,
    and those before it that had any, five at most."""
    first, last = span or (current.starts_on, current.ends_on)
    latest = max(current.first_year, min(school_year_of(last), current.first_year + 1))
    earliest = max(min(school_year_of(first), current.first_year), current.first_year - YEARS_BACK)
    return [AcademicYear(first_year=year) for year in range(latest, earliest - 1, -1)]


def year_asked(typed: str, years: Sequence[AcademicYear]) -> AcademicYear:
    """The school year that is asked for by its first calendar year, among these; the present one otherwise."""
    today = school_year_of(timezone.localdate())
    by_name = {str(year.first_year): year for year in years}
    return by_name.get(typed) or by_name.get(str(today)) or years[0]
