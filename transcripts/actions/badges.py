"""Open Badges: made when a student asks for one, taken back when they ask for that."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from students.rules import is_own
from transcripts.documents.badges import signed_credential
from transcripts.models import Badge, CreditAward

#: A place in the status list is drawn by lot, so that it tells nothing; a taken one is drawn again.
DRAWS = 8


def make_badge(*, award: CreditAward, grade_shown: bool, by: User) -> Badge:
    """A credential for one award, with the name of today; asked for twice, it is the first one.

    Refused for anybody but the student, and for credit that was corrected since.
    """
    if not is_own(by, award.student):
        raise Refused(Refusal("not_yours", "Only the student can ask for a badge.", ""))
    if not CreditAward.objects.standing().filter(pk=award.pk).exists():
        raise Refused(
            Refusal("corrected", "This credit was corrected since.", "Ask for a badge for the new one.")
        )
    for _ in range(DRAWS):
        badge = Badge(
            award=award, college=award.college, name=award.student.name, grade_shown=grade_shown,
            issued_at=timezone.now(), status_place=secrets.randbelow(Badge.PLACES),
        )  # fmt: skip
        badge.credential = signed_credential(badge)
        try:
            with transaction.atomic():
                badge.save(force_insert=True)
                record_event(
                    by=by, kind="transcripts.badge_made", subject=badge, data={"grade_shown": grade_shown}
                )
            return badge
        except IntegrityError:
            found: Badge | None = Badge.objects.filter(award=award).first()
            if found is not None:
                return found
    raise Refused(Refusal("no_place", "The badge could not be made now.", "Try again."))


def revoke_badge(*, badge: Badge, by: User) -> bool:
    """The student takes a badge back: whoever checks it reads so. False when it was taken back before."""
    if not is_own(by, badge.award.student):
        raise Refused(Refusal("not_yours", "Only the student can take a badge back.", ""))
    with transaction.atomic():
        taken = Badge.objects.filter(pk=badge.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
        if taken:
            record_event(by=by, kind="transcripts.badge_revoked", subject=badge)
    return bool(taken)
