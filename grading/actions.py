"""Save Changes: row by row, clean rows saved, clashes told, nothing overwritten in silence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.models import GradeEntry, RosterComment
from organizations.models import CollegeYear
from organizations.rules import Calendar, read_percent
from sers.lib.refusal import Refusal, Refused
from students.models import Registration

#: What the list of statuses offers for a row without a grade.
STATUS_CHOICES = (
    Registration.Status.IN_PROGRESS,
    Registration.Status.WITHDRAWN,
    Registration.Status.NOT_IN_CLASS,
)
NOT_ATTAINED = "NA"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row as the teacher sent it: which registration, the version the screen showed, what was typed.

    `grade` is what stands in the grade box (`97`, `95 %`, `NA` for Not Attained, empty for none);
    `status` counts only while there is no grade; `comment` is added when it is not empty.
    """

    registration: UUID
    version: int
    grade: str = ""
    status: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: `saved`, `unchanged`, `clash` (someone saved first) or `refused`, with words."""

    registration: UUID
    outcome: str
    message: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class RosterResult:
    rows: dict[UUID, RowResult] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows.values())


def standards_of(registrations: Sequence[Registration]) -> dict[int, rules.Standard]:
    """The measure of each registration, by its id: two queries, however many colleges."""
    if not registrations:
        return {}
    years = {
        (one.college_id, one.year_id): one
        for one in CollegeYear.objects.filter(
            college__in={one.college_id for one in registrations},
            year__in={one.year_id for one in registrations},
        )
        .select_related("scale", "college")
        .prefetch_related("scale__rows")
    }
    return {
        one.pk: rules.standard(years[one.college_id, one.year_id], one.articulation.minimum_percent)
        for one in registrations
        if (one.college_id, one.year_id) in years
    }


def save_roster(*, section: Section, changes: Sequence[RowChange], by: User) -> RosterResult:
    """Save what was changed on a class roster, each row on its own terms, in one transaction.

    A row saves when its version is still the one the screen showed; else it is a clash and shows the other
    value. The same change sent twice is `unchanged` the second time. Grades are new entries, never updates.
    """
    if not rules.can_grade(by, section):
        raise Refused(Refusal("not_teacher", "Only the teachers of this class enter its grades."))
    result = RosterResult()
    with transaction.atomic():
        registrations = {
            one.public_id: one
            for one in Registration.objects.select_for_update(of=("self",))
            .filter(section=section, public_id__in=[change.registration for change in changes])
            .select_related("articulation", "student")
            .order_by("pk")
        }
        standards = standards_of(list(registrations.values()))
        current = {
            entry.registration_id: entry
            for entry in GradeEntry.objects.filter(registration__in=list(registrations.values()))
            .current()
            .select_related("entered_by")
        }
        calendar = Calendar.of(section.year)
        today = timezone.localdate()
        entries: list[GradeEntry] = []
        comments: list[RosterComment] = []
        statuses: dict[int, str] = {}
        for change in changes:
            registration = registrations.get(change.registration)
            if registration is None:
                result.rows[change.registration] = RowResult(
                    change.registration, "refused", "This student is no longer in the class."
                )
                continue
            if change.comment.strip():
                comments.append(
                    RosterComment(
                        registration=registration, text=change.comment.strip()[:2000], written_by=by
                    )
                )
            result.rows[change.registration] = _save_row(
                change,
                registration,
                standard=standards.get(registration.pk),
                last=current.get(registration.pk),
                refusal=rules.why_not_grade(registration, calendar, today),
                by=by,
                entries=entries,
                statuses=statuses,
            )
        GradeEntry.objects.bulk_create(entries)
        RosterComment.objects.bulk_create(comments)
        if statuses:
            Registration.objects.filter(pk__in=statuses).update(
                status=Case(*(When(pk=pk, then=Value(status)) for pk, status in statuses.items())),
                version=F("version") + 1,
            )
        if entries or statuses or comments:
            record_event(
                by=by,
                kind="grading.roster_saved",
                subject=section,
                data={"grades": len(entries), "statuses": len(statuses), "comments": len(comments)},
            )
    return result


def _save_row(
    change: RowChange,
    registration: Registration,
    *,
    standard: rules.Standard | None,
    last: GradeEntry | None,
    refusal: Refusal | None,
    by: User,
    entries: list[GradeEntry],
    statuses: dict[int, str],
) -> RowResult:
    typed = change.grade.strip()
    has_grade = registration.status in Registration.GRADED and last is not None
    percent: Decimal | None = None
    if typed and typed != NOT_ATTAINED:
        try:
            percent = read_percent(typed)
        except ValueError as error:
            return RowResult(change.registration, "refused", str(error))
    now_stands = (last.percent if last and has_grade else None, registration.status)
    if typed:
        if standard is None:
            return RowResult(
                change.registration, "refused", "The college has set no grade scale for this year."
            )
        grade = standard.college_grade(percent)
        wanted = (percent, str(grade.outcome))
    else:
        wanted_status = change.status or registration.status
        if has_grade:
            if change.version == registration.version:
                return RowResult(
                    change.registration, "refused", "A saved grade cannot be taken away. Enter the right one."
                )
            return _clash(change, last, registration)
        wanted = (None, wanted_status)
    if wanted == now_stands:
        return RowResult(change.registration, "unchanged")
    if change.version != registration.version:
        return _clash(change, last, registration)
    if refusal is not None:
        return RowResult(change.registration, "refused", str(refusal))
    if wanted[1] not in Registration.TRANSITIONS[Registration.Status(registration.status)] | {
        registration.status
    }:
        return RowResult(
            change.registration,
            "refused",
            f"A student who is {registration.get_status_display()} has no grade. Set the status to In Progress first.",
        )
    if typed and standard is not None:
        entries.append(
            GradeEntry(
                registration=registration,
                number=(last.number if last else 0) + 1,
                percent=percent,
                points=grade.points,
                letter=grade.letter,
                outcome=grade.outcome,
                scale=standard.scale,
                entered_by=by,
            )
        )
    elif change.status not in STATUS_CHOICES:
        return RowResult(change.registration, "refused", "Choose a status from the list.")
    statuses[registration.pk] = wanted[1]
    return RowResult(change.registration, "saved")


def _clash(change: RowChange, last: GradeEntry | None, registration: Registration) -> RowResult:
    """Someone saved this row after the screen was opened: both values are shown, nothing is overwritten."""
    if last is not None and registration.status in Registration.GRADED:
        theirs = f"{last.percent:f}" if last.percent is not None else "Not Attained"
        who = last.entered_by.name if last.entered_by else "SERS"
        when = timezone.localtime(last.entered_at)
        message = (
            f"{who} saved {theirs} at {when.hour % 12 or 12}:{when:%M} {'am' if when.hour < 12 else 'pm'}."
        )
    else:
        theirs = str(registration.get_status_display())
        message = f"The class was set to {theirs} while this page was open."
    return RowResult(change.registration, "clash", message, theirs)
