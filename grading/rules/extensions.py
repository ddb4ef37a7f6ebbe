"""Opening grading again for one class: who asks, who decides, until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from accounts.access import Role, seats, stands_on
from accounts.models import User
from articulations.models import Section
from grading.models import Tally, WindowExtension, WindowExtensionQuerySet, tallies, teaches
from grading.rules.grades import GradingCalendar, class_calendar, day_in_words, grading_opening
from organizations.models import Consortium
from organizations.rules import Opening
from sers.lib.refusal import Refusal

#: Grading is opened again for so long at the most.
MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class ClosedWindow:
    """A consortium under whose agreements a class has students, and how grading stands there."""

    consortium: Consortium
    opening: Opening
    blank: int
    refusal: Refusal | None


def can_ask_extension(user: User, section: Section) -> bool:
    """A teacher of the class asks; nobody else does."""
    return teaches(user, section)


def can_decide_extension(user: User, extension: WindowExtension) -> bool:
    """Staff of the consortium whose window it is grant or decline."""
    return stands_on(user, Role.CONSORTIUM, extension.consortium_id)


def why_not_ask_extension(opening: Opening, *, under_way: bool, on: date) -> Refusal | None:
    """Grading is opened again only where it was open and has closed; one request at a time."""
    if under_way:
        return Refusal(
            "under_way", "You have asked for this class already.", "The consortium has not answered yet."
        )
    if opening.opens_on is None or opening.closes_on is None:
        return Refusal("no_window", "The dates for grading are not set.", "Ask your consortium to set them.")
    if opening.is_open:
        return Refusal(
            "open",
            f"Grading is open until {day_in_words(opening.closes_on, on)}.",
            "Enter the grades on the class roster.",
        )
    if opening.opens_on > on:
        return Refusal("not_yet", f"Grades can be entered from {day_in_words(opening.opens_on, on)}.")
    return None


def why_not_grant(user: User, extension: WindowExtension, until: date, on: date) -> Refusal | None:
    """Until today at the least and ninety days ahead at the most, once."""
    refusal = why_not_decide_extension(user, extension)
    if refusal is not None:
        return refusal
    if until < on:
        return Refusal("past", "That day has passed.", "Enter today or a later day.")
    if until > on + timedelta(days=MOST_DAYS):
        last = day_in_words(on + timedelta(days=MOST_DAYS), on)
        return Refusal(
            "far", f"Grading is opened again for {MOST_DAYS} days at the most.", f"Enter a day until {last}."
        )
    return None


def why_not_decide_extension(user: User, extension: WindowExtension) -> Refusal | None:
    """Decided once, by the consortium; whoever comes second is told what stands."""
    if not can_decide_extension(user, extension):
        return Refusal("not_consortium", "The consortium whose dates they are decides.")
    if extension.state != WindowExtension.State.REQUESTED:
        who = extension.decided_by.name if extension.decided_by else "SERS"
        what = "granted" if extension.state == WindowExtension.State.GRANTED else "declined"
        return Refusal("decided", f"{who} has {what} this request.", "Nothing was changed.")
    return None


def closed_windows(section: Section, on: date) -> list[ClosedWindow]:
    """The consortia a class has students under, and whether grading can be opened again there; four queries."""
    counted = tallies([section.pk])
    calendar = class_calendar(section)
    asked = set(
        WindowExtension.objects.open().filter(section=section).values_list("consortium_id", flat=True)
    )
    consortia = Consortium.objects.filter(pk__in={one.consortium_id for one in counted}).order_by("name")
    found = []
    for consortium in consortia:
        ours = [one for one in counted if one.consortium_id == consortium.pk]
        opening = _earliest(ours, calendar, section, on)
        refusal = why_not_ask_extension(opening, under_way=consortium.pk in asked, on=on)
        blank = sum(one.number for one in ours if one.status == "in_progress")
        found.append(ClosedWindow(consortium, opening, blank, refusal))
    return found


def _earliest(counted: list[Tally], calendar: GradingCalendar, section: Section, on: date) -> Opening:
    """How grading stands under a consortium; where its colleges have dates of their own, the one that closed."""
    openings = [
        grading_opening(
            calendar,
            consortium_id=one.consortium_id,
            college_id=one.college_id,
            year_id=section.year_id,
            on=on,
        )
        for one in counted
    ]
    return min(openings, key=lambda one: (one.is_open, one.closes_on or date.max))


def to_decide(user: User, extensions: WindowExtensionQuerySet) -> WindowExtensionQuerySet:
    """The requests among these that wait for this person's consortium."""
    return extensions.open().filter(consortium__in=[seat.anchor for seat in seats(user, Role.CONSORTIUM)])
