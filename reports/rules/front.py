"""The front door: what is open now, and the next last days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.access import school_year_of
from organizations.models import AcademicYear, Window
from organizations.rules import Calendar, Opening
from sers.lib.moments import day as full_day
from sers.lib.moments import days_left, short_day

#: A window that ends within so many days closes soon.
SOON: Final = timedelta(days=14)
#: So many of the next last days are told at the front door.
DEADLINES: Final = 5
#: So many names stand beside one last day; the others are counted.
NAMES: Final = 3

DEADLINE_WORDS: Final = {
    Window.Kind.REGISTRATION: gettext_lazy("Registration closes"),
    Window.Kind.PAYMENT: gettext_lazy("Forms and fees are due"),
    Window.Kind.GRADING: gettext_lazy("Teachers enter grades"),
    Window.Kind.REQUEST: gettext_lazy("Last day to ask a college to transcribe"),
}


@dataclass(frozen=True, slots=True)
class State:
    """How a window stands: the state of its tag, its word, and the date that goes with it."""

    state: str
    label: str
    note: str


def window_state(opening: Opening, on: date) -> State:
    """A window in a word and its date; it closes soon in its last fourteen days."""
    if opening.opens_on is None or opening.closes_on is None:
        return State("quiet", _("No dates"), _("not set yet"))
    if opening.opens_on > on:
        return State(
            "quiet", _("Not open yet"), _("opens {day}").format(day=day_in_words(opening.opens_on, on))
        )
    closing = day_in_words(opening.closes_on, on)
    if not opening.is_open:
        return State("quiet", _("Closed"), _("since {day}").format(day=closing))
    if opening.closes_on - on <= SOON:
        return State("wait", _("Closes soon"), f"{days_left(opening.closes_on, on)}, {closing}")
    return State("done", pgettext("a window", "Open"), _("to {day}").format(day=closing))


def day_in_words(day: date, on: date) -> str:
    """`June 15`; with its calendar year when it lies in another school year than today."""
    return short_day(day) if school_year_of(day) == school_year_of(on) else full_day(day)


@dataclass(frozen=True, slots=True)
class OpenNow:
    """One line of Open now: a consortium, or a college that has dates of its own there."""

    name: str
    registration: State
    grading: State


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day and whom it concerns."""

    day: date
    what: str
    who: str


def open_now(windows: Sequence[Window], on: date) -> list[OpenNow]:
    """How registration and grading stand in each consortium, by name.

    A college with dates of its own has its own line after it; what it has not set is its consortium's.
    """
    calendar = Calendar(windows)
    told = (Window.Kind.REGISTRATION, Window.Kind.GRADING)
    places = {
        (window.consortium.short_name, str(window.college or "")): window
        for window in windows
        if window.kind in told
    }
    found = []
    for (consortium, college), window in sorted(places.items()):
        registration, grading = (
            calendar.opening(
                kind,
                consortium_id=window.consortium_id,
                college_id=window.college_id or 0,  # no college has this key: the consortium's own dates
                year_id=window.year_id,
                on=on,
            )
            for kind in told
        )
        name = f"{consortium}: {college}" if college else consortium
        found.append(OpenNow(name, window_state(registration, on), window_state(grading, on)))
    return found


def next_deadlines(windows: Sequence[Window], on: date) -> list[Deadline]:
    """The next last days, soonest first, each with what ends on it and whom it concerns."""
    grouped: dict[tuple[date, Window.Kind], list[str]] = {}
    for window in windows:
        if window.opens_on <= on <= window.closes_on or on < window.opens_on:
            key = (window.closes_on, Window.Kind(window.kind))
            grouped.setdefault(key, []).append(str(window.college or window.consortium))
    return [
        Deadline(day, str(DEADLINE_WORDS[kind]), names_in_words(sorted(set(names))))
        for (day, kind), names in sorted(grouped.items())[:DEADLINES]
    ]


def names_in_words(names: Sequence[str]) -> str:
    """`Columbia Basin, Walla Walla`; beyond three names the others are counted."""
    shown, more = ", ".join(names[:NAMES]), len(names) - NAMES
    return shown if more <= 0 else _("{names} and {number} more").format(names=shown, number=more)


def windows_of(year: AcademicYear) -> list[Window]:
    """Every window of a school year with its consortium and college; one query."""
    return list(
        Window.objects.filter(year=year)
        .select_related("consortium", "college")
        .order_by("closes_on", "consortium__name", "id")
    )
