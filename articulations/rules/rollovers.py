"""Rolling over: which classes are made anew in the next school year, which not and why; and who teaches a class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from accounts.access import Role, stands_on
from accounts.models import User
from articulations.models import ArticulationCourse, Rollover, Section
from articulations.rules.agreements import can_enter_section, why_not_teach
from organizations.models import AcademicYear, Consortium, HighSchool, Seat
from sers.lib.refusal import Refusal

#: What becomes of a class, and the state of its tag.
OUTCOMES: Final = {
    "new": ("done", "Made anew"),
    "there": ("quiet", "There already"),
    "no_agreement": ("stop", "No agreement"),
    "no_teacher": ("wait", "No teacher"),
}


@dataclass(frozen=True, slots=True)
class Rolled:
    """One class of the year before, and what becomes of it in the next."""

    section: Section
    outcome: str
    #: The teachers who go on with it, and the names of those who have left.
    teachers: tuple[Seat, ...]
    left: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.section.public_id)

    @property
    def tag(self) -> tuple[str, str]:
        return OUTCOMES[self.outcome]

    @property
    def names(self) -> str:
        return ", ".join(one.user.name for one in self.teachers)

    @property
    def told(self) -> str:
        """What changes, or why it is not made."""
        gone = f"{', '.join(self.left)} {'has' if len(self.left) == 1 else 'have'} left" if self.left else ""
        if self.outcome == "no_agreement":
            return "No agreement is in force in that year. Renew it, or leave the class out."
        if self.outcome == "no_teacher":
            return f"{gone or 'It has no teacher'}. Choose who teaches it."
        waits = [one.user.name for one in self.teachers if one.user.activated_at is None]
        invited = f"{', '.join(waits)} has not activated the account yet" if waits else ""
        return ". ".join(filter(None, (gone, invited)))


def can_roll_over(user: User, consortium: Consortium) -> bool:
    """Staff of a consortium roll its classes over."""
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def why_not_roll_over(
    user: User, consortium: Consortium, school: HighSchool | None, first: int, following: int
) -> Refusal | None:
    """A consortium rolls over its own schools, from a school year to the one after it, and not into the past."""
    if not can_roll_over(user, consortium) or (school is not None and not can_enter_section(user, school)):
        return Refusal("not_consortium", f"Staff of {consortium} roll over its classes.")
    if following != first + 1:
        return Refusal("not_following", "Classes are rolled over from one school year to the next.")
    if following < AcademicYear.objects.current().first_year:
        return Refusal("past", "That school year is over.", "Choose this school year or the next.")
    return None


def rolled_over(
    consortium: Consortium, school: HighSchool | None, year_from: AcademicYear, year_to: AcademicYear
) -> list[Rolled]:
    """What becomes of each class. A fixed number of queries, however many classes there are."""
    today = timezone.localdate()
    sections = Section.objects.of_schools(consortium, school)
    before = sections.filter(year__first_year=year_from.first_year).for_rolling()
    courses = {one.high_school_course_id for one in before}
    covered = set(
        ArticulationCourse.objects.between(year_to.starts_on, year_to.ends_on)
        .filter(high_school_course__in=courses)
        .values_list("high_school_course", flat=True)
    )
    there = sections.filter(year__first_year=year_to.first_year).values_list(
        "high_school_course", "term", "label", "copied_from"
    )
    same = {(course, term, label) for course, term, label, _ in there}
    copied = {source for *_, source in there}
    found = []
    for section in before:
        living = [one for one in section.teachers.all() if not one.is_over(today) and one.user.is_active]
        left = [one.user.name for one in section.teachers.all() if one not in living]
        key = (section.high_school_course_id, section.term, section.label)
        if section.pk in copied or key in same:
            outcome = "there"
        elif section.high_school_course_id not in covered:
            outcome = "no_agreement"
        else:
            outcome = "new" if living else "no_teacher"
        found.append(Rolled(section, outcome, tuple(living), tuple(left)))
    return found


def tally_of(rolled: Iterable[Rolled]) -> list[tuple[int, str]]:
    """How many classes come to what, in the order of OUTCOMES."""
    rows = list(rolled)
    counted = [
        (sum(one.outcome == outcome for one in rows), OUTCOMES[outcome][1].lower()) for outcome in OUTCOMES
    ]
    return [(number, words) for number, words in counted if number]


def why_not_undo_rollover(user: User, rollover: Rollover, registered: int) -> Refusal | None:
    """What was rolled over is taken back as long as nobody has registered in it, once."""
    if not can_roll_over(user, rollover.consortium):
        return Refusal("not_consortium", f"Staff of {rollover.consortium} take it back.")
    if rollover.undone_at is not None:
        return Refusal("undone", "It was taken back already.")
    if registered:
        who = "1 student is" if registered == 1 else f"{registered} students are"
        return Refusal(
            "registered",
            f"{who} registered in these classes.",
            "Change the classes one by one: each has a page of its own.",
        )
    return None


def why_not_change_teachers(user: User, section: Section, teachers: Sequence[Seat]) -> Refusal | None:
    """Consortium staff say who teaches a class of their schools: people with a seat at it, one at least."""
    school = section.high_school_course.school
    if not can_enter_section(user, school):
        return Refusal("other_district", f"{school} is not in a district of your consortium.")
    if not teachers:
        return Refusal("no_teacher", "A class needs a teacher.", "Choose one.")
    return next((refusal for one in teachers if (refusal := why_not_teach(one, school)) is not None), None)


def teachers_by_school(schools: Iterable[int], on: date) -> Mapping[int, list[Seat]]:
    """Who may teach at these schools (ids), by name; one query."""
    found: dict[int, list[Seat]] = {}
    seats = Seat.objects.held_on(on).filter(role=Role.TEACHER, school__in=list(schools), user__is_active=True)
    for seat in seats.select_related("user").order_by("user__last_name", "user__first_name", "id"):
        found.setdefault(seat.school_id or 0, []).append(seat)
    return found


def left_of(section: Section) -> list[str]:
    """The names of teachers of a class who have left or cannot sign in any more."""
    today = timezone.localdate()
    return [one.user.name for one in section.teachers.all() if one.is_over(today) or not one.user.is_active]


def handed_in_words(number: int) -> str:
    """What handing over did."""
    return f"{number} {'class has a teacher' if number == 1 else 'classes have teachers'} again. Each was mailed."
