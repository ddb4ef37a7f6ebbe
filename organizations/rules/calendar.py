"""What the calendar says. Pure where possible: rows in, decision out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from organizations.models import AcademicYear, Window


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
