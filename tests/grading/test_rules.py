"""Truth tables of grading: what a percent becomes, what a box may hold, when grades may be entered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.access import Role, seats
from grading import rules
from grading.models import NOT_ATTAINED, RosterRow, Tally, percent_text, roster_rows
from organizations.models import GradeScale, GradeScaleRow, Window
from organizations.rules import Calendar, Opening
from students.models import Registration
from tests.people import CBC_SCALE, LETTER_SCALE, Cast

DOWN, HALF_UP, NONE = GradeScale.Rounding.DOWN, GradeScale.Rounding.HALF_UP, GradeScale.Rounding.NONE


def steps(rows: tuple[tuple[str, str, str], ...]) -> list[GradeScaleRow]:
    return [
        GradeScaleRow(percent_from=Decimal(percent), points=Decimal(points), letter=letter)
        for percent, points, letter in rows
    ]


@pytest.mark.parametrize(
    ("percent", "rounding", "minimum", "expected"),
    [
        ("100", DOWN, "85", "4.0 A"),
        ("98", DOWN, "85", "4.0 A"),
        ("97", DOWN, "85", "3.9 A"),
        ("95.5", DOWN, "85", "3.8 A"),  # reads 95
        ("95.99", DOWN, "85", "3.8 A"),
        ("95.5", HALF_UP, "85", "3.9 A"),  # reads 96
        ("85", DOWN, "85", "3.0 B"),
        ("84.99", DOWN, "85", "Not Attained"),
        ("84.5", DOWN, "85", "Not Attained"),
        ("84.5", HALF_UP, "85", "3.0 B"),
        ("84.49", HALF_UP, "85", "Not Attained"),
        ("84.99", NONE, "85", "Not Attained"),
        ("85.01", NONE, "85", "3.0 B"),
        ("88", DOWN, "89", "Not Attained"),  # an agreement may ask more than its college
        ("82", DOWN, "80", "Not Attained"),  # or less: then the scale has nothing to give
        ("0", DOWN, "85", "Not Attained"),
    ],
)
def test_what_a_percent_becomes(percent: str, rounding: str, minimum: str, expected: str) -> None:
    grade = rules.college_grade(
        Decimal(percent), rows=steps(CBC_SCALE), rounding=rounding, minimum=Decimal(minimum)
    )
    assert str(grade) == expected


def test_a_row_of_the_scale_without_points_and_letter_awards_nothing() -> None:
    rows = [*steps(CBC_SCALE), GradeScaleRow(percent_from=Decimal(0), points=None, letter="")]
    grade = rules.college_grade(Decimal(82), rows=rows, rounding=DOWN, minimum=Decimal(80))
    assert str(grade) == "Not Attained"


def test_no_percent_is_not_attained() -> None:
    grade = rules.college_grade(None, rows=steps(LETTER_SCALE), rounding=DOWN, minimum=Decimal(0))
    assert (str(grade), grade.points, grade.letter) == ("Not Attained", None, "")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("97", "97"),
        (" 95 % ", "95"),
        ("95,5", "95.5"),
        ("９７", "97"),
        ("97.999", "97.99"),
        ("100.00", "100"),
        ("0", "0"),
        ("NA", NOT_ATTAINED),
        ("na", NOT_ATTAINED),
        ("N/A", NOT_ATTAINED),
        ("ＮＡ", NOT_ATTAINED),
        (" Not  Attained ", NOT_ATTAINED),
        ("", None),
        ("   ", None),
        ("- - -", None),
        ("---", None),
    ],
)
def test_what_a_grade_box_may_hold(typed: str, read: str | None) -> None:
    found = rules.read_grade(typed)
    assert (percent_text(found) if isinstance(found, Decimal) else found) == read


@pytest.mark.parametrize(
    "typed", ["197", "abc", "NaN", "-1", "100.01", "1e1", "9 7", "97%%", "Infinity", "٩٧", "A", "9" * 200_000]
)
def test_what_a_grade_box_refuses(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Enter a percent from 0 to 100\."):
        rules.read_grade(typed)


@pytest.mark.parametrize(
    ("percent", "text"), [("97.00", "97"), ("95.50", "95.5"), ("100.00", "100"), ("0", "0")]
)
def test_percents_are_shown_without_idle_zeros(percent: str, text: str) -> None:
    assert percent_text(Decimal(percent)) == text


def row_of(registration: Registration) -> RosterRow:
    (row,) = roster_rows(Registration.objects.filter(pk=registration.pk))
    return row


TODAY = date(2027, 6, 22)


def calendar_of(row: RosterRow, *windows: tuple[date, date], college: bool = False) -> Calendar:
    return Calendar(
        Window(
            kind=Window.Kind.GRADING, consortium_id=row.consortium_id, year_id=row.year_id,
            college_id=row.college_id if college else None, opens_on=opens_on, closes_on=closes_on,
        )
        for opens_on, closes_on in windows
    )  # fmt: skip


@pytest.mark.parametrize(
    ("windows", "rule", "words"),
    [
        ([(TODAY, TODAY)], "", ""),
        ([(TODAY - timedelta(30), TODAY + timedelta(3))], "", ""),
        (
            [(TODAY - timedelta(30), TODAY - timedelta(1))],
            "grading_closed",
            "Grading closed June 21. Ask your consortium to open it again.",
        ),
        ([(TODAY + timedelta(1), TODAY + timedelta(9))], "grading_not_open", "Grades can be entered from June 23."),
        (
            [(date(2026, 5, 1), date(2026, 6, 25))],
            "grading_closed",
            "Grading closed June 25, 2026. Ask your consortium to open it again.",
        ),
        ([], "no_grading_window", "The dates for grading are not set. Ask your consortium to set them."),
    ],
)  # fmt: skip
def test_when_grades_may_be_entered(
    cast: Cast, windows: list[tuple[date, date]], rule: str, words: str
) -> None:
    row = row_of(cast.registration)
    standard = rules.standards_of([row])[row.pk]
    refusal = rules.why_not_grade(row, calendar=calendar_of(row, *windows), standard=standard, on=TODAY)
    assert (refusal.rule if refusal else "", str(refusal or "")) == (rule, words)


def test_a_colleges_window_overrides_its_consortiums(cast: Cast) -> None:
    row = row_of(cast.registration)
    closed = (TODAY - timedelta(30), TODAY - timedelta(1))
    still_open = (TODAY - timedelta(30), TODAY + timedelta(5))
    windows = [
        *(one for ones in calendar_of(row, closed)._windows.values() for one in ones),
        *(one for ones in calendar_of(row, still_open, college=True)._windows.values() for one in ones),
    ]
    standard = rules.standards_of([row])[row.pk]
    assert rules.why_not_grade(row, calendar=Calendar(windows), standard=standard, on=TODAY) is None


def test_awarded_credit_locks_its_grade_whatever_the_window(cast: Cast) -> None:
    row = row_of(cast.graduate_registration)
    refusal = rules.why_not_grade(
        row, calendar=calendar_of(row, (TODAY, TODAY)), standard=rules.standards_of([row])[row.pk], on=TODAY
    )
    assert refusal is not None
    assert refusal.rule == "credit_awarded"


def test_a_college_without_a_scale_takes_no_grades(cast: Cast) -> None:
    row = row_of(cast.registration)
    refusal = rules.why_not_grade(row, calendar=calendar_of(row, (TODAY, TODAY)), standard=None, on=TODAY)
    assert refusal is not None
    assert refusal.rule == "no_scale"


def test_an_agreements_own_minimum_counts_before_its_colleges(cast: Cast) -> None:
    cast.agreement.minimum_percent = Decimal(90)
    cast.agreement.save()
    row = row_of(cast.registration)
    standard = rules.standards_of([row])[row.pk]
    assert str(standard.college_grade(Decimal(89))) == "Not Attained"
    assert str(standard.college_grade(Decimal(90))) == "3.4 B+"
    assert [(percent_text(percent), grade) for percent, grade in standard.steps] == [
        ("98", "4.0 A"), ("96", "3.9 A"), ("95", "3.8 A"), ("94", "3.7 A-"), ("92", "3.6 A-"), ("91", "3.5 A-"),
        ("90", "3.4 B+"),
    ]  # fmt: skip


def test_who_may_grade(cast: Cast) -> None:
    """The teachers named on the class, under their own hat; a seat that ended and a locked account count no more."""
    may = {
        name
        for name, one in vars(cast).items()
        if hasattr(one, "username") and rules.can_grade(one, cast.section)
    }
    assert may == {"teacher"}


def test_a_hat_of_another_seat_takes_the_pen_away(cast: Cast) -> None:
    section = cast.colleague_section
    assert rules.can_grade(cast.many_hats, section)
    cast.many_hats.hat = seats(cast.many_hats, Role.REGISTRAR)[0].id


@pytest.mark.parametrize(
    ("opening", "blank", "label", "words"),
    [
        (Opening(False), 3, "No dates", "Ask your consortium"),
        (Opening(False, date(2027, 6, 23), date(2027, 7, 1)), 3, "Not open yet", "Opens June 23"),
        (
            Opening(False, date(2027, 5, 1), date(2027, 6, 21)),
            3,
            "Closed",
            "Since June 21: 3 without a grade",
        ),
        (
            Opening(True, date(2027, 5, 1), date(2027, 6, 25)),
            3,
            "Closes soon",
            "Grades are due June 25, in 3 days",
        ),
        (Opening(True, date(2027, 5, 1), date(2027, 6, 25)), 0, "Open", "Grades are due June 25"),
        (Opening(True, date(2027, 5, 1), date(2027, 6, 29)), 3, "Open", "Grades are due June 29, in 7 days"),
    ],
)
def test_how_grading_stands_in_a_word(opening: Opening, blank: int, label: str, words: str) -> None:
    counted = [Tally(1, 1, "Columbia Basin College", 1, Registration.Status.IN_PROGRESS, blank)]
    stands = rules.grading_stands(opening, counted, TODAY)
    assert (stands.label, stands.words) == (label, words)
