"""Lists to take away: what each holds, who takes which, and how a request stands.

A list holds the rows its reader's seats show, no more, and tells each column in words. Registrations are those of every
status: the live ones among them are what a report counts.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Concat, Trim
from django.utils import timezone

from accounts.access import Role, all_seats, has_role
from accounts.models import RateLimit, User
from articulations.rules import year_in_words
from grading.models import GradeEntry
from reports.models import ListExport
from reports.rules.cedars import CEDARS
from reports.rules.columns import (
    Sheet,
    Told,
    about_class,
    about_statements,
    about_student,
    awards,
    credentials,
    day_of,
    grades,
    label_of,
    listed,
    on_day,
    percent,
    registrations,
)
from reports.rules.exports import size_in_words
from reports.rules.extracts import RESEARCH
from reports.rules.pathway_list import PATHWAYS
from reports.rules.results import RESULTS, manifest
from sers.lib.moments import day, moment
from sers.lib.refusal import Refusal
from students.models import Registration
from students.rules.credentials import READS_CREDENTIALS
from transcripts.models import AwardSource

Kind = ListExport.Kind
Form = ListExport.Form
State = ListExport.State

#: Lists a person may ask for in a day: the work of a day, not the State in small bites.
LISTS: Final = 20
LISTS_WITHIN: Final = timedelta(days=1)
#: From so many rows on a list is told of to the State.
LARGE: Final = 10_000
#: How long whoever takes the research extract may keep it.
EXTRACT_KEPT_FOR: Final = timedelta(days=3 * 365)

STAFF: Final = (
    Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip
#: Whose seats may take which list.
TAKERS: Final[Mapping[str, tuple[Role, ...]]] = {
    Kind.REGISTRATIONS: STAFF,
    Kind.GRADES: STAFF,
    Kind.AWARDS: STAFF,
    Kind.CREDENTIALS: READS_CREDENTIALS,  # no registrar: the college does not vouch for them
    Kind.PATHWAYS: (Role.COUNSELOR, Role.DISTRICT, Role.STATE),  # who sees every registration of a student
    Kind.CEDARS: (Role.DISTRICT, Role.CONSORTIUM, Role.STATE),
    Kind.RESULTS: (Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE),
    Kind.RESEARCH: (Role.STATE,),
}

NOTICE: Final = (
    "Notice: This file holds education records. Federal law (FERPA, 34 CFR 99.33) lets you use them for what they were "
    "given for, and lets nobody pass them on without written consent. Delete the file when you are done."
)


def classes_that_earned() -> ArraySubquery:
    """The titles of the classes that earned an award."""
    sources = AwardSource._base_manager.filter(award=OuterRef("pk"))
    return ArraySubquery(
        sources.order_by("pk").values_list("registration__high_school_course__title", flat=True)
    )


def recorded_by() -> Trim:
    """The name of who recorded a credential."""
    return Trim(Concat(F("recorded_by__first_name"), Value(" "), F("recorded_by__last_name")))


STATUS: Final = label_of(Registration.Status.choices)
FEES_REQ: Final = label_of(Registration.FeesReq.choices)
REGISTRATIONS: Final = Sheet(
    "Registrations",
    registrations,
    (
        Told("Reference", F("reference"), "The registration’s reference"),
        *about_student("student"),
        *about_class(""),
        Told(
            "Status", F("status"), "In Progress, Completed, Not Attained, Withdrawn or Not in Class", STATUS
        ),
        Told("Fees/Req", F("fees_req"), "Pending, Processed, Waived or Not required", FEES_REQ),
        Told("Fee", F("fee_due"), "What the student pays for it, in dollars"),
        Told("Registered on", F("registered_at"), "The day of registration", on_day),
        Told("Credit awarded on", F("awarded_at"), "The day SERS awarded its credit; empty before", on_day),
        about_statements("pk"),
    ),
)
GRADES: Final = Sheet(
    "Grades",
    grades,
    (
        Told("Reference", F("registration__reference"), "The registration’s reference"),
        *about_student("registration__student"),
        *about_class("registration__"),
        Told("Percent", F("percent"), "What the teacher entered", percent),
        Told("Grade points", F("points"), "The college’s grade points"),
        Told("Letter", F("letter"), "The college’s letter"),
        Told("Outcome", F("outcome"), "Completed or Not Attained", label_of(GradeEntry.Outcome.choices)),
        Told("Entry", F("number"), "1 is the first grade, more is a correction"),
        Told("Entered on", F("entered_at"), "The day it was entered", on_day),
        about_statements("registration"),
    ),
    student="registration__student",
)
AWARDS: Final = Sheet(
    "Credit awarded",
    awards,
    (
        *about_student("student"),
        Told("College", F("college__name"), "The college that gives the credit"),
        Told("Course", F("course_code"), "The college course, as it was called on the day of the award"),
        Told("Title", F("course_title"), "Its title on that day"),
        Told("Credits", F("credits"), "Credits of the course"),
        Told("Grade points", F("points"), "The college’s grade points"),
        Told("Letter", F("letter"), "The college’s letter"),
        Told("Award year", F("year__first_year"), "The school year of the award", year_in_words),
        Told("Awarded on", F("awarded_at"), "The day SERS awarded it", on_day),
        Told("Classes", classes_that_earned(), "The classes that earned it", listed),
    ),
)
CREDENTIALS: Final = Sheet(
    "Industry credentials",
    credentials,
    (
        Told("Reference", F("registration__reference"), "The registration’s reference"),
        *about_student("registration__student"),
        *about_class("registration__"),
        Told("Credential", F("credential__title"), "The industry credential, as the State’s list calls it"),
        Told("Given by", F("credential__given_by"), "Who gives it"),
        Told("Earned on", F("earned_on"), "The day it was earned", day_of),
        Told("Recorded on", F("recorded_at"), "The day it was recorded in SERS", on_day),
        Told("Recorded by", recorded_by(), "Who recorded it: staff of the school, district or consortium"),
    ),
    student="registration__student",
)


#: The tables of each list; those of one name are one file.
SHEETS: Final[Mapping[str, tuple[Sheet, ...]]] = {
    Kind.REGISTRATIONS: (REGISTRATIONS,),
    Kind.GRADES: (GRADES,),
    Kind.AWARDS: (AWARDS,),
    Kind.CREDENTIALS: (CREDENTIALS,),
    Kind.PATHWAYS: (PATHWAYS,),
    Kind.CEDARS: (CEDARS,),
    Kind.RESULTS: RESULTS,
    Kind.RESEARCH: RESEARCH,
}


# --- Who takes what --------------------------------------------------------------------------------------


def kinds_for(user: User) -> list[Kind]:
    """The lists this person's seats may take."""
    return [kind for kind in Kind if has_role(user, *TAKERS[kind])]


def takes_lists(user: User) -> bool:
    """Is there any list for this person's seats?"""
    return bool(kinds_for(user))


def forms_of(kind: str) -> tuple[Form, ...]:
    """How a list is written: several tables are a ZIP file."""
    return (Form.ZIP,) if kind in (Kind.RESULTS, Kind.RESEARCH) else (Form.XLSX, Form.CSV)


def lists_to_choose(user: User) -> list[tuple[str, str]]:
    """The lists of a person's seats, each in its forms: `grades.xlsx`, in words."""
    return [
        (f"{kind}.{form}", str(kind.label) if form == Form.ZIP else f"{kind.label}, {form.label}")
        for kind in kinds_for(user)
        for form in forms_of(kind)
    ]


def why_not_list(user: User, kind: str, form: str) -> Refusal | None:
    """A list is for the seats it is offered to, in a form it comes in."""
    if kind not in Kind.values or not has_role(user, *TAKERS[kind]):
        return Refusal("not_for_seat", "This list is not for your seat.", "Choose another one.")
    if form not in forms_of(kind):
        return Refusal("other_form", "This list does not come in that form.", "Choose another one.")
    return None


def why_not_more_lists(limit: RateLimit) -> Refusal | None:
    """Twenty lists in a day, whoever asks."""
    if limit.tries <= LISTS:
        return None
    return Refusal(
        "too_many_lists",
        "You asked for many lists in one day.",
        f"Ask again after {moment(limit.ends_at)}.",
    )


def why_not_take_list(user: User, export: ListExport, *, now: datetime) -> Refusal | None:
    """A list is taken by who asked for it, while they hold a seat it is for, for seven days after it was made."""
    if export.asked_by_id != user.pk or not has_role(user, *TAKERS[export.kind]):
        return Refusal("not_yours", "Who asked for this list takes it.", "Ask for one of your own.")
    if export.made_at is None:
        return Refusal("not_made", "The list is not made yet.", "Look again in a minute.")
    if export.removed_at is not None or export.made_at + ListExport.KEPT_FOR <= now:
        return Refusal("not_kept", "The list was kept for seven days and is gone.", "Ask for a new one.")
    return None


def reader_of(export: ListExport) -> User | None:
    """Who asked, in the seat they asked from; None when that seat has ended, or none they hold is for the list."""
    user = export.asked_by
    if export.seat_id is not None:
        if all(seat.id != export.seat_id for seat in all_seats(user)):
            return None
        user.hat = export.seat_id  # as the middleware does for a page
    return user if has_role(user, *TAKERS[export.kind]) else None


def tells_of_students(kind: str) -> bool:
    """Is there a row about a student in such a list? What has none is no education record."""
    return any(sheet.student is not None for sheet in SHEETS[kind])


def notice_of_list(export: ListExport) -> str:
    """What is said in the file: the law, what it was asked for, and by when an extract is destroyed. A list that tells
    of no student says nothing."""
    if not tells_of_students(export.kind):
        return ""
    words = f"{NOTICE} Made for: {export.purpose.rstrip('.')}."
    if export.destroy_by is not None:
        words += f" Destroy it by {day(export.destroy_by)} (34 CFR 99.35)."
    return words


def papers_beside(export: ListExport, notice: str) -> dict[str, bytes]:
    """What lies beside the tables in a ZIP file: what may be done with them, and what they hold."""
    papers = {"notice.txt": f"{notice}\n".encode()}
    if export.kind == Kind.RESULTS:
        return {"manifest.csv": machine_csv([("propertyName", "value"), *manifest()]), **papers}
    described = [
        (sheet.name, column.head, column.holds) for sheet in SHEETS[export.kind] for column in sheet.columns
    ]
    return {"columns.csv": machine_csv([("file", "column", "holds"), *described]), **papers}


def machine_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """A small CSV file for a machine to read: no mark before its heads."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def extract_ends(on: date) -> date:
    """By when an extract that is made on a day is destroyed."""
    return on + EXTRACT_KEPT_FOR


# --- How a request stands ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListRow:
    """One request as its page lists it."""

    export: ListExport
    state: ListExport.State
    tag: str
    can_take: bool
    note: str


LIST_TAGS: Final = {
    State.MAKING: "progress", State.READY: "done", State.REMOVED: "quiet", State.GIVEN_UP: "stop",
}  # fmt: skip


def list_row(user: User, export: ListExport, *, now: datetime) -> ListRow:
    """How a request stands for this person; a file that is over reads so before it is swept away."""
    over = export.made_at is not None and export.made_at + ListExport.KEPT_FOR <= now
    state = State.REMOVED if over else export.state
    note = {
        State.MAKING: "",
        State.READY: f"{rows_in_words(export.total)}, {size_in_words(export.size)}, until {day(export.kept_until)}",
        State.REMOVED: rows_in_words(export.total),
        State.GIVEN_UP: "The seat it was asked from has ended.",
    }[state]
    return ListRow(export, state, LIST_TAGS[state], why_not_take_list(user, export, now=now) is None, note)


def rows_in_words(number: int) -> str:
    """`1 row`, `1,204 rows`."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def list_progress(export: ListExport) -> str:
    """`1,200 of 56,000 rows are written.`"""
    if not export.total:
        return "A worker looks which rows there are."
    return (
        f"{export.done:,} of {rows_in_words(export.total)} are written. We mail you when the file is ready."
    )


def file_name(export: ListExport) -> str:
    """`sers-grades-2025-26-2026-06-15.csv`."""
    made = timezone.localdate(export.made_at).isoformat()
    of = "all-years" if export.year is None else str(export.year)
    return f"sers-{export.kind}-{of}-{made}.{export.form}"
