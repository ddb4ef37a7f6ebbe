"""Who may grade, when, and what a percent becomes."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.access import Role, seats
from accounts.models import User
from articulations.models import Section
from grading.models import (
    NOT_ATTAINED,
    GradeEntry,
    RosterRow,
    Tally,
    WindowExtension,
    opened_again,
    teaches,
)
from organizations.models import CollegeYear, GradeScale, GradeScaleRow, Window
from organizations.rules import Calendar, Opening, read_percent, rounded, scale_row
from sers.lib.refusal import Refusal
from students.models import Registration

#: What counts as Not Attained and as nothing when it is typed into a grade box, folded.
_NOT_ATTAINED_WORDS = {"na", "n/a", "not attained"}
_NOTHING_WORDS = {"", "-", "--", "---"}


@dataclass(frozen=True, slots=True)
class CollegeGrade:
    """What a percent becomes at a college: points and letter, or Not Attained."""

    outcome: GradeEntry.Outcome
    points: Decimal | None
    letter: str

    @property
    def is_earned(self) -> bool:
        return self.outcome == GradeEntry.Outcome.COMPLETED

    def __str__(self) -> str:
        if not self.is_earned:
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

    @property
    def steps(self) -> list[tuple[Decimal, str]]:
        """What is awarded from which percent on, highest first, down to the minimum."""
        steps = []
        for row in sorted(self.rows, key=lambda row: row.percent_from, reverse=True):
            if row.points is not None or row.letter:
                steps.append((max(row.percent_from, self.minimum), str(row)))
            if row.percent_from <= self.minimum:
                break
        return steps


def college_grade(
    percent: Decimal | None, *, rows: Sequence[GradeScaleRow], rounding: str, minimum: Decimal
) -> CollegeGrade:
    """A percent under the college's minimum, or below what its scale awards, or none at all, is Not Attained.

    The percent is rounded first, by the policy of the scale: 84.999 is 84 and so under 85. A row of the scale
    without points and letter awards nothing.
    """
    if percent is not None and rounded(percent, rounding) >= minimum:
        row = scale_row(percent, rows, rounding)
        if row is not None and (row.points is not None or row.letter):
            return CollegeGrade(GradeEntry.Outcome.COMPLETED, row.points, row.letter)
    return CollegeGrade(GradeEntry.Outcome.NOT_ATTAINED, None, "")


def standards_of(rows: Iterable[RosterRow]) -> dict[int, Standard]:
    """The measure of each row of a roster, by its id: its college's of that year, with the agreement's own
    minimum where it has one. One query, however many colleges; a college that set none is left out."""
    rows = list(rows)
    scales: dict[tuple[int, int], tuple[GradeScale, list[GradeScaleRow], Decimal]] = {}
    if rows:
        found = (
            CollegeYear.objects.filter(
                college__in={row.college_id for row in rows}, year__in={row.year_id for row in rows}
            )
            .order_by("college_id", "year_id", "-scale__rows__percent_from")
            .values_list(
                "college_id", "year_id", "minimum_percent", "scale_id", "scale__name", "scale__rounding",
                "scale__rows__percent_from", "scale__rows__points", "scale__rows__letter",
            )
        )  # fmt: skip
        for college, year, minimum, scale, name, rounding, percent, points, letter in found:
            if (college, year) not in scales:
                scales[college, year] = GradeScale(pk=scale, name=name, rounding=rounding), [], minimum
            if percent is not None:
                scales[college, year][1].append(
                    GradeScaleRow(scale_id=scale, percent_from=percent, points=points, letter=letter)
                )
    shared: dict[tuple[int, int, Decimal | None], Standard] = {}
    standards = {}
    for row in rows:
        if (row.college_id, row.year_id) not in scales:
            continue
        key = (row.college_id, row.year_id, row.own_minimum)
        if key not in shared:
            its_scale, steps, minimum = scales[row.college_id, row.year_id]
            shared[key] = Standard(its_scale, steps, minimum if row.own_minimum is None else row.own_minimum)
        standards[row.pk] = shared[key]
    return standards


def read_grade(typed: str) -> Decimal | str | None:
    """What a grade box holds: a percent, `NA` for Not Attained, or None while it is empty or reads `- - -`.

    Raises ValueError, with words for the person, for anything else.
    """
    text = "".join(unicodedata.normalize("NFKC", typed[:40]).casefold().split())
    if text in _NOTHING_WORDS:
        return None
    if text in {word.replace(" ", "") for word in _NOT_ATTAINED_WORDS}:
        return NOT_ATTAINED
    return read_percent(typed)


def can_grade(user: User, section: Section) -> bool:
    """A teacher grades the classes they are named on as teacher, and comments on them; nobody else does."""
    return teaches(user, section)


def can_read_comments(user: User) -> bool:
    """Comments are read by teachers, counselors and programme staff, never by districts or colleges."""
    return bool(seats(user, Role.TEACHER, Role.COUNSELOR, Role.CONSORTIUM, Role.STATE))


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


def class_calendar(section: Section) -> GradingCalendar:
    """When grades of one class may be entered; one query where `with_teachers` brought the class."""
    again = {(section.pk, consortium): until for consortium, until in opened_again(section).items()}
    windows = Window.objects.filter(year=section.year_id, kind=Window.Kind.GRADING)
    return GradingCalendar(windows, again, of_class=section.pk)


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
    elif not opening.is_open:
        state, label, words = "quiet", "Closed", f"Since {day_in_words(opening.closes_on, on)}"
    else:
        soon = blank > 0 and (opening.closes_on - on).days < 7
        state, label = ("wait", "Closes soon") if soon else ("done", "Open")
        words = f"Grades are due {day_in_words(opening.closes_on, on)}"
    return Grading(state, label, words, colleges, opening, blank)


def why_not_grade(
    row: RosterRow, *, calendar: Calendar, standard: Standard | None, on: date
) -> Refusal | None:
    """A grade or status can be entered or changed while the grading window is open, no credit is awarded,
    and the college has said what a percent is worth."""
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
    return None


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
    return f"{day:%B} {day.day}" + (f", {day.year}" if day.year != on.year else "")


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
