"""The registrar's decision about a class whose course is on the record already."""

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from students.models import Registration, kin_of
from transcripts import rules
from transcripts.models import CreditAward, SettledRepeat


def settle_repeat(*, registration: Registration, by: User) -> SettledRepeat:
    """The earlier credit stands: the class is not taken by runs and not listed any more. Done twice, it is done once."""
    with transaction.atomic():
        held = _held(registration)
        settled = SettledRepeat.objects.of(held)
        if settled is not None:
            return settled
        refusal, award = rules.why_not_settle_repeat(held, by), rules.earlier_credit(held)
        if refusal is not None or award is None:
            raise Refused(refusal or rules.NO_REPEAT)
        settled = SettledRepeat.objects.create(registration=held, award=award, settled_by=by)
        record_event(by=by, kind="transcripts.repeat_settled", subject=held, data={"award": settled.award_id})
        return settled


def reopen_repeat(*, registration: Registration, by: User) -> bool:
    """The registrar takes that back: the class waits again. False when nothing was settled."""
    if not rules.can_run_transcription(by, registration.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {registration.college} can do this."))
    with transaction.atomic():
        held = _held(registration)
        settled = SettledRepeat.objects.of(held)
        if settled is None:
            return False
        _undo(settled, by=by)
        return True


def free_repeats(awards: list[CreditAward], *, by: User) -> None:
    """Credit was taken back: what was settled because it stood is open again."""
    records = {award.student_id for award in awards}
    for settled in SettledRepeat.objects.standing().filter(
        registration__student__in=kin_of(records).records(records),
        award__college_course__in={award.college_course_id for award in awards},
    ):
        _undo(settled, by=by)


def _undo(settled: SettledRepeat, *, by: User) -> None:
    settled.undone_at, settled.undone_by = timezone.now(), by
    settled.save(update_fields=("undone_at", "undone_by"))
    record_event(
        by=by,
        kind="transcripts.repeat_reopened",
        subject=settled.registration,
        data={"award": settled.award_id},
    )


def _held(registration: Registration) -> Registration:
    """The class, kept from a run and from another registrar until the transaction ends."""
    held: Registration = (
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("college", "year", "articulation")
        .get(pk=registration.pk)
    )
    return held
