"""Two records that are one person's: found by a worker, told to whoever owns one, kept for staff to look at."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from sers.lib.refusal import Refused
from students import rules
from students.models import LikelyTwins, Student

#: The nightly look goes back this far: a night that was missed is made up for.
LOOKS_BACK = timedelta(days=3)
#: Records that are held at once.
AT_ONCE = 500


def recognize_twins(*, student: Student) -> list[Student]:
    """Look for older records of the same person; whoever owns one is told at the address on file, once a day.

    The answer is for a worker and for staff: the page and the mail of the new account stay as they are for everybody.
    """
    found = []
    with transaction.atomic():
        keep_twins(students=[student])
        for pair in LikelyTwins.objects.undecided().filter(newer=student, likeness=LikelyTwins.Likeness.SAME):
            older = Student.objects.select_related("user").get(pk=pair.older_id)
            if older.email:
                _tell_owner(older)
            found.append(older)
    return found


def keep_twins(*, students: Iterable[Student]) -> int:
    """Keep every pair these records make with any other, older or newer; drop pairs that are alike no more. How many
    pairs are new.

    What somebody told apart stays so, and is neither found again nor dropped. Safe to run twice and beside itself.
    """
    pairs: dict[tuple[int, int], str] = {}
    listed = [one for one in students if one.merged_into_id is None]
    for student in listed:
        for other in _resembling(student):
            likeness = rules.likeness_of(student, other)
            if likeness:
                older, newer = sorted((student.pk, other.pk))
                pairs[older, newer] = likeness
    with transaction.atomic():
        before = LikelyTwins.objects.of_any(one.pk for one in listed)
        known = {(one.older_id, one.newer_id): one for one in before}
        gone = [one.pk for key, one in known.items() if key not in pairs and one.decided_at is None]
        LikelyTwins.objects.to_drop(gone).delete()
        for key, likeness in pairs.items():
            if key in known and known[key].likeness != likeness:
                LikelyTwins.objects.filter(pk=known[key].pk).update(likeness=likeness)
        new = [
            LikelyTwins(older_id=older, newer_id=newer, likeness=likeness)
            for (older, newer), likeness in sorted(pairs.items())
            if (older, newer) not in known
        ]
        LikelyTwins.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def find_twins() -> int:
    """The nightly look: records that were made or changed lately, by whichever way. How many pairs are new."""
    since = timezone.now() - LOOKS_BACK
    keys = list(Student.objects.living().changed_since(since).order_by("pk").values_list("pk", flat=True))
    return sum(
        keep_twins(students=Student.objects.filter(pk__in=keys[at : at + AT_ONCE]).order_by("pk"))
        for at in range(0, len(keys), AT_ONCE)
    )


def tell_apart(*, pair: LikelyTwins, reason: str, by: User) -> LikelyTwins:
    """Say that two records are two people, with the reason; of two who say so at once the first is kept."""
    with transaction.atomic():
        held: LikelyTwins = LikelyTwins.objects.select_for_update(of=("self",)).get(pk=pair.pk)
        refusal = rules.why_not_tell_apart(by, held, reason)
        if refusal is not None:
            raise Refused(refusal)
        held.decided_at, held.decided_by, held.reason = timezone.now(), by, reason.strip()[:300]
        held.save(update_fields=("decided_at", "decided_by", "reason"))
        record_event(by=by, kind="students.told_apart", subject=held, data={"reason": held.reason})
    return held


def put_back(*, pair: LikelyTwins, by: User) -> bool:
    """Take it back that two records are two people: the pair is on the list again. False when it is there already."""
    with transaction.atomic():
        back = LikelyTwins.objects.filter(pk=pair.pk, decided_at__isnull=False)
        if not back.update(decided_at=None, decided_by=None, reason=""):
            return False
        record_event(by=by, kind="students.twins_put_back", subject=pair)
    return True


def _resembling(student: Student) -> list[Student]:
    parts = rules.name_parts(student.first_name, student.last_name, student.former_names)
    days = [student.birth_date, *rules.near_dates(student.birth_date)]
    others = Student.objects.living().resembling(parts, days).exclude(pk=student.pk)
    return list(others.order_by("pk"))


def _tell_owner(twin: Student) -> None:
    queue_mail(
        key=f"account-again-{twin.pk}-{timezone.localdate()}",
        to=twin.email,
        person=twin.user,
        template="students/account_again",
        context={
            "first_name": twin.first_name,
            "sers_id": twin.sers_id,
            "username": twin.user.username if twin.user else "",
            "url": f"{settings.PUBLIC_URL}{reverse('accounts:sign_in')}",
        },
    )
