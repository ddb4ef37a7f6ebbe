"""Truth tables of standards: every row of a scale at its edges, thresholds of each kind, parts, lists of grades."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading import rules
from grading.models import GradePart, percent_text
from grading.rules import Standard
from organizations.models import CollegeYear, GradeScale, GradeScaleRow
from organizations.rules import OUT_OF_REACH, least_percent
from tests.people import CBC_SCALE, LETTER_SCALE, Cast

Kind = CollegeYear.MinimumKind
FIRST, SECOND, EXAM, CHECKLIST = (
    GradePart.Part.FIRST, GradePart.Part.SECOND, GradePart.Part.EXAM, GradePart.Part.CHECKLIST,
)  # fmt: skip


def steps(rows: tuple[tuple[str, str, str], ...]) -> list[GradeScaleRow]:
    return [
        GradeScaleRow(
            percent_from=Decimal(percent), points=Decimal(points) if points else None, letter=letter
        )
        for percent, points, letter in rows
    ]


CBC = Standard(GradeScale(rounding="down"), steps(CBC_SCALE), Decimal(85))
LETTERS = Standard(
    GradeScale(rounding="down"), steps(LETTER_SCALE), Decimal(83), grades_as=CollegeYear.GradesAs.GRADE
)

# --- Columbia Basin College, every row ------------------------------------------------------------------

#: Each percent from which another grade begins, the grade from there on, and the grade just below.
EDGES = [
    (percent, f"{points} {letter}", f"{below[1]} {below[2]}" if below else "Not Attained")
    for (percent, points, letter), below in zip(CBC_SCALE, (*CBC_SCALE[1:], None), strict=True)
]


@pytest.mark.parametrize(("percent", "grade", "below"), EDGES)
def test_every_row_of_the_columbia_basin_scale_at_its_edges(percent: str, grade: str, below: str) -> None:
    """From its percent on, whatever stands behind the point; and a hundredth below it, the row before."""
    edge = int(percent)
    for typed, expected in (
        (percent, grade), (f"{percent} %", grade), (f"{percent},0", grade), (f"{percent}.49", grade),
        (f"{percent}.5", grade), (f"{percent}.99", grade), (f"{percent}.999", grade),
        (f"{edge - 1}.99", below), (f"{edge - 1}.999", below), (f"{edge - 1}.5", below), (f"{edge - 1}", below),
    ):  # fmt: skip
        assert str(CBC.grade_of(rules.read_grade(typed, CBC))) == expected, typed


@pytest.mark.parametrize(
    ("typed", "grade"),
    [
        ("97", "3.9 A"), ("97 %", "3.9 A"), ("100", "4.0 A"), ("100.00", "4.0 A"), ("95.5", "3.8 A"), ("95,5", "3.8 A"),
        ("95 %", "3.8 A"), ("９５", "3.8 A"), ("９５．５ ％", "3.8 A"), ("84.5", "Not Attained"), ("84.999", "Not Attained"),
        ("0", "Not Attained"), ("NA", "Not Attained"), ("3.9 A", "3.9 A"), ("3.9a", "3.9 A"), ("3.6 A-", "3.6 A-"),
    ],
)  # fmt: skip
def test_what_is_typed_at_columbia_basin(typed: str, grade: str) -> None:
    assert str(CBC.grade_of(rules.read_grade(typed, CBC))) == grade


@pytest.mark.parametrize("typed", ["NaN", "-1", "100.1", "100.01", "101", "1e1", "inf", "9 7", "٩٧", "F"])
def test_what_is_refused_at_columbia_basin(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Enter a percent from 0 to 100\."):
        rules.read_grade(typed, CBC)


def test_a_letter_that_says_too_little_is_asked_for() -> None:
    with pytest.raises(ValueError, match=r"A- is 3\.7 A- or 3\.6 A- or 3\.5 A- here\. Enter which\."):
        rules.read_grade("A-", CBC)


# --- Thresholds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "points", "letter", "scale", "expected"),
    [
        (Kind.PERCENT, None, "", LETTER_SCALE, "75"),
        (Kind.POINTS, "3.0", "", LETTER_SCALE, "83"),
        (Kind.POINTS, "2.9", "", LETTER_SCALE, "83"),  # the next that is at least as much
        (Kind.POINTS, "3.5", "", CBC_SCALE, "91"),
        (Kind.LETTER, None, "B", LETTER_SCALE, "83"),
        (Kind.LETTER, None, "B+", CBC_SCALE, "87"),  # the lowest row of the letter
        (Kind.LETTER, None, "D", LETTER_SCALE, str(OUT_OF_REACH)),
        (Kind.POINTS, "4.0", "", (("50", "", "P"),), str(OUT_OF_REACH)),
        (Kind.LETTER, None, "P", (("50", "", "P"), ("0", "", "")), "50"),
    ],
)
def test_a_minimum_worded_as_points_or_a_letter_begins_at_a_percent(
    kind: str, points: str | None, letter: str, scale: tuple[tuple[str, str, str], ...], expected: str
) -> None:
    found = least_percent(
        kind,
        percent=Decimal(75),
        points=Decimal(points) if points else None,
        letter=letter,
        rows=steps(scale),
    )
    assert percent_text(found) == expected


def test_a_minimum_the_scale_never_gives_awards_nothing() -> None:
    standard = replace(CBC, minimum=OUT_OF_REACH)
    assert standard.choices == []
    assert str(standard.college_grade(Decimal(100))) == "Not Attained"


def test_standards_come_from_the_college_and_year(cast: Cast) -> None:
    year = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    year.minimum_kind, year.minimum_points = Kind.POINTS, Decimal("3.5")
    year.every_term, year.points_from, year.needs_exam = True, CollegeYear.PointsFrom.LOWEST, True
    rows = list(cast.cbc_scale.rows.all())
    standard = rules.standard_of(year, rows, term="year")
    assert (standard.minimum, standard.points_from) == (Decimal(91), "lowest")
    assert standard.parts == (FIRST, SECOND, EXAM)
    assert rules.standard_of(year, rows, term="s1").parts == (GradePart.Part.WHOLE, EXAM)
    assert rules.standard_of(year, rows, term="year", own_minimum=Decimal(88)).minimum == 88


# --- The college's list ---------------------------------------------------------------------------------


def test_the_list_holds_what_the_college_awards() -> None:
    assert LETTERS.choices == ["4.0 A", "3.7 A-", "3.3 B+", "3.0 B"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("3.3 B+", "3.3 B+"), ("b+", "3.3 B+"), ("3.3", "3.3 B+"), ("NA", "NA"), ("C", "NA"), ("2.7 B-", "NA"), ("", "")],
)  # fmt: skip
def test_a_college_that_asks_for_its_grades_takes_its_grades(typed: str, read: str) -> None:
    """One below its minimum is Not Attained."""
    assert rules.read_text(rules.read_grade(typed, LETTERS)) == read


@pytest.mark.parametrize("typed", ["88", "88 %", "Z", "5.0"])
def test_a_college_that_asks_for_its_grades_takes_no_percent(typed: str) -> None:
    with pytest.raises(
        ValueError, match=r"Choose a grade of the scale: 4\.0 A, 3\.7 A-, 3\.3 B\+, 3\.0 B, or NA\."
    ):
        rules.read_grade(typed, LETTERS)


def test_a_percent_that_stood_before_the_college_asked_otherwise_still_stands() -> None:
    assert LETTERS.read(GradePart.Part.WHOLE, "88", stood="88") == Decimal(88)


# --- Parts ----------------------------------------------------------------------------------------------

TERMS = replace(CBC, parts=(FIRST, SECOND))
LOWEST = replace(TERMS, points_from=CollegeYear.PointsFrom.LOWEST)
EXAMINED = replace(CBC, parts=(GradePart.Part.WHOLE, EXAM, CHECKLIST))


def decided(standard: Standard, *typed: str) -> tuple[str, str, str]:
    """Grade, percent and reason, or `open`."""
    read = {part: standard.read(part, text) for part, text in zip(standard.parts, typed, strict=True)}
    found = standard.decide(read)
    if found is None:
        return ("open", "", "")
    return str(found.grade), "" if found.percent is None else percent_text(found.percent), found.reason


@pytest.mark.parametrize(
    ("standard", "typed", "expected"),
    [
        (TERMS, ("", ""), ("open", "", "")),
        (TERMS, ("92", ""), ("open", "", "")),
        (TERMS, ("", "92"), ("open", "", "")),
        (TERMS, ("92", "97"), ("3.9 A", "97", "")),
        (TERMS, ("97", "92"), ("3.6 A-", "92", "")),
        (LOWEST, ("92", "97"), ("3.6 A-", "92", "")),
        (LOWEST, ("97", "92"), ("3.6 A-", "92", "")),
        (LOWEST, ("96", "97"), ("3.9 A", "96", "")),  # the same points: the lower percent
        (LOWEST, ("3.6 A-", "97"), ("3.6 A-", "", "")),
        (TERMS, ("84.999", ""), ("Not Attained", "84.99", "First semester: 84.99 % is Not Attained")),
        (TERMS, ("97", "84.5"), ("Not Attained", "84.5", "Second semester: 84.5 % is Not Attained")),
        (TERMS, ("NA", "97"), ("Not Attained", "", "First semester: Not Attained")),
        (EXAMINED, ("97", "", ""), ("open", "", "")),
        (EXAMINED, ("97", "met", ""), ("open", "", "")),
        (EXAMINED, ("97", "met", "met"), ("3.9 A", "97", "")),
        (EXAMINED, ("97", "not met", ""), ("Not Attained", "97", "Industry exam: not met")),
        (EXAMINED, ("97", "met", "not met"), ("Not Attained", "97", "Competency checklist: not met")),
        (EXAMINED, ("", "not met", "met"), ("Not Attained", "", "Industry exam: not met")),
        (EXAMINED, ("", "met", "met"), ("open", "", "")),
        (EXAMINED, ("84", "met", "met"), ("Not Attained", "84", "")),
    ],
)
def test_what_the_parts_of_a_grade_come_to(
    standard: Standard, typed: tuple[str, ...], expected: tuple[str, str, str]
) -> None:
    assert decided(standard, *typed) == expected


@pytest.mark.parametrize(
    ("typed", "read"), [("met", "met"), ("Met", "met"), ("yes", "met"), ("Not met", "not met"), ("no", "not met"), ("- - -", None), ("", None)]
)  # fmt: skip
def test_what_a_criterion_may_hold(typed: str, read: str | None) -> None:
    assert rules.read_criterion(typed) == read


@pytest.mark.parametrize("typed", ["97", "maybe", "NA", "true"])
def test_what_a_criterion_refuses(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Enter Met or Not met\."):
        rules.read_criterion(typed)
