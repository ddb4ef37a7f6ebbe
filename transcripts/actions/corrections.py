"""Awarded credit follows a Grade Change: a new award supersedes and is posted again, or takes the credit back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from grading.models import GradeChange, GradeEntry
from sers.lib import chain
from sers.lib.refusal import Refused
from students.models import Registration
from transcripts import rules
from transcripts.actions.issuing import follow_correction
from transcripts.actions.repeats import free_repeats
from transcripts.actions.transcripts import hold_student
from transcripts.models import AwardSource, CreditAward, TranscriptionRun


def repost_change(*, change: GradeChange, by: User) -> list[CreditAward]:
    """Let the record of credit follow an approved Grade Change: each award of the class gets one that supersedes it.

    The Grade Change has its two people already, who confirmed and who approved; the registrar who re-posts is neither
    who asked nor who confirmed. The awards that were written stay, and say that they are replaced; the next worksheet
    holds the new ones. Where another class of the course has the lower grade still, nothing changes but the note.

    Where the new grade earns nothing, the credit is taken back: the class, and every other one of the course, waits for
    credit again as far as it can still earn some.
    """
    with transaction.atomic():
        registration = Registration.objects.select_related("student").get(pk=change.registration_id)
        # As a run does: the student, the class, and last the run.
        hold_student(registration.student_id)
        Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
        held = (
            GradeChange.objects.select_for_update(of=("self",))
            .select_related("registration")
            .get(pk=change.pk)
        )
        refusal = rules.why_not_repost(held, by)
        if refusal is not None:
            raise Refused(refusal)
        earned = held.entry is not None and held.entry.outcome == GradeEntry.Outcome.COMPLETED
        corrected = [
            award
            for old in CreditAward.objects.standing()
            .filter(sources__registration=registration)
            .distinct()
            .order_by("id")
            if (award := _correct(old, earned=earned)) is not None
        ]
        if not earned:
            _free_classes(corrected)
            free_repeats(corrected, by=by)
        for college_id in {award.college_id for award in corrected}:
            follow_correction(student=registration.student, college_id=college_id, by=by)
        held.reposted_at = timezone.now()
        held.save(update_fields=("reposted_at",))
        record_event(
            by=by,
            kind="transcripts.credit_corrected",
            subject=held,
            data={"awards": [award.pk for award in corrected]},
        )
    return corrected


def _free_classes(awards: Sequence[CreditAward]) -> None:
    """Classes whose credit was taken back, and that have no other: they are without credit again.

    The student's own row is held by the caller, so no run decides about these classes meanwhile.
    """
    standing = AwardSource.objects.filter(
        award__in=CreditAward.objects.standing(), registration=OuterRef("pk")
    )
    Registration.objects.filter(award_sources__award__in=awards).exclude(Exists(standing)).update(
        awarded_at=None, version=F("version") + 1
    )


def _correct(old: CreditAward, *, earned: bool) -> CreditAward | None:
    """The award that supersedes this one, by the grades that count now; None when the grade stays the same."""
    sources = list(old.sources.select_related("registration").order_by("id"))
    grades = {
        entry.registration_id: entry
        for entry in GradeEntry.objects.filter(
            registration__in=[source.registration_id for source in sources]
        ).current()
    }
    lowest = rules.awarded_grade(grades.values())
    if earned and (lowest.points, lowest.letter) == (old.points, old.letter):
        return None
    head = TranscriptionRun.objects.select_for_update(no_key=True).get(pk=old.run_id)
    award = CreditAward(
        student_id=old.student_id,
        college_id=old.college_id,
        college_course_id=old.college_course_id,
        year_id=old.year_id,
        course_code=old.course_code,
        course_title=old.course_title,
        credits=old.credits,
        points=lowest.points if earned else None,
        letter=lowest.letter if earned else "",
        takes_back=not earned,
        run=head,
        awarded_at=timezone.now(),
        supersedes=old,
        previous_link=head.chain_head,
    )
    facts = rules.award_facts(award, (source.registration_id for source in sources))
    award.link = head.chain_head = chain.link(head.chain_head, facts)
    award.save(force_insert=True)
    AwardSource.objects.bulk_create(
        AwardSource(
            award=award,
            registration_id=source.registration_id,
            college_course_id=source.college_course_id,
            grade=grades[source.registration_id],
            replaces=source,
        )
        for source in sources
    )
    head.save(update_fields=("chain_head",))
    return award
