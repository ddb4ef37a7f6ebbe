"""Save Changes: row by row, clean rows saved, clashes told, nothing overwritten in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, F, Value, When
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.models import (
    MET,
    NOT_ATTAINED,
    GradeDraft,
    GradeEntry,
    GradePart,
    RosterComment,
    RosterRow,
    Shown,
    lock_roster,
    roster_of,
    rows_without,
)
from organizations.rules import Calendar
from sers.lib.moments import time_of_day
from sers.lib.refusal import Refusal, Refused
from sers.lib.writing import inserting, updating, write_together
from students.actions import hand_on_fees
from students.models import Registration

#: What the list of statuses offers for a row without a grade.
STATUS_CHOICES = (
    Registration.Status.IN_PROGRESS,
    Registration.Status.WITHDRAWN,
    Registration.Status.NOT_IN_CLASS,
    Registration.Status.NOT_ATTAINED,
)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row as the teacher sent it.

    `version` and `was` are what the screen showed; without `was`, it showed what that version held. `grade` is
    what stands in the grade box (`97`, `95 %`, `3.9 A`, `NA` for Not Attained, empty for none), None when no box was
    sent; `parts` what stands in the boxes of terms and criteria, where the college asks for them; `status` counts
    only while there is no grade; `comment` is added when it is not empty.
    """

    registration: UUID
    version: int
    grade: str | None = None
    status: str = ""
    comment: str = ""
    was: Shown | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: `saved`, `unchanged`, `clash` (someone saved first) or `refused`, with words.

    `rule` names what refused it. Of a clash, `row` is what stands now and `theirs` says whose it is.
    `comment` says why the comment was not taken, whatever became of the rest.
    """

    registration: UUID
    outcome: str
    message: str = ""
    rule: str = ""
    theirs: str = ""
    row: RosterRow | None = None
    comment: str = ""

    @property
    def is_settled(self) -> bool:
        """Nothing of the row waits for the person."""
        return self.outcome in ("saved", "unchanged") and not self.comment


@dataclass(slots=True)
class RosterResult:
    """What became of a roster: each row, how much was saved, and its receipt (empty when nothing was)."""

    rows: dict[UUID, RowResult] = field(default_factory=dict)
    grades: int = 0
    statuses: int = 0
    comments: int = 0
    receipt: str = ""
    #: The last day on which what was saved can be changed.
    until: date | None = None

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows.values())

    @property
    def is_clean(self) -> bool:
        """Nothing waits for the person."""
        return all(row.is_settled for row in self.rows.values())


@dataclass(slots=True)
class Save:
    """One Save Changes under way: by whom, against what, and what is to be written."""

    by: User
    on: date
    calendar: Calendar
    standards: dict[int, rules.Standard]
    #: Colleges that take no grades of the class before their assurance is signed.
    no_grades_yet: frozenset[int] = frozenset()
    entries: list[GradeEntry] = field(default_factory=list)
    parts: list[GradePart] = field(default_factory=list)
    comments: list[RosterComment] = field(default_factory=list)
    statuses: dict[int, str] = field(default_factory=dict)
    moved: dict[int, list[str]] = field(default_factory=dict)
    #: Of each row that changes, by its id: what stood and what stands then; Undo goes by it.
    changed: dict[int, Any] = field(default_factory=dict)

    def note(self, row: RosterRow, before: dict[str, Any], status: str) -> None:
        """A row changes to this status: count its version, and keep for its receipt what stood and what stands."""
        self.statuses[row.pk] = status
        number = before["number"]
        if self.entries and self.entries[-1].registration_id == row.pk:
            number = self.entries[-1].number
        parts = {one.part: one.number for one in self.parts if one.registration_id == row.pk}
        now = {"status": status, "number": number, "parts": before["parts"] | parts}
        self.changed[row.pk] = {"was": before, "now": now}

    def told(self) -> dict[str, Any]:
        """What the event of the act says; a receipt is read from it, and Undo goes by its `rows`."""
        return {
            "grades": {str(entry.registration_id): entry.number for entry in self.entries},
            "statuses": {str(pk): moved for pk, moved in self.moved.items()},
            "rows": {str(pk): changed for pk, changed in self.changed.items()},
            "comments": [comment.registration_id for comment in self.comments],
        }

    @property
    def graded(self) -> int:
        """How many rows got a grade or a part of one."""
        return len({entry.registration_id for entry in (*self.entries, *self.parts)})


def save_roster(*, section: Section, changes: Sequence[RowChange], by: User) -> RosterResult:
    """Save what was changed on a class roster, each row on its own terms, in one transaction.

    A row saves when what the screen showed still stands; else it is a clash and tells the other value. A row
    nobody touched is `unchanged`, and so is the same change sent twice. Grades are new entries, never updates.
    """
    if not rules.can_grade(by, section):
        raise Refused(Refusal("not_teacher", "Only the teachers of this class enter its grades."))
    try:
        # Without a savepoint: nothing here goes on after an error.
        with transaction.atomic(savepoint=False):
            return _save(section=section, changes=changes, by=by)
    except IntegrityError as error:
        if "one_live_registration_of_a_class_a_year" not in str(error):
            raise
    raise Refused(
        Refusal(
            "registered_again",
            "One of these students has just registered for this class again.",
            "Nothing was saved. Open the class again and look at the statuses.",
        )
    )


def try_roster(*, section: Section, changes: Sequence[RowChange], by: User) -> RosterResult:
    """What Save Changes would do with these rows now, decided as it decides; nothing is locked or written."""
    if not rules.can_grade(by, section):
        raise Refused(Refusal("not_teacher", "Only the teachers of this class enter its grades."))
    found, standards = rules.measured(roster_of(section, by))
    rows = {row.public_id: row for row in found}
    save = Save(by=by, on=timezone.localdate(), calendar=rules.class_calendar(section), standards=standards)
    results = {
        change.registration: _save_row(change, rows[change.registration], save)
        for change in changes
        if change.registration in rows
    }
    return RosterResult(results, save.graded, len(save.moved))


def _save(*, section: Section, changes: Sequence[RowChange], by: User) -> RosterResult:
    result = RosterResult()
    held = lock_roster(section, (change.registration for change in changes), by=by)
    found, standards = rules.measured(held)
    rows = {row.public_id: row for row in found}
    save = Save(
        by=by,
        on=timezone.localdate(),
        calendar=rules.class_calendar(section),
        standards=standards,
        no_grades_yet=rules.colleges_unassured(section),
    )
    for change in changes:
        row = rows.get(change.registration)
        if row is None:
            result.rows[change.registration] = RowResult(
                change.registration, "refused", "This student is no longer in the class.", "not_here"
            )
            continue
        outcome = _save_row(change, row, save)
        result.rows[change.registration] = replace(outcome, comment=_comment(change, row, save))
    write(save, section=section, settled=[key for key, row in result.rows.items() if row.is_settled])
    result.grades, result.statuses, result.comments = save.graded, len(save.moved), len(save.comments)
    if save.statuses or save.comments:
        event = record_event(
            by=by,
            kind="grading.roster_saved",
            subject=section,
            data=save.told(),
        )
        result.receipt = f"R-{event.pk}"
    closing = [
        rules.grading_opening(
            save.calendar,
            consortium_id=row.consortium_id,
            college_id=row.college_id,
            year_id=row.year_id,
            on=save.on,
        ).closes_on
        for row in rows.values()
        if row.pk in save.statuses
    ]
    result.until = min((day for day in closing if day is not None), default=None)
    return result


def write(save: Save, *, section: Section, settled: Sequence[UUID]) -> None:
    """Entries, parts, comments, statuses, and the end of what was drafted of these rows: one statement."""
    statements = [*inserting(save.entries), *inserting(save.parts), *inserting(save.comments)]
    if save.statuses:
        rows = Registration.objects.filter(pk__in=save.statuses).order_by()
        statements += updating(
            rows,
            status=Case(
                *(
                    When(
                        pk__in=[pk for pk, status in save.statuses.items() if status == wanted],
                        then=Value(wanted),
                    )
                    for wanted in sorted(set(save.statuses.values()))
                ),
                output_field=CharField(),
            ),
            version=F("version") + 1,
        )
    if settled:
        drafts = GradeDraft.objects.filter(section=section, user=save.by).order_by()
        statements += updating(drafts, rows=rows_without([str(key) for key in settled]))
    write_together(statements)
    ended = [pk for pk, status in save.statuses.items() if status in Registration.ENDED]
    if ended:
        hand_on_fees(ended, by=save.by)


def _save_row(change: RowChange, row: RosterRow, save: Save) -> RowResult:
    """Decide on one row and note what is to be written; the comment is apart."""

    def refused(rule: str, message: str) -> RowResult:
        return RowResult(change.registration, "refused", message, rule)

    standard = save.standards.get(row.pk)
    stands = rules.shown_of(row, standard)
    was = change.was or stands
    if standard is not None and not standard.asked(was):
        return refused("asks", f"{row.college} asks for other parts of a grade now. Open the class again.")
    try:
        read = _read(change, was, standard)
    except ValueError as error:
        return refused("percent", str(error))
    status = change.status or was.status
    if status != was.status and status not in STATUS_CHOICES:
        return refused("status", "Choose a status from the list.")
    whole = read.get(GradePart.Part.WHOLE)
    chosen = status == Registration.Status.NOT_ATTAINED != was.status
    if chosen and standard is not None and standard.is_whole and whole is None:
        read[GradePart.Part.WHOLE] = whole = NOT_ATTAINED
    box = "/".join(rules.read_text(read[part]) for part in read)
    if box == was.grade and status == was.status:
        return RowResult(change.registration, "unchanged")

    decided = standard.decide(read) if standard is not None else None
    if chosen and decided is None and standard is not None:  # without waiting for the other parts
        decided = rules.Decided(rules.NONE_EARNED, None, "Not Attained was chosen")
    open_again = Registration.Status.IN_PROGRESS if status in Registration.GRADED else status
    wanted = Shown(str(decided.grade.outcome) if decided is not None else open_again, box)
    if wanted == stands:
        return RowResult(change.registration, "unchanged")
    if change.version != row.version and (change.was is None or was != stands):
        return _clash(change, row, save, wanted, stands)
    refusal = rules.why_not_grade(
        row, calendar=save.calendar, standard=standard, on=save.on, no_grades_yet=save.no_grades_yet
    )
    if refusal is not None or standard is None:
        return refused(refusal.rule if refusal else "no_scale", str(refusal))
    if decided is None and row.is_graded and (standard.is_whole or not row.parts):
        return refused("grade_stands", rules.why_stands(standard))
    if status in Registration.ENDED:
        label = Registration.Status(status).label
        if row.status in Registration.ENDED and box != stands.grade:
            return refused("ended", f"{row.name} is {label}. Set the status to In Progress to enter a grade.")
        if row.status not in Registration.ENDED and standard.is_whole and decided is not None:
            return refused("ended", f"Empty the grade to set {label}, or set the status to In Progress.")
        if row.is_graded:
            return refused("grade_stands", rules.why_stands(standard))
        decided = None  # a student who leaves takes the terms along as they are
        wanted = Shown(status, box)
    if chosen and wanted.status != status and decided is not None:
        earned = f"{box} % earns" if standard.is_whole else "What is entered earns"
        return refused(
            "both", f"{earned} {decided.grade}. Enter the percent or choose Not Attained, not both."
        )
    if row.status in Registration.ENDED:  # who left comes back first, then has a grade
        back = Registration.Status.IN_PROGRESS if status == Registration.Status.NOT_ATTAINED else status
        refusal = rules.why_not_status(row, back)
    elif decided is not None or not row.is_graded:
        refusal = rules.why_not_status(row, wanted.status)
    if refusal is not None:
        return refused(refusal.rule, str(refusal))

    before = state_of(row)
    if not standard.is_whole:
        _enter_parts(row, read, standard, save)
    if decided is not None:
        grade = decided.grade
        if not _says_the_same(row, decided):
            save.entries.append(
                GradeEntry(
                    registration_id=row.pk,
                    number=(row.number or 0) + 1,
                    percent=decided.percent,
                    points=grade.points,
                    letter=grade.letter,
                    outcome=grade.outcome,
                    scale=standard.scale,
                    reason=decided.reason,
                    entered_by=save.by,
                )
            )
    elif row.is_graded:
        save.entries.append(
            GradeEntry(
                registration_id=row.pk,
                number=(row.number or 0) + 1,
                outcome=GradeEntry.Outcome.TAKEN_BACK,
                scale=standard.scale,
                reason="A part of the grade is open again",
                entered_by=save.by,
            )
        )
    elif wanted.status != row.status:
        save.moved[row.pk] = [row.status, wanted.status]
    save.note(row, before, wanted.status)
    return RowResult(change.registration, "saved")


def _read(change: RowChange, was: Shown, standard: rules.Standard | None) -> dict[str, rules.Read]:
    """What was typed in each box of a row, in the order the college asks; what was not sent stands as it was shown."""
    whole = was.grade if change.grade is None else change.grade
    if standard is None:
        return {GradePart.Part.WHOLE: rules.read_grade(whole)}
    if standard.is_whole:
        return {GradePart.Part.WHOLE: standard.read(GradePart.Part.WHOLE, whole, stood=was.grade)}
    read: dict[str, rules.Read] = {}
    for part, stood in zip(standard.parts, was.grade.split("/"), strict=True):
        try:
            read[part] = standard.read(part, change.parts.get(part, stood), stood=stood)
        except ValueError as error:
            raise ValueError(f"{GradePart.Part(part).label}: {error}") from None
    return read


def _says_the_same(row: RosterRow, decided: rules.Decided) -> bool:
    """Is this grade the one that stands already, by the same percent?"""
    return row.is_graded and (row.percent, row.points, row.letter, row.outcome) == (
        decided.percent,
        decided.grade.points,
        decided.grade.letter,
        decided.grade.outcome,
    )


def _enter_parts(
    row: RosterRow, read: Mapping[str, rules.Read], standard: rules.Standard, save: Save
) -> None:
    """Note a new entry for each part whose box holds something else than before; an emptied one is taken back."""
    for part, value in read.items():
        last = row.parts.get(part)
        if rules.read_text(value) == (last.text if last else ""):
            continue
        entry = GradePart(
            registration_id=row.pk,
            part=part,
            number=(last.number if last else 0) + 1,
            outcome=GradePart.Outcome.TAKEN_BACK,
            scale=standard.scale,
            entered_by=save.by,
        )
        if part in GradePart.CRITERIA and value is not None:
            met = value == MET
            entry.outcome = GradePart.Outcome.COMPLETED if met else GradePart.Outcome.NOT_ATTAINED
        elif value is not None:
            grade = standard.grade_of(value)
            entry.percent = value if isinstance(value, Decimal) else None
            entry.points, entry.letter, entry.outcome = grade.points, grade.letter, grade.outcome
        save.parts.append(entry)


def state_of(row: RosterRow) -> dict[str, Any]:
    """What stands of a row as a receipt keeps it: status, and how many entries of the grade and of each part."""
    return {
        "status": row.status,
        "number": row.number or 0,
        "parts": {part: entry.number for part, entry in row.parts.items()},
    }


def _comment(change: RowChange, row: RosterRow, save: Save) -> str:
    """Note the comment, or say why not; it is taken whatever becomes of the grade, also after grading closed.

    The same words by the same person once more are the same form sent twice.
    """
    text = "\n".join(line.rstrip() for line in change.comment.strip().splitlines())
    if not text or text == row.last_comment:
        return ""
    if len(text) > RosterComment.MOST_LETTERS:
        return f"Shorten the comment to {RosterComment.MOST_LETTERS:,} letters. It has {len(text):,}."
    save.comments.append(RosterComment(registration_id=row.pk, text=text, written_by=save.by))
    return ""


def _in_words(shown: Shown) -> str:
    """`91`, `Not Attained`, `Withdrawn`, `90 / - - -`: a row's state as people say it."""
    if shown.grade.strip("/") and shown.grade != NOT_ATTAINED and shown.status not in Registration.ENDED:
        return " / ".join(part or "- - -" for part in shown.grade.split("/"))
    return str(Registration.Status(shown.status).label)


def _clash(change: RowChange, row: RosterRow, save: Save, wanted: Shown, stands: Shown) -> RowResult:
    """Someone saved this row after the screen was opened: both values are told, nothing is overwritten."""
    theirs, mine = _in_words(stands), _in_words(wanted)
    chose = mine == str(Registration.Status(wanted.status).label)
    meanwhile = f"while you {'chose' if chose else 'typed'} {mine}"
    last = row.last_entry
    if last is not None and row.status not in Registration.ENDED:
        at, by_id, name = last
        own = by_id == save.by.pk
        who = "You" if own else name or "SERS"
        when = timezone.localtime(at)
        day = "" if when.date() == save.on else f"on {rules.day_in_words(when.date(), save.on)} "
        clock = time_of_day(when)
        message = f"{who} saved {theirs} {day}at {clock}, {meanwhile}. Which one is right?"
        whose = "Saved before" if own else f"{who}’s"
    else:
        message = f"The status was set to {theirs} {meanwhile}. Which one is right?"
        whose = "Saved meanwhile"
    return RowResult(change.registration, "clash", message, "clash", theirs=whose, row=row)
