"""What a college asks of a grade, and what a grade becomes there."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, TypeAlias, overload

from articulations.models import Section
from grading.models import (
    MET,
    NOT_ATTAINED,
    NOT_MET,
    GradeEntry,
    GradePart,
    RosterRow,
    Shown,
    grade_words,
    percent_text,
    with_parts,
)
from organizations.models import CollegeYear, GradeScale, GradeScaleRow
from organizations.rules import least_percent, read_percent, rounded, scale_row

Part = GradePart.Part

#: What counts as Not Attained, as nothing and as a criterion when it is typed, folded.
_NOT_ATTAINED_WORDS = {"na", "n/a", "notattained"}
_NOTHING_WORDS = {"", "-", "--", "---"}
_CRITERION_WORDS = {"met": MET, "yes": MET, "notmet": NOT_MET, "no": NOT_MET}
#: The longest text anybody types into a grade box.
LONGEST: Final = 40


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
        return grade_words(self.points, self.letter)


NONE_EARNED: Final = CollegeGrade(GradeEntry.Outcome.NOT_ATTAINED, None, "")

#: What was read from a box: a percent, a grade chosen from the scale, `NA`, `met` or `not met`, or nothing.
Read: TypeAlias = Decimal | CollegeGrade | str | None


def read_text(read: Read) -> str:
    """What was read, as its box shows it once it is saved."""
    if read is None:
        return ""
    return percent_text(read) if isinstance(read, Decimal) else str(read)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the parts of a grade come to: the college grade, the percent it stands on, and why it is not attained."""

    grade: CollegeGrade
    percent: Decimal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """A college's measure of one year: its scale, its least percent, and the parts it asks for."""

    scale: GradeScale
    rows: Sequence[GradeScaleRow]
    minimum: Decimal
    parts: tuple[str, ...] = (Part.WHOLE,)
    points_from: str = CollegeYear.PointsFrom.LAST
    grades_as: str = CollegeYear.GradesAs.PERCENT

    @property
    def is_whole(self) -> bool:
        """One box, and the grade is decided."""
        return self.parts == (Part.WHOLE,)

    def college_grade(self, percent: Decimal | None) -> CollegeGrade:
        return college_grade(percent, rows=self.rows, rounding=self.scale.rounding, minimum=self.minimum)

    def grade_of(self, read: Read) -> CollegeGrade:
        """What was read from a grade box becomes at this college."""
        if isinstance(read, Decimal):
            return self.college_grade(read)
        return read if isinstance(read, CollegeGrade) else NONE_EARNED

    @property
    def steps(self) -> list[tuple[Decimal, str]]:
        """What is awarded from which percent on, highest first, down to the minimum."""
        steps = []
        for row in sorted(self.rows, key=lambda row: row.percent_from, reverse=True):
            if row.points is not None or row.letter:
                steps.append((max(row.percent_from, self.minimum), str(row)))
            if row.percent_from <= self.minimum:
                break
        return steps if self.minimum <= 100 else []

    @property
    def choices(self) -> list[str]:
        """The college's grades that can be chosen, highest first."""
        return list(dict.fromkeys(grade for _, grade in self.steps))

    def shown(self, row: RosterRow) -> Shown:
        """What a screen shows of a row, in the boxes this college asks for."""
        if self.is_whole:
            return Shown(row.status, row.grade)
        return Shown(
            row.status, "/".join(row.parts[part].text if part in row.parts else "" for part in self.parts)
        )

    def asked(self, shown: Shown) -> bool:
        """Did that screen show as many boxes as this college asks for?"""
        return shown.grade.count("/") + 1 == len(self.parts)

    def read(self, part: str, typed: str, *, stood: str = "") -> Read:
        """What stands in the box of a part. Raises ValueError, with words for the person.

        What `stood` there already is read whatever the college asks by now: a scale that changed touches no grade.
        """
        if part in GradePart.CRITERIA:
            return read_criterion(typed)
        as_it_stood = typed == stood and self.grades_as == CollegeYear.GradesAs.GRADE
        return read_grade(
            typed, replace(self, grades_as=CollegeYear.GradesAs.PERCENT) if as_it_stood else self
        )

    def decide(self, read: Mapping[str, Read]) -> Decided | None:
        """What the parts come to; None while one is missing and none is below.

        One term below the minimum, or a criterion that is not met, is Not Attained, whatever the others are. Else
        the college grade is that of the last term or of the lowest, as the college says.
        """
        graded = [(part, read.get(part)) for part in self.parts if part not in GradePart.CRITERIA]
        terms = [(part, value, self.grade_of(value)) for part, value in graded if value is not None]
        for part, value, grade in terms:
            if not grade.is_earned:
                percent = value if isinstance(value, Decimal) else None
                return Decided(grade, percent, "" if part == Part.WHOLE else why_below(part, percent))
        percents = [value for _, value, _ in terms if isinstance(value, Decimal)]
        for part in self.parts:
            if read.get(part) == NOT_MET:
                return Decided(
                    NONE_EARNED, percents[-1] if percents else None, f"{Part(part).label}: not met"
                )
        if any(read.get(part) is None for part in self.parts):
            return None
        if self.points_from == CollegeYear.PointsFrom.LOWEST:
            _, value, grade = min(terms, key=lambda term: (term[2].points or 0, self._rank(term[1], term[2])))
        else:
            _, value, grade = terms[-1]
        return Decided(grade, value if isinstance(value, Decimal) else None)

    def _rank(self, read: Read, grade: CollegeGrade) -> Decimal:
        """Where a grade stands on the scale, where points do not say it."""
        if isinstance(read, Decimal):
            return read
        return max((row.percent_from for row in self.rows if str(row) == str(grade)), default=Decimal(0))


def why_below(part: str, percent: Decimal | None) -> str:
    """`First semester: 80 % is Not Attained`."""
    label = Part(part).label
    return (
        f"{label}: Not Attained" if percent is None else f"{label}: {percent_text(percent)} % is Not Attained"
    )


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
    return NONE_EARNED


def standards_of(rows: Iterable[RosterRow]) -> dict[int, Standard]:
    """The measure of each row of a roster, by its id: its college's of that year, with the agreement's own
    minimum where it has one. One query, however many colleges; a college that set none is left out."""
    rows = list(rows)
    years: dict[tuple[int, int], tuple[CollegeYear, list[GradeScaleRow]]] = {}
    if rows:
        found = (
            CollegeYear.objects.filter(
                college__in={row.college_id for row in rows}, year__in={row.year_id for row in rows}
            )
            .order_by("college_id", "year_id", "-scale__rows__percent_from")
            .values_list(
                "scale__rows__percent_from", "scale__rows__points", "scale__rows__letter", "scale__name",
                "scale__rounding", *_YEAR_FIELDS,
            )
        )  # fmt: skip
        for percent, points, letter, name, rounding, *facts in found:
            key = (facts[0], facts[1])
            if key not in years:
                year = CollegeYear(**dict(zip(_YEAR_FIELDS, facts, strict=True)))
                year.scale = GradeScale(pk=year.scale_id, name=name, rounding=rounding)
                years[key] = year, []
            if percent is not None:
                years[key][1].append(
                    GradeScaleRow(scale_id=facts[2], percent_from=percent, points=points, letter=letter)
                )
    shared: dict[tuple[int, int, str, Decimal | None], Standard] = {}
    standards = {}
    for row in rows:
        if (row.college_id, row.year_id) not in years:
            continue
        kind = (row.college_id, row.year_id, row.term, row.own_minimum)
        if kind not in shared:
            year, steps = years[row.college_id, row.year_id]
            shared[kind] = standard_of(year, steps, term=row.term, own_minimum=row.own_minimum)
        standards[row.pk] = shared[kind]
    return standards


def measured(rows: Iterable[RosterRow]) -> tuple[list[RosterRow], dict[int, Standard]]:
    """The rows of a roster and the measure of each: with the parts of their grades, where a college asks for them.

    One query, and one more for the parts."""
    rows = list(rows)
    standards = standards_of(rows)
    return with_parts(rows, {pk for pk, standard in standards.items() if not standard.is_whole}), standards


_YEAR_FIELDS = (
    "college_id", "year_id", "scale_id", "minimum_kind", "minimum_percent", "minimum_points", "minimum_letter",
    "grades_as", "every_term", "points_from", "needs_exam", "needs_checklist",
)  # fmt: skip


def standard_of(
    year: CollegeYear, rows: Sequence[GradeScaleRow], *, term: str, own_minimum: Decimal | None = None
) -> Standard:
    """What a college asks in one year of a class of that term. An agreement's own minimum is a percent."""
    minimum = own_minimum
    if minimum is None:
        minimum = least_percent(
            year.minimum_kind,
            percent=year.minimum_percent,
            points=year.minimum_points,
            letter=year.minimum_letter,
            rows=rows,
        )
    return Standard(
        year.scale,
        rows,
        minimum,
        parts=year.parts(whole_year=term == Section.Term.YEAR),
        points_from=year.points_from,
        grades_as=year.grades_as,
    )


def shown_of(row: RosterRow, standard: Standard | None) -> Shown:
    """What a screen shows of a row; without a standard, its whole grade."""
    return standard.shown(row) if standard is not None else Shown(row.status, row.grade)


def _folded(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed[:LONGEST]).casefold().split())


@overload
def read_grade(typed: str) -> Decimal | str | None:
    """Without a standard no grade of a scale is known."""


@overload
def read_grade(typed: str, standard: Standard | None) -> Read:
    """With one, its grades are read too."""


def read_grade(typed: str, standard: Standard | None = None) -> Read:
    """What a grade box holds: a percent, a grade of the college's scale, `NA` for Not Attained, or None while it is
    empty or reads `- - -`. A college that asks for grades of its scale takes no percent.

    Raises ValueError, with words for the person, for anything else.
    """
    text = _folded(typed)
    if text in _NOTHING_WORDS:
        return None
    if text in _NOT_ATTAINED_WORDS:
        return NOT_ATTAINED
    if standard is None:
        return read_percent(typed)
    only_grades = standard.grades_as == CollegeYear.GradesAs.GRADE
    if len(typed) <= LONGEST and (only_grades or any(sign.isalpha() for sign in text)):
        found = _named_grade(text, standard)
        if found is not None:
            return found
    if only_grades:
        raise ValueError(f"Choose a grade of the scale: {', '.join(standard.choices)}, or NA.")
    return read_percent(typed)


def _named_grade(text: str, standard: Standard) -> CollegeGrade | str | None:
    """The grade of the scale that was named: `3.9 A`, or points or letter alone where only one grade has them."""
    named: dict[str, CollegeGrade | str] = {}
    rows = [row for row in standard.rows if row.points is not None or row.letter]
    for row in rows:
        is_earned = str(row) in standard.choices
        grade = (
            CollegeGrade(GradeEntry.Outcome.COMPLETED, row.points, row.letter) if is_earned else NOT_ATTAINED
        )
        named[_folded(str(row))] = grade
    if text in named:
        return named[text]
    alike = [row for row in rows if text in (_folded(row.letter), str(row.points))]
    if len(alike) > 1:
        raise ValueError(
            f"{alike[0].letter or text} is {' or '.join(str(row) for row in alike)} here. Enter which."
        )
    return named[_folded(str(alike[0]))] if alike else None


def read_criterion(typed: str) -> str | None:
    """Met, not met, or None while nothing is said. Raises ValueError for anything else."""
    text = _folded(typed)
    if text in _NOTHING_WORDS:
        return None
    if text not in _CRITERION_WORDS:
        raise ValueError("Enter Met or Not met.")
    return _CRITERION_WORDS[text]
