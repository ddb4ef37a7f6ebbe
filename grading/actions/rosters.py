"""Save Changes: row by row, clean rows saved, clashes told, nothing overwritten in silence."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.models import (
    NOT_ATTAINED,
    GradeEntry,
    RosterComment,
    RosterRow,
    Shown,
    lock_roster,
    percent_text,
)
from organizations.rules import Calendar
from sers.lib.refusal import Refusal, Refused
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
    what stands in the grade box (`97`, `95 %`, `NA` for Not Attained, empty for none), None when no box was sent;
    `status` counts only while there is no grade; `comment` is added when it is not empty.
    """

    registration: UUID
    version: int
    grade: str | None = None
    status: str = ""
    comment: str = ""
    was: Shown | None = None


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
        return not any(row.outcome in ("clash", "refused") or row.comment for row in self.rows.values())


@dataclass(slots=True)
class _Save:
    """One Save Changes under way: by whom, against what, and what is to be written."""

    by: User
    on: date
    calendar: Calendar
    standards: dict[int, rules.Standard]
    entries: list[GradeEntry] = field(default_factory=list)
    comments: list[RosterComment] = field(default_factory=list)
    statuses: dict[int, str] = field(default_factory=dict)
    moved: dict[int, list[str]] = field(default_factory=dict)


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


def _save(*, section: Section, changes: Sequence[RowChange], by: User) -> RosterResult:
    result = RosterResult()
    rows = {
        row.public_id: row for row in lock_roster(section, (change.registration for change in changes), by=by)
    }
    save = _Save(
        by=by,
        on=timezone.localdate(),
        calendar=rules.class_calendar(section),
        standards=rules.standards_of(rows.values()),
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
    GradeEntry.objects.bulk_create(save.entries)
    RosterComment.objects.bulk_create(save.comments)
    if save.statuses:
        Registration.objects.filter(pk__in=save.statuses).update(
            status=Case(
                *(
                    When(
                        pk__in=[pk for pk, status in save.statuses.items() if status == wanted],
                        then=Value(wanted),
                    )
                    for wanted in sorted(set(save.statuses.values()))
                )
            ),
            version=F("version") + 1,
        )
    ended = [pk for pk, status in save.statuses.items() if status in Registration.ENDED]
    if ended:
        hand_on_fees(ended, by=by)
    result.grades, result.statuses, result.comments = len(save.entries), len(save.moved), len(save.comments)
    if save.statuses or save.comments:
        event = record_event(
            by=by,
            kind="grading.roster_saved",
            subject=section,
            data={
                "grades": {str(entry.registration_id): entry.number for entry in save.entries},
                "statuses": {str(pk): moved for pk, moved in save.moved.items()},
                "comments": [comment.registration_id for comment in save.comments],
            },
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


def _save_row(change: RowChange, row: RosterRow, save: _Save) -> RowResult:
    """Decide on one row and note what is to be written; the comment is apart."""

    def refused(rule: str, message: str) -> RowResult:
        return RowResult(change.registration, "refused", message, rule)

    was = change.was or row.shown
    standard = save.standards.get(row.pk)
    try:
        typed = rules.read_grade(was.grade if change.grade is None else change.grade)
    except ValueError as error:
        return refused("percent", str(error))
    status = change.status or was.status
    if status != was.status and status not in STATUS_CHOICES:
        return refused("status", "Choose a status from the list.")
    if typed is None and status == Registration.Status.NOT_ATTAINED != was.status:
        typed = NOT_ATTAINED
    percent = typed if isinstance(typed, Decimal) else None
    box = percent_text(percent) if percent is not None else NOT_ATTAINED if typed else ""
    if box == was.grade and status == was.status:
        return RowResult(change.registration, "unchanged")

    grade = standard.college_grade(percent) if standard is not None and typed is not None else None
    wanted = Shown(str(grade.outcome) if grade is not None else status, box)
    if wanted == row.shown:
        return RowResult(change.registration, "unchanged")
    if change.version != row.version and (change.was is None or was != row.shown):
        return _clash(change, row, save, wanted)
    refusal = rules.why_not_grade(row, calendar=save.calendar, standard=standard, on=save.on)
    if refusal is not None:
        return refused(refusal.rule, str(refusal))
    if not box and row.is_graded:
        return refused(
            "grade_stands", "A saved grade cannot be taken away. Enter the right one, or NA for Not Attained."
        )
    if grade is not None and status in Registration.ENDED:
        label = Registration.Status(status).label
        if row.status in Registration.ENDED:
            return refused("ended", f"{row.name} is {label}. Set the status to In Progress to enter a grade.")
        return refused("ended", f"Empty the grade to set {label}, or set the status to In Progress.")
    if wanted.status != status == Registration.Status.NOT_ATTAINED != was.status:
        return refused("both", f"{box} % earns {grade}. Enter the percent or choose Not Attained, not both.")
    if row.status in Registration.ENDED:  # who left comes back first, then has a grade
        back = Registration.Status.IN_PROGRESS if status == Registration.Status.NOT_ATTAINED else status
        refusal = rules.why_not_status(row, back)
    else:
        refusal = rules.why_not_status(row, wanted.status)
    if refusal is not None:
        return refused(refusal.rule, str(refusal))

    if grade is not None and standard is not None:
        save.entries.append(
            GradeEntry(
                registration_id=row.pk,
                number=(row.number or 0) + 1,
                percent=percent,
                points=grade.points,
                letter=grade.letter,
                outcome=grade.outcome,
                scale=standard.scale,
                entered_by=save.by,
            )
        )
    else:
        save.moved[row.pk] = [row.status, wanted.status]
    save.statuses[row.pk] = wanted.status
    return RowResult(change.registration, "saved")


def _comment(change: RowChange, row: RosterRow, save: _Save) -> str:
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
    """`91`, `Not Attained`, `Withdrawn`: a row's state as people say it."""
    if shown.grade and shown.grade != NOT_ATTAINED:
        return shown.grade
    return str(Registration.Status(shown.status).label)


def _clash(change: RowChange, row: RosterRow, save: _Save, wanted: Shown) -> RowResult:
    """Someone saved this row after the screen was opened: both values are told, nothing is overwritten."""
    theirs, mine = _in_words(row.shown), _in_words(wanted)
    meanwhile = f"while you {'typed' if wanted.grade == mine else 'chose'} {mine}"
    if row.is_graded and row.entered_at is not None:
        own = row.entered_by_id == save.by.pk
        who = "You" if own else row.entered_by or "SERS"
        when = timezone.localtime(row.entered_at)
        day = "" if when.date() == save.on else f"on {rules.day_in_words(when.date(), save.on)} "
        clock = f"{when.hour % 12 or 12}:{when:%M} {'am' if when.hour < 12 else 'pm'}"
        message = f"{who} saved {theirs} {day}at {clock}, {meanwhile}. Which one is right?"
        whose = "Saved before" if own else f"{who}’s"
    else:
        message = f"The status was set to {theirs} {meanwhile}. Which one is right?"
        whose = "Saved meanwhile"
    return RowResult(change.registration, "clash", message, "clash", theirs=whose, row=row)
