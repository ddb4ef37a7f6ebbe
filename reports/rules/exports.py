"""Who asks for everything SERS holds about a student, who takes the file, and how it stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import RateLimit, User
from reports.models import RecordExport
from reports.rules.holdings import TABLES
from sers.lib.moments import moment
from sers.lib.refusal import Refusal
from students.models import Student
from students.rules import can_ask_for_record, is_own
from students.rules.inspections import hands_over_files, right_ended

#: A person answers the requests of a day; a stolen account does not carry off the State.
EXPORTS: Final = 20
EXPORTS_WITHIN: Final = timedelta(days=1)


def can_take_export(user: User, export: RecordExport, *, on: date) -> bool:
    """Who asked for the file takes it: the student, or the one member of staff, as long as they hold such a seat. A file
    that answers a student's own request to inspect is taken by the student alone, in their account; one for a parent
    as long as the parent holds the right."""
    if export.goes_to_account:
        return is_own(user, export.student)
    if export.asked_by_id != user.pk:
        return False
    asked = export.inspection
    if asked is not None and right_ended(asked.asker, export.student, on=on) is not None:
        return False
    return can_ask_for_record(user, export.student) or (
        asked is not None and hands_over_files(user, export.student)
    )


def why_not_ask(limit: RateLimit) -> Refusal | None:
    """Twenty files in a day, whoever asks: many at once are taken in small bites, and noticed."""
    if limit.tries <= EXPORTS:
        return None
    return Refusal(
        "too_many_exports",
        _("You asked for many files in one day."),
        _("Ask again after {moment}.").format(moment=moment(limit.ends_at)),
    )


def why_not_reason(user: User, student: Student, reason: str) -> Refusal | None:
    """Staff say whose request they answer; a student says nothing."""
    if is_own(user, student) or reason.strip():
        return None
    return Refusal("no_reason", _("Enter whose request you answer") + ".", "")


def why_not_take(user: User, export: RecordExport, *, now: datetime) -> Refusal | None:
    """The file is there once it is made, for seven days, for who asked for it."""
    if not can_take_export(user, export, on=timezone.localdate(now)):
        return Refusal("not_yours", _("Who asked for this file takes it."), _("Ask for one of your own."))
    if export.made_at is None:
        return Refusal("being_made", _("The file is being made."), _("It takes some seconds."))
    if export.removed_at is not None or export.made_at + RecordExport.KEPT_FOR <= now:
        return Refusal(
            "not_kept", _("The file was kept for seven days and is gone."), _("Ask for a new one.")
        )
    return None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One request as its page lists it."""

    export: RecordExport
    state: RecordExport.State
    tag: str
    can_take: bool
    size: str


TAGS: Final = {
    RecordExport.State.MAKING: "progress",
    RecordExport.State.READY: "done",
    RecordExport.State.REMOVED: "quiet",
}


def export_row(user: User, export: RecordExport, *, now: datetime) -> ExportRow:
    """How a request stands for this person; a file that is over reads so before it is swept away."""
    over = export.made_at is not None and export.made_at + RecordExport.KEPT_FOR <= now
    state = RecordExport.State.REMOVED if over else export.state
    return ExportRow(
        export=export,
        state=state,
        tag=TAGS[state],
        can_take=why_not_take(user, export, now=now) is None,
        size=size_in_words(export.size),
    )


def progress_in_words(export: RecordExport) -> str:
    """`12 of 34 tables are written.`"""
    total = len(TABLES)
    words = ngettext(
        "{done} of {total} table is written.", "{done} of {total} tables are written.", total
    ).format(done=export.done, total=total)
    return words + " " + _("We mail you when the file is ready.")


def size_in_words(size: int) -> str:
    """`184 KB`, `2.1 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
