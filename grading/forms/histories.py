"""The history of one grade: who entered what, when and why, latest first."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Event, User
from articulations.models import Section
from grading.forms.words import stands, with_percent
from grading.models import GradeEntry, GradePart, RosterRow, Shown
from students.models import Registration

#: The acts of a roster that move a status.
ROSTER_KINDS = ("grading.roster_saved", "grading.roster_undone")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry: what it says, what it earned, when, who and why."""

    at: datetime
    what: str
    college_grade: str
    who: str
    reason: str


def history_of(row: RosterRow, section: Section, user: User) -> list[HistoryLine]:
    """Every entry of a grade and of its parts, and each change of status on the roster of this class.

    The row is one the person may see. Three queries.
    """
    lines = [
        HistoryLine(
            entry.entered_at,
            _said(entry),
            entry.college_grade,
            _who(entry.entered_by, user),
            entry.reason,
        )
        for entry in (
            *GradeEntry.objects.filter(registration=row.pk).select_related("entered_by"),
            *GradePart.objects.filter(registration=row.pk).select_related("entered_by"),
        )
    ]
    key = str(row.pk)
    events = Event.objects.filter(
        subject_type=section._meta.label_lower, subject_id=section.pk, kind__in=ROSTER_KINDS,
        data__statuses__has_key=key,
    ).select_related("actor")  # fmt: skip
    for event in events:
        was, now = (str(Registration.Status(status).label) for status in event.data["statuses"][key])
        reason = f"Undo of R-{event.data['undoes']}" if "undoes" in event.data else ""
        lines.append(HistoryLine(event.at, f"Status: {was} to {now}", "", _who(event.actor, user), reason))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _said(entry: GradeEntry | GradePart) -> str:
    """`97 %`, `First semester: 88 %`, `Grade taken back`."""
    part = f"{entry.get_part_display()}: " if isinstance(entry, GradePart) else ""
    if not entry.stands:
        return f"{part}taken back" if part else "Grade taken back"
    if part:
        return part + with_percent(entry.text)
    return stands(Shown(entry.outcome, entry.text))


def _who(person: User | None, user: User) -> str:
    if person is None:
        return "SERS"
    return "You" if person.pk == user.pk else person.name
