"""Receipts: what each Save Changes of a class saved, and whether it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Event, User
from articulations.models import Section
from grading import rules
from grading.actions import UndoResult, state_of, undo_roster
from grading.forms.histories import ROSTER_KINDS
from grading.forms.words import EMPTY, STATUS_LABEL, counted, with_percent
from grading.models import Entry, GradeEntry, GradePart, class_part, roster_of
from students.models import Registration

#: More Save Changes than a class sees in a year are listed no further back.
MOST_RECEIPTS = 200


def receipts_of(section: Section) -> list[Event]:
    """The latest acts of this class's roster, latest first; one query."""
    return list(
        Event.objects.filter(
            subject_type=section._meta.label_lower, subject_id=section.pk, kind__in=ROSTER_KINDS
        ).select_related("actor")[:MOST_RECEIPTS]
    )


def receipt_of(section: Section, reference: str) -> Event | None:
    """One receipt of this class, by what it is called: `R-2041`."""
    number = reference.removeprefix("R-")
    if not (reference.startswith("R-") and number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return (
        Event.objects.filter(
            pk=int(number),
            subject_type=section._meta.label_lower,
            subject_id=section.pk,
            kind__in=ROSTER_KINDS,
        )
        .select_related("actor")
        .first()
    )


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One act in the list of receipts."""

    reference: str
    at: datetime
    who: str
    what: str


class ReceiptsPage:
    """Every Save Changes of a class, latest first."""

    def __init__(self, section: Section, user: User) -> None:
        self.section = section
        self.part = class_part(section.label, section.term)
        self.lines = [
            ReceiptLine(f"R-{event.pk}", event.at, who_of(event, user), what_of(event))
            for event in receipts_of(section)
        ]
        self.caption = counted(len(self.lines), "receipt")


def who_of(event: Event, user: User) -> str:
    if event.actor is None:
        return "SERS"
    return "You" if event.actor_id == user.pk else event.actor.name


def what_of(event: Event) -> str:
    """`4 rows and 1 comment`, `Undo of R-2041, 4 rows`."""
    data = event.data
    rows, comments = len(data.get("rows", data.get("grades", {}))), len(data.get("comments", ()))
    said = [counted(rows, "row")] if rows or not comments else []
    said += [counted(comments, "comment")] if comments else []
    undo = f"Undo of R-{data['undoes']}, " if "undoes" in data else ""
    return f"{undo}{' and '.join(said)}"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One student on a receipt: what was saved, and how that stands now."""

    name: str
    sers_id: str
    changes: tuple[str, ...]
    state: str
    label: str


class ReceiptPage:
    """What one Save Changes saved, row by row, and whether it can be undone today."""

    def __init__(self, section: Section, receipt: Event, user: User, *, on: date) -> None:
        self.section, self.receipt, self.user = section, receipt, user
        self.part = class_part(section.label, section.term)
        self.reference = f"R-{receipt.pk}"
        self.who, self.what = who_of(receipt, user), what_of(receipt)
        self.is_undo = "undoes" in receipt.data
        wanted: Mapping[int, Any] = {int(pk): state for pk, state in receipt.data.get("rows", {}).items()}
        rows, standards = rules.measured(row for row in roster_of(section, user) if row.pk in wanted)
        calendar = rules.class_calendar(section)
        refusals = {
            row.pk: rules.why_not_undo(
                row,
                now=state_of(row),
                then=wanted[row.pk],
                calendar=calendar,
                standard=standards.get(row.pk),
                on=on,
            )
            for row in rows
        }
        entries = written(wanted)
        self.rows = [
            ReceiptRow(
                row.list_name,
                row.sers_id,
                tuple(changes_of(row.pk, wanted[row.pk], entries)),
                *(
                    ("quiet", "Changed since")
                    if state_of(row) != wanted[row.pk]["now"]
                    else ("done", "Stands")
                ),
            )
            for row in rows
        ]
        self.students_shown = rules.whose(rows)
        self.gone = len(wanted) - len(rows)
        self.comments = len(receipt.data.get("comments", ()))
        self.may_undo = any(refusal is None for refusal in refusals.values())
        #: Why nothing, or not all, can be undone.
        self.reasons = list(
            dict.fromkeys(str(refusal) for refusal in refusals.values() if refusal is not None)
        )

    @property
    def caption(self) -> str:
        return counted(len(self.rows), "student")


Written = Mapping[tuple[int, str, int], Entry]


def written(wanted: Mapping[int, Any]) -> Written:
    """The entries these rows have, by registration, part (empty for the grade itself) and number; two queries."""
    ids = list(wanted)
    return {
        **{
            (one.registration_id, "", one.number): one
            for one in GradeEntry.objects.filter(registration__in=ids)
        },
        **{
            (one.registration_id, one.part, one.number): one
            for one in GradePart.objects.filter(registration__in=ids)
        },
    }


def changes_of(pk: int, state: Mapping[str, Any], entries: Written) -> list[str]:
    """`97 %, 3.9 A (before: - - -)`, `First semester: 88 % (before: - - -)`, `Withdrawn (before: In Progress)`."""
    was, now = state["was"], state["now"]
    changes = []
    for part in GradePart.Part:
        before, after = was["parts"].get(part, 0), now["parts"].get(part, 0)
        if before != after:
            said, stood = (_said(entries.get((pk, part.value, number))) for number in (after, before))
            changes.append(f"{part.label}: {said} (before: {stood})")
    if was["number"] != now["number"]:
        stood = _said(entries.get((pk, "", was["number"]))) if was["status"] in Registration.GRADED else EMPTY
        changes.append(f"{_said(entries.get((pk, '', now['number'])))} (before: {stood})")
    elif was["status"] != now["status"]:
        changes.append(f"{STATUS_LABEL[now['status']]} (before: {STATUS_LABEL[was['status']]})")
    return changes


def _said(entry: Entry | None) -> str:
    """`97 %, 3.9 A`; `- - -` where nothing was."""
    if entry is None or not entry.stands:
        return EMPTY
    words = with_percent(entry.text)
    grade = entry.college_grade
    return f"{words}, {grade}" if grade and grade != words else words


def undo(page: ReceiptPage) -> UndoResult:
    """Undo what the page shows."""
    return undo_roster(section=page.section, receipt=page.receipt, by=page.user)


def undone_in_words(result: UndoResult) -> str:
    """`4 rows stand as before. Receipt R-2042. 1 row stays: Ana Begay was changed since.`"""
    stand = "stands" if result.rows == 1 else "stand"
    left = ""
    if result.left:
        stays = "stays" if len(result.left) == 1 else "stay"
        why = " ".join(dict.fromkeys(why for _, why in result.left))
        left = f" {counted(len(result.left), 'row')} {stays}: {why}"
    return f"{counted(result.rows, 'row')} {stand} as before. Receipt {result.receipt}.{left}"
