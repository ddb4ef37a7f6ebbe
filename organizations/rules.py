"""What the calendar and the grade scale say. Pure where possible: rows in, decision out."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation

from organizations.models import AcademicYear, GradeScale, GradeScaleRow, Window


@dataclass(frozen=True, slots=True)
class Opening:
    """How a window stands on a day: open until, not yet open, closed since, or never set (all None)."""

    is_open: bool
    opens_on: date | None = None
    closes_on: date | None = None

    @property
    def is_set(self) -> bool:
        return self.opens_on is not None


class Calendar:
    """The windows of some years, read once, asked many times.

    A college's own window overrides its consortium's. Both days count, Pacific time.
    """

    def __init__(self, windows: Iterable[Window]) -> None:
        self._windows: dict[tuple[str, int, int | None, int], list[Window]] = {}
        for window in windows:
            key = (window.kind, window.consortium_id, window.college_id, window.year_id)
            self._windows.setdefault(key, []).append(window)

    @classmethod
    def of(cls, *years: AcademicYear) -> "Calendar":
        """The calendar of these school years; one query."""
        return cls(Window.objects.filter(year__in=years))

    def opening(
        self, kind: Window.Kind, *, consortium_id: int, college_id: int, year_id: int, on: date
    ) -> Opening:
        """Is this open on that day; if not, since when or from when."""
        windows = self._windows.get((kind.value, consortium_id, college_id, year_id)) or self._windows.get(
            (kind.value, consortium_id, None, year_id), []
        )
        return opening_of(windows, on)


def opening_of(windows: Iterable[Window], on: date) -> Opening:
    """The window that holds the day; else the next one; else the last one that closed."""
    ordered = sorted(windows, key=lambda window: window.opens_on)
    for window in ordered:
        if window.opens_on <= on <= window.closes_on:
            return Opening(True, window.opens_on, window.closes_on)
    for window in ordered:
        if window.opens_on > on:
            return Opening(False, window.opens_on, window.closes_on)
    if ordered:
        return Opening(False, ordered[-1].opens_on, ordered[-1].closes_on)
    return Opening(False)


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
