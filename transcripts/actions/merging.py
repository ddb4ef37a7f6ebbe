"""Two records of one person become one by a pointer, and the pointer is taken back. No row moves."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import Event, User
from sers.lib.refusal import Refusal, Refused
from students.actions import owe_yearly_fee_again, owe_yearly_fee_once
from students.models import Merge, Student
from transcripts import rules


def merge_records(*, stands: Student, gone: Student, reason: str, by: User) -> Merge:
    """Let one record stand for another: a pointer, a line in the log and a mail to both addresses. A yearly fee that
    both still owe is owed once from then on.

    Whoever registers, awards credit or gives a college ID to one of the two waits for this, and this waits for them;
    of two who merge one record at once the second is refused.
    """
    if not reason.strip():
        raise Refused(Refusal("no_reason", "Enter how you know that they are one person.", ""))
    with transaction.atomic():
        held = _hold(stands.pk, gone.pk)
        stands, gone = held[stands.pk], held[gone.pk]
        for refusal in rules.why_not_merge(by, stands, gone):
            raise Refused(refusal)
        merge: Merge = Merge.objects.create(stands=stands, gone=gone, merged_by=by, reason=reason)
        Student.objects.filter(pk=gone.pk).update(merged_into=stands)
        dropped = owe_yearly_fee_once(student=stands, by=by)
        fees = {"fees_dropped": dropped} if dropped else {}
        record_event(
            by=by,
            kind="transcripts.records_merged",
            subject=merge,
            data={"stands": stands.pk, "gone": gone.pk, "reason": merge.reason, **fees},
        )
        _tell(merge, stands, gone, template="transcripts/records_merged")
    return merge


def undo_merge(*, merge: Merge, reason: str, by: User) -> Merge:
    """Take a merge back: the pointer is cleared, and the record stands for itself again with every row that is its own.

    What was done on the other record since stays there. A yearly fee that was owed once is owed by each again.
    """
    if not reason.strip():
        raise Refused(Refusal("no_reason", "Enter why the merge is undone.", ""))
    with transaction.atomic():
        both = _hold(merge.stands_id, merge.gone_id)
        held: Merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        for refusal in rules.why_not_undo_merge(by, held):
            raise Refused(refusal)
        held.undone_at, held.undone_by, held.undone_reason = timezone.now(), by, reason
        held.save(update_fields=("undone_at", "undone_by", "undone_reason"))
        Student.objects.filter(pk=held.gone_id).update(merged_into=None)
        for merging in Event.objects.about(held, "transcripts.records_merged"):
            owe_yearly_fee_again(dropped=merging.data.get("fees_dropped", ()), by=by)
        record_event(
            by=by,
            kind="transcripts.merge_undone",
            subject=held,
            data={"stands": held.stands_id, "gone": held.gone_id, "reason": held.undone_reason},
        )
        _tell(held, both[held.stands_id], both[held.gone_id], template="transcripts/merge_undone")
    return held


def _hold(*records: int) -> dict[int, Student]:
    """Both records as they stand, kept from everybody else: from a row that is written on one of them, too."""
    held = Student.objects.select_for_update(of=("self",)).filter(pk__in=records).order_by("pk")
    return {one.pk: one for one in held.select_related("user", "school__district")}


def _tell(merge: Merge, stands: Student, gone: Student, *, template: str) -> None:
    """Mail both addresses, each in its own language; one address once, and nobody who has died."""
    told: set[str] = set()
    for one in (stands, gone):
        address = one.email.casefold()
        if not address or address in told or one.died_on is not None:
            continue
        told.add(address)
        queue_mail(
            key=f"{template.rpartition('/')[2]}-{merge.pk}-{one.pk}",
            to=one.email,
            person=one.user,
            template=template,
            context={
                "first_name": one.first_name,
                "stands": stands.sers_id,
                "gone": gone.sers_id,
                "username": one.user.username if one.user else "",
                "url": f"{settings.PUBLIC_URL}{reverse('accounts:sign_in')}",
            },
        )
