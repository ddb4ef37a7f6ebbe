"""Wrong college IDs that went out: what stands on them, who asks for a replacement, who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from accounts.access import Role, has_role, stands_on
from accounts.models import User
from organizations.models import AcademicYear
from sers.lib.refusal import Refusal
from students.models import records_of
from transcripts.models import (
    CollegeIdentity,
    PostingEvent,
    SidReplacement,
    SidReplacementQuerySet,
    Transcript,
    WorksheetRow,
)

State = SidReplacement.State


def has_gone_out(identity: CollegeIdentity) -> bool:
    """A college ID has gone out when it stands in a worksheet of its student or on a document of theirs; the database
    asks the same before it lets one be undone."""
    return (
        WorksheetRow.objects.filter(
            award__student__in=records_of(identity.student),
            award__college=identity.college_id,
            sid=identity.sid,
        ).exists()
        or Transcript.objects.filter(
            student__in=records_of(identity.student), college=identity.college_id, sid=identity.sid
        ).exists()
    )


def why_not_undo(identity: CollegeIdentity) -> Refusal | None:
    """A college ID is undone as long as it has not gone out."""
    if identity.undone_at is not None:
        return Refusal("undone", "This college ID was undone already.")
    if has_gone_out(identity):
        return Refusal(
            "gone_out",
            "This college ID stands in a worksheet or on a document.",
            "Ask for it to be replaced: a second person approves.",
        )
    return None


# --- Who may ----------------------------------------------------------------------------------------------


def can_ask_replacement(user: User, college_id: int) -> bool:
    """The registrar of the college asks for a wrong college ID to be replaced."""
    return stands_on(user, Role.REGISTRAR, college_id)


def can_decide_replacement(user: User, college_id: int) -> bool:
    """Another registrar of the college decides, or state staff: a college may have one registrar."""
    return stands_on(user, Role.REGISTRAR, college_id) or has_role(user, Role.STATE)


# --- What each step refuses -------------------------------------------------------------------------------


def why_not_ask_replacement(
    *, undone: bool, gone_out: bool, under_way: bool, same: bool = False, taken: bool = False
) -> Refusal | None:
    """A replacement is for an ID that stands and has gone out, by another one that is nobody's; one at a time."""
    if undone:
        return Refusal("undone", "This college ID was undone already.")
    if under_way:
        return Refusal("under_way", "A replacement of this college ID is under way.", "Follow it there.")
    if not gone_out:
        return Refusal(
            "not_out", "This college ID stands in no worksheet and on no document.", "Undo it instead."
        )
    if same:
        return Refusal("same_sid", "This is the college ID that stands already.", "Enter the right one.")
    if taken:
        return Refusal(
            "sid_taken",
            "Another student has this college ID.",
            "Have it taken away there first, or leave the right one empty for now.",
        )
    return None


def why_not_ask_replacement_now(identity: CollegeIdentity, sid: str = "") -> Refusal | None:
    """As `why_not_ask_replacement`, asked of the rows as they are."""
    standing = CollegeIdentity.objects.standing().filter(college=identity.college_id)
    return why_not_ask_replacement(
        undone=identity.undone_at is not None,
        gone_out=has_gone_out(identity),
        under_way=SidReplacement.objects.open().filter(identity=identity).exists(),
        same=sid == identity.sid,
        taken=bool(sid) and standing.filter(sid=sid).exclude(pk=identity.pk).exists(),
    )


def why_not_approve_replacement(user: User, replacement: SidReplacement) -> Refusal | None:
    """The second person approves, never the one who asked."""
    if not replacement.is_open:
        return decided(replacement)
    if not can_decide_replacement(user, replacement.identity.college_id):
        return Refusal(
            "not_second", "Another registrar of the college, or the State, decides on this replacement."
        )
    if user.pk == replacement.asked_by_id:
        return Refusal(
            "same_person",
            "A replacement takes two people, and you have asked for this one.",
            "Another registrar of the college, or the State, approves it.",
        )
    return None


def why_not_decline_replacement(user: User, replacement: SidReplacement) -> Refusal | None:
    """Whoever may approve may decline."""
    return why_not_approve_replacement(user, replacement)


def why_not_withdraw_replacement(user: User, replacement: SidReplacement) -> Refusal | None:
    """Who asked may take it back until it is decided."""
    if not replacement.is_open:
        return decided(replacement)
    if replacement.asked_by_id != user.pk:
        return Refusal("not_asker", "Only the person who asked takes a replacement back.")
    return None


def decided(replacement: SidReplacement) -> Refusal:
    """Somebody was first: what stands, and by whom."""
    who = replacement.decided_by.name if replacement.decided_by else "SERS"
    words = {
        State.APPROVED: f"{who} has approved this replacement.",
        State.DECLINED: f"{who} has declined this replacement.",
        State.WITHDRAWN: f"{who} has withdrawn this replacement.",
    }
    return Refusal("decided", words[State(replacement.state)], "Nothing was changed.")


def waiting_replacements(user: User, visible: SidReplacementQuerySet) -> SidReplacementQuerySet:
    """The replacements among these that this person can approve now: open, and asked for by somebody else."""
    return visible.open().exclude(asked_by=user)


# --- What went out ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exported:
    """A credit that was exported with the wrong ID, and what ctcLink said of it last."""

    worksheet: int
    worksheet_key: str
    year: str
    course: str
    grade: str
    said: str


@dataclass(frozen=True, slots=True)
class WentOut:
    """Everything that carries a college ID: credit in worksheets, and documents."""

    exported: Sequence[Exported]
    documents: Sequence[Transcript]


def went_out_with(identity: CollegeIdentity) -> WentOut:
    """What was exported and issued with a college ID, the earliest first; three queries."""
    rows = list(
        WorksheetRow.objects.filter(
            award__student__in=records_of(identity.student), award__college=identity.college_id, sid=identity.sid
        )
        .order_by("batch__number", "position")
        .values(
            "award", "grade", number=F("batch__number"), key=F("batch__public_id"),
            first_year=F("batch__year__first_year"), code=F("award__course_code"),
        )
    )  # fmt: skip
    said = dict(
        PostingEvent.objects.filter(
            award__in={row["award"] for row in rows}, sid=identity.sid, kind__in=("accepted", "posted")
        )
        .order_by("said_at", "pk")
        .values_list("award", "kind")
    )
    return WentOut(
        exported=[_exported(row, said) for row in rows],
        documents=list(
            Transcript.objects.filter(
                student__in=records_of(identity.student), college=identity.college_id, sid=identity.sid
            )
            .select_related("run__year", "replaced_by")
            .order_by("issued_at", "pk")
        ),
    )


def _exported(row: dict[str, Any], said: dict[int, str]) -> Exported:
    kind = said.get(row["award"], "")
    return Exported(
        worksheet=row["number"],
        worksheet_key=str(row["key"]),
        year=str(AcademicYear(first_year=row["first_year"])),
        course=row["code"],
        grade=row["grade"],
        said=str(PostingEvent.Kind(kind).label) if kind else "",
    )
