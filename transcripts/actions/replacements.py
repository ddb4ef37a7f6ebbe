"""A wrong college ID that went out is replaced: asked, approved by somebody else, and what carried it goes out again."""

from collections.abc import Iterable
from typing import TypeAlias

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail, record_event
from accounts.models import User
from organizations.models import Seat
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from transcripts import rules
from transcripts.actions.identities import give_identity, identities_lock
from transcripts.actions.issuing import issue_again
from transcripts.actions.transcripts import hold_student
from transcripts.actions.worksheets import export_again
from transcripts.models import CollegeIdentity, CreditAward, SidReplacement

State = SidReplacement.State
UNDER_WAY = Refusal("under_way", "A replacement of this college ID is under way.", "Follow it there.")
#: What the student reads when the transcript comes anew.
CORRECTED = "Your college ID was corrected."


def ask_replacement(*, identity: CollegeIdentity, sid: str, reason: str, by: User) -> SidReplacement:
    """The registrar asks for a wrong college ID to be replaced by the right one, or taken away where nobody knows it."""
    if not rules.can_ask_replacement(by, identity.college_id):
        raise Refused(Refusal("not_registrar", "Only the registrar of the college keeps its college IDs."))
    if not reason.strip():
        raise Refused(Refusal("no_reason", "Say how you know that this college ID is wrong."))
    refusal = rules.why_not_ask_replacement_now(identity, sid)
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            asked = SidReplacement.objects.create(
                identity=identity, sid=sid, reason=reason.strip(), asked_by=by
            )
            record_event(by=by, kind="transcripts.replacement_asked", subject=asked)
            _tell(asked, "asked", _second_people(asked), by=by)
    except IntegrityError as error:
        if "one_open_replacement_a_college_id" not in str(error):
            raise
        raise Refused(UNDER_WAY) from None
    return asked


def approve_replacement(*, replacement: SidReplacement, note: str = "", by: User) -> SidReplacement:
    """Somebody else agrees: the wrong ID is undone and the right one given. What carried the wrong one goes out again:
    the student's transcript is issued anew, exported credit belongs into the next worksheet."""
    with transaction.atomic():
        held = _held(replacement)
        refusal = rules.why_not_approve_replacement(by, held)
        if refusal is not None:
            raise Refused(refusal)
        _close(held, State.APPROVED, note, by)
        wrong = held.identity
        wrong.undone_at, wrong.undone_by = timezone.now(), by
        wrong.save(update_fields=("undone_at", "undone_by"))
        record_event(by=by, kind="transcripts.identity_undone", subject=wrong)
        if held.sid:
            give_identity(
                student=wrong.student,
                college=wrong.college,
                sid=held.sid,
                source=CollegeIdentity.Source.REPLACED,
                by=held.asked_by,
                replaces=wrong,
            )
        _send_again(held)
        record_event(by=by, kind="transcripts.replacement_approved", subject=held)
        _tell(held, "approved", [held.asked_by], by=by)
    return held


def decline_replacement(*, replacement: SidReplacement, reason: str, by: User) -> SidReplacement:
    """The second person declines with a reason. The college ID stays as it is."""
    with transaction.atomic():
        held = _held(replacement)
        refusal = rules.why_not_decline_replacement(by, held)
        if refusal is not None:
            raise Refused(refusal)
        if not reason.strip():
            raise Refused(Refusal("no_reason", "Say why you decline."))
        _close(held, State.DECLINED, reason, by)
        record_event(by=by, kind="transcripts.replacement_declined", subject=held)
        _tell(held, "declined", [held.asked_by], by=by)
    return held


def withdraw_replacement(*, replacement: SidReplacement, by: User) -> SidReplacement:
    """Who asked takes it back, as long as nobody has decided."""
    with transaction.atomic():
        held = _held(replacement)
        refusal = rules.why_not_withdraw_replacement(by, held)
        if refusal is not None:
            raise Refused(refusal)
        _close(held, State.WITHDRAWN, "", by)
        record_event(by=by, kind="transcripts.replacement_withdrawn", subject=held)
    return held


def _held(replacement: SidReplacement) -> SidReplacement:
    """The worksheets, the student and the IDs of the college, then the replacement itself, kept from everyone else until
    the transaction ends, and read afterwards: whoever waited here sees what the one before has decided."""
    identity = replacement.identity
    one_at_a_time(f"worksheets {identity.college_id}")
    hold_student(identity.student_id)
    identities_lock(identity.college_id)
    SidReplacement.objects.select_for_update().get(pk=replacement.pk)
    held: SidReplacement = SidReplacement.objects.with_names().get(pk=replacement.pk)
    return held


def _close(replacement: SidReplacement, state: State, decision: str, by: User) -> None:
    replacement.state, replacement.decision = state, decision.strip()
    replacement.decided_by, replacement.decided_at = by, timezone.now()
    replacement.save(update_fields=("state", "decision", "decided_by", "decided_at"))


def _send_again(replacement: SidReplacement) -> None:
    """What carried the wrong ID, by the registrar of the two: the State keeps no worksheets of a college."""
    wrong = replacement.identity
    exported = (
        CreditAward.objects.standing()
        .of(wrong.student)
        .filter(college=wrong.college_id, worksheet_rows__sid=wrong.sid)
    )
    registrar = replacement.asked_by
    if replacement.decided_by is not None and rules.can_export(replacement.decided_by, wrong.college_id):
        registrar = replacement.decided_by
    export_again(awards=exported.distinct().order_by("pk"), by=registrar)
    issue_again(student=wrong.student, college_id=wrong.college_id, reason=CORRECTED, by=registrar)


# --- Whom it is told --------------------------------------------------------------------------------------

Readers: TypeAlias = Iterable[User]


def _second_people(replacement: SidReplacement) -> list[User]:
    """Who may approve: the other registrars of the college; where there is none, state staff."""
    seats = Seat.objects.held_on(timezone.localdate()).filter(user__is_active=True).select_related("user")
    others = seats.exclude(user=replacement.asked_by).order_by("id")
    found = [
        seat.user for seat in others.filter(role=Role.REGISTRAR, college=replacement.identity.college_id)
    ]
    return found or [seat.user for seat in others.filter(role=Role.STATE)]


def _tell(replacement: SidReplacement, step: str, readers: Readers, *, by: User) -> None:
    """One message a step and person; said twice, it is written once. Names and IDs stand on the page, not in the mail."""
    for person in {one.pk: one for one in readers}.values():
        queue_mail(
            key=f"replacement-{replacement.pk}-{step}-{person.pk}",
            to=person.email,
            person=person,
            language="en",
            template="transcripts/replacement",
            context={
                "first_name": person.first_name,
                "step": step,
                "who": by.name,
                "college": replacement.identity.college.name,
                "url": settings.PUBLIC_URL + reverse("transcripts:replacement", args=[replacement.public_id]),
            },
        )
