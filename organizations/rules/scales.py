"""What the grade scale says. Pure: rows in, decision out."""

import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation

from organizations.models import CollegeYear, GradeScale, GradeScaleRow


def read_percent(typed: str) -> Decimal:
    """A percent as people type it: `97`, `95 %`, `95,5`, full-width digits. Raises ValueError otherwise."""
    if len(typed) > 40:
        raise ValueError("Enter a percent from 0 to 100.")
    # Full-width signs only: other forms that "look like" a digit are not one, 9² is not 92.
    plain = (
        unicodedata.normalize("NFKC", sign) if unicodedata.east_asian_width(sign) == "F" else sign
        for sign in typed
    )
    text = "".join(plain).strip().removesuffix("%").strip().replace(",", ".")
    if not text or len(text) > 12 or not set(text) <= set("0123456789."):
        raise ValueError("Enter a percent from 0 to 100.")
    try:
        percent = Decimal(text)
    except InvalidOperation:
        raise ValueError("Enter a percent from 0 to 100.") from None
    if not 0 <= percent <= 100:
        raise ValueError("Enter a percent from 0 to 100.")
    if percent != percent.quantize(Decimal("0.01"), ROUND_FLOOR):
        # Kept as typed to the hundredth, never rounded up: 84.999 must not become 85.
        percent = percent.quantize(Decimal("0.01"), ROUND_FLOOR)
    return percent


def rounded(percent: Decimal, rounding: str) -> Decimal:
    """The percent the scale looks up; down unless the scale says otherwise (84.999 stays below 85)."""
    if rounding == GradeScale.Rounding.NONE:
        return percent
    way = ROUND_HALF_UP if rounding == GradeScale.Rounding.HALF_UP else ROUND_FLOOR
    return percent.quantize(Decimal(1), way)


def scale_row(percent: Decimal, rows: Sequence[GradeScaleRow], rounding: str) -> GradeScaleRow | None:
    """The row of the scale a percent falls in: the highest `percent_from` not above it. None below all rows.

    At Columbia Basin 97 reads 3.9 A, 95.5 reads 95 and so 3.8 A, and 84.5 falls below the scale.
    """
    looked_up = rounded(percent, rounding)
    reached = [row for row in rows if row.percent_from <= looked_up]
    return max(reached, key=lambda row: row.percent_from, default=None)


#: More than any percent: what a minimum becomes that the scale never gives.
OUT_OF_REACH = Decimal(101)


def least_percent(
    kind: str, *, percent: Decimal, points: Decimal | None, letter: str, rows: Iterable[GradeScaleRow]
) -> Decimal:
    """From which percent on a college's minimum is reached, where it is worded as points or a letter.

    The lowest row of the scale that gives at least those points, or that letter; `OUT_OF_REACH` when none does.
    """
    if kind == CollegeYear.MinimumKind.PERCENT:
        return percent
    reached = [
        row.percent_from
        for row in rows
        if (
            row.letter == letter
            if kind == CollegeYear.MinimumKind.LETTER
            else (row.points or 0) >= (points or 0)
        )
        and (row.points is not None or row.letter)
    ]
    return min(reached, default=OUT_OF_REACH)
