"""Who may grade, and when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from articulations.models import AssuranceText, Section
from articulations.rules import unassured
from grading.models import RosterRow, Tally, WindowExtension, opened_again, teaches
from grading.rules.standards import Standard
from organizations.models import Window
from organizations.rules import Calendar, Opening
from sers.lib.moments import day as full_day
from sers.lib.moments import short_day
from sers.lib.refusal import Refusal
from students.models import Registration
from students.rules import Whose


def can_grade(user: User, section: Section) -> bool:
    """A teacher grades the classes they are named on as teacher, and comments on them; nobody else does."""
    return teaches(user, section)


class GradingCalendar(Calendar):
    """The grading windows of a year, and the classes for which one was opened again on request.

    `of_class` is the class that is meant where an opening is asked without naming one: a roster is of one class.
    """

    def __init__(
        self,
        windows: Iterable[Window],
        opened_again: Mapping[tuple[int, int], date] | None = None,
        *,
        of_class: int = 0,
    ) -> None:
        super().__init__(windows)
        self.opened_again = opened_again or {}
        self.of_class = of_class

    def until(self, section_id: int, consortium_id: int) -> date | None:
        """Until when grading is, or was, open again for this class; None when it never was."""
        return self.opened_again.get((section_id or self.of_class, consortium_id))


def grading_calendar(year_id: int, section_ids: Sequence[int] = ()) -> GradingCalendar:
    """When grades may be entered in a school year, everywhere, and until when again for these classes; one query,
    two with classes."""
    windows = Window.objects.filter(year=year_id, kind=Window.Kind.GRADING)
    return GradingCalendar(windows, WindowExtension.objects.last_days(section_ids) if section_ids else {})


def class_calendar(section: Section, windows: Iterable[Window] | None = None) -> GradingCalendar:
    """When grades of one class may be entered; one query where `with_teachers` brought the class.

    A page that only shows gives the `windows` it has (`head_of`); who saves asks again, so that today decides.
    """
    again = {(section.pk, consortium): until for consortium, until in opened_again(section).items()}
    if windows is None:
        windows = Window.objects.filter(year=section.year_id, kind=Window.Kind.GRADING)
    return GradingCalendar(windows, again, of_class=section.pk)


def whose(rows: Iterable[RosterRow]) -> list[Whose]:
    """Whose records these rows show."""
    return [Whose(row.student_id, row.student_user_id, row.student_district_id) for row in rows]


def grading_opening(
    calendar: Calendar, *, consortium_id: int, college_id: int, year_id: int, on: date, section_id: int = 0
) -> Opening:
    """How grading stands: the window of the agreement's consortium, or the college's own, for that year; a class
    for which it was opened again is open until that day, its last day included."""
    opening = calendar.opening(
        Window.Kind.GRADING, consortium_id=consortium_id, college_id=college_id, year_id=year_id, on=on
    )
    again = calendar.until(section_id, consortium_id) if isinstance(calendar, GradingCalendar) else None
    if again is None or opening.is_open or opening.opens_on is None or opening.closes_on is None:
        return opening
    if again >= on:
        return Opening(True, min(opening.opens_on, on), again)
    if opening.opens_on > on:
        return opening
    return Opening(False, opening.opens_on, max(again, opening.closes_on))


@dataclass(frozen=True, slots=True)
class Grading:
    """How grading stands for a class at some of its colleges: a state, its words, until when, how many blanks."""

    state: str
    label: str
    words: str
    colleges: tuple[str, ...]
    opening: Opening
    blank: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """One class of a teacher: how many students, how many have a grade, and how grading stands."""

    section_id: int
    students: int
    graded: int
    blank: int
    ended: int
    gradings: tuple[Grading, ...]

    @property
    def is_done(self) -> bool:
        """Every student has a grade or has left: the class can be declared complete."""
        return self.students > 0 and not self.blank


def assignments(
    section_ids: Iterable[int], counted: Sequence[Tally], *, calendar: Calendar, year_id: int, on: date
) -> dict[int, Assignment]:
    """What each class still needs. Colleges whose windows agree are told once."""
    found = {}
    for section_id in section_ids:
        ours = [tally for tally in counted if tally.section_id == section_id]
        openings: dict[Opening, list[Tally]] = {}
        for tally in ours:
            opening = grading_opening(
                calendar,
                consortium_id=tally.consortium_id,
                college_id=tally.college_id,
                year_id=year_id,
                on=on,
                section_id=section_id,
            )
            openings.setdefault(opening, []).append(tally)
        number = {
            status: sum(tally.number for tally in ours if tally.status == status)
            for status in Registration.Status.values
        }
        graded = sum(number[status] for status in Registration.GRADED)
        ended = sum(number[status] for status in Registration.ENDED)
        blank = number[Registration.Status.IN_PROGRESS]
        found[section_id] = Assignment(
            section_id,
            students=graded + ended + blank,
            graded=graded,
            blank=blank,
            ended=ended,
            gradings=tuple(
                grading_stands(opening, theirs, on, several=len(openings) > 1)
                for opening, theirs in openings.items()
            ),
        )
    return found


def grading_stands(opening: Opening, counted: Sequence[Tally], on: date, *, several: bool = False) -> Grading:
    """A window in a word and its date; it closes soon in its last seven days while grades are missing.

    `several` names the colleges it stands for, where a class has windows that differ.
    """
    colleges = tuple(dict.fromkeys(tally.college for tally in counted)) if several else ()
    blank = sum(tally.number for tally in counted if tally.status == Registration.Status.IN_PROGRESS)
    if opening.opens_on is None or opening.closes_on is None:
        state, label, words = "quiet", "No dates", "Ask your consortium"
    elif opening.opens_on > on:
        state, label, words = "quiet", "Not open yet", f"Opens {day_in_words(opening.opens_on, on)}"
    elif not opening.is_open and blank:
        state, label = "stop", "Closed"
        words = f"Since {day_in_words(opening.closes_on, on)}: {blank} without a grade"
    elif not opening.is_open:
        state, label, words = "quiet", "Closed", f"Since {day_in_words(opening.closes_on, on)}"
    else:
        soon = blank > 0 and (opening.closes_on - on).days < 7
        state, label = ("wait", "Closes soon") if soon else ("done", "Open")
        left = (opening.closes_on - on).days
        when = {0: ", today", 1: ", tomorrow"}.get(left, f", in {left} days" if left <= 31 else "")
        words = f"Grades are due {day_in_words(opening.closes_on, on)}{when if blank else ''}"
    return Grading(state, label, words, colleges, opening, blank)


def why_not_grade(
    row: RosterRow,
    *,
    calendar: Calendar,
    standard: Standard | None,
    on: date,
    no_grades_yet: Collection[int] = (),
) -> Refusal | None:
    """A grade or status can be entered or changed while the grading window is open, no credit is awarded,
    and the college has said what a percent is worth. `no_grades_yet`: colleges (ids) that take no grades of the class before
    one of its teachers has signed the Annual Teacher Assurance."""
    if row.awarded_at is not None:
        return Refusal(
            "credit_awarded",
            "The college has awarded credit for this class.",
            "Ask your consortium for a Grade Change.",
        )
    opening = grading_opening(
        calendar, consortium_id=row.consortium_id, college_id=row.college_id, year_id=row.year_id, on=on
    )
    if not opening.is_open:
        return why_closed(opening, on)
    if standard is None:
        return Refusal(
            "no_scale",
            f"{row.college} has not set its grade scale for this school year.",
            "Ask your consortium to set it.",
        )
    if row.college_id in no_grades_yet:
        return Refusal(
            "not_assured",
            f"{row.college} takes no grades before the Annual Teacher Assurance is signed.",
            "Sign it, then enter the grade.",
        )
    return None


def colleges_unassured(section: Section) -> frozenset[int]:
    """The colleges (ids) that take no grades of a class because none of its teachers has signed their assurance."""
    return frozenset(college for _, college in unassured([section], AssuranceText.Blocks.GRADING))


def why_closed(opening: Opening, on: date) -> Refusal:
    """Why grades cannot be entered on that day: not yet, no longer, or no dates at all."""
    if opening.opens_on is None or opening.closes_on is None:
        return Refusal(
            "no_grading_window", "The dates for grading are not set.", "Ask your consortium to set them."
        )
    if opening.opens_on > on:
        return Refusal(
            "grading_not_open", f"Grades can be entered from {day_in_words(opening.opens_on, on)}."
        )
    return Refusal(
        "grading_closed",
        f"Grading closed {day_in_words(opening.closes_on, on)}.",
        "Ask your consortium to open it again.",
    )


def day_in_words(day: date, on: date) -> str:
    """`June 25`, with the year where it is another one."""
    return short_day(day) if day.year == on.year else full_day(day)


def why_stands(standard: Standard) -> str:
    """A grade that was saved is not emptied: it is replaced, or its whole Save Changes is undone."""
    if standard.is_whole:
        return "A saved grade cannot be taken away. Enter the right one, or NA for Not Attained."
    return "A saved grade stands. Enter every part of it to replace it, or NA for Not Attained."


def why_not_undo(
    row: RosterRow,
    *,
    now: Mapping[str, Any],
    then: Mapping[str, Any],
    calendar: Calendar,
    standard: Standard | None,
    on: date,
) -> Refusal | None:
    """A row of a receipt is undone while it stands as that Save Changes left it, and its grade may be changed.

    `now` is what stands of it, `then` what the receipt says stood before (`was`) and after (`now`).
    """
    if now != then["now"]:
        return Refusal("changed_since", f"{row.name} was changed since.")
    refusal = why_not_grade(row, calendar=calendar, standard=standard, on=on)
    if refusal is not None:
        return refusal
    was = then["was"]["status"]
    if row.status in Registration.ENDED and was not in Registration.ENDED and row.registered_again:
        return Refusal("registered_again", f"{row.name} has registered for this class again.")
    return None


def why_not_status(row: RosterRow, wanted: str) -> Refusal | None:
    """A student who left the class comes back only while no other registration of it took its place."""
    if row.status in Registration.ENDED and wanted not in Registration.ENDED and row.registered_again:
        return Refusal(
            "registered_again",
            f"{row.name} has registered for this class again.",
            "Enter the grade on that registration.",
        )
    if wanted != row.status and wanted not in Registration.TRANSITIONS[Registration.Status(row.status)]:
        return Refusal(
            "grade_stands",
            "A saved grade cannot be taken away.",
            "Enter the right one, or NA for Not Attained.",
        )
    return None
