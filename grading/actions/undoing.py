"""Undo of a whole Save Changes, by its receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import Event, User
from articulations.models import Section
from grading import rules
from grading.actions.rosters import Save, state_of, write
from grading.models import Entry, GradeEntry, GradePart, RosterRow, lock_rows
from sers.lib.refusal import Refusal, Refused
from students.models import Registration

Written = TypeVar("Written", bound=Entry)


@dataclass(frozen=True, slots=True)
class UndoResult:
    """How many rows stand again as they stood before, the receipt of that, and the rows that stay, with why."""

    rows: int
    receipt: str
    left: Sequence[tuple[RosterRow, str]]


def undo_roster(*, section: Section, receipt: Event, by: User) -> UndoResult:
    """Put every row of one Save Changes back to what stood before it, until the window closes.

    Ink stays: what stood before is entered once more, and where there was no grade it is taken back. A row that
    was changed since, is awarded, or whose window has closed is left alone and told. Comments stay. An undo is an
    act like any other: it has a receipt, and can be undone by it.
    """
    if not rules.can_grade(by, section):
        raise Refused(Refusal("not_teacher", "Only the teachers of this class enter its grades."))
    try:
        with transaction.atomic(savepoint=False):
            result = _undo(section=section, receipt=receipt, by=by)
    except IntegrityError as error:
        if "one_live_registration_of_a_class_a_year" not in str(error):
            raise
        raise Refused(
            Refusal(
                "registered_again",
                "One of these students has just registered for this class again.",
                "Nothing was undone. Open the receipt again.",
            )
        ) from None
    if not result.rows:
        why = result.left[0][1] if result.left else "None of its students is in this class any more."
        raise Refused(Refusal("nothing_to_undo", f"Nothing of this receipt can be undone. {why}"))
    return result


def _undo(*, section: Section, receipt: Event, by: User) -> UndoResult:
    wanted = {int(pk): state for pk, state in receipt.data.get("rows", {}).items()}
    rows, standards = rules.measured(lock_rows(section, wanted, by=by))
    save = Save(by=by, on=timezone.localdate(), calendar=rules.class_calendar(section), standards=standards)
    left = []
    back = []
    for row in rows:
        refusal = rules.why_not_undo(
            row,
            now=state_of(row),
            then=wanted[row.pk],
            calendar=save.calendar,
            standard=save.standards.get(row.pk),
            on=save.on,
        )
        if refusal is not None:
            left.append((row, str(refusal)))
        else:
            back.append(row)
    if not back:
        return UndoResult(0, "", left)
    reason = f"Undo of R-{receipt.pk}"
    grades = {
        (one.registration_id, one.number): one
        for one in GradeEntry.objects.filter(registration__in=[row.pk for row in back])
    }
    parts = {
        (one.registration_id, one.part, one.number): one
        for one in GradePart.objects.filter(registration__in=[row.pk for row in back])
    }
    for row in back:
        was, before = wanted[row.pk]["was"], state_of(row)
        for part, number in before["parts"].items():
            if number != was["parts"].get(part, 0):
                last = parts[row.pk, part, number]
                earlier = parts.get((row.pk, part, was["parts"].get(part, 0)))
                save.parts.append(_once_more(earlier, last, reason=reason, by=by))
        if before["number"] != was["number"]:
            last_grade = grades[row.pk, before["number"]]
            stood = grades.get((row.pk, was["number"])) if was["status"] in Registration.GRADED else None
            save.entries.append(_once_more(stood, last_grade, reason=reason, by=by))
        elif was["status"] != row.status:
            save.moved[row.pk] = [row.status, was["status"]]
        save.note(row, before, was["status"])
    write(save, section=section, settled=[])
    event = record_event(
        by=by, kind="grading.roster_undone", subject=section, data={"undoes": receipt.pk, **save.told()}
    )
    return UndoResult(len(back), f"R-{event.pk}", left)


def _once_more(earlier: Written | None, last: Written, *, reason: str, by: User) -> Written:
    """The entry after `last` that says what `earlier` said, by the scale of then; without it, takes back."""
    facts: Mapping[str, Any] = (
        {"outcome": Entry.Outcome.TAKEN_BACK, "scale_id": last.scale_id}
        if earlier is None
        else {
            "percent": earlier.percent, "points": earlier.points, "letter": earlier.letter,
            "outcome": earlier.outcome, "scale_id": earlier.scale_id,
        }
    )  # fmt: skip
    if isinstance(last, GradePart):
        facts = {**facts, "part": last.part}
    return type(last)(
        registration_id=last.registration_id, number=last.number + 1, reason=reason, entered_by=by, **facts
    )
