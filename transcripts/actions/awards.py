"""Credit is awarded: once, in ink, each award chained to the one before it."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from sers.lib import chain
from students.models import Registration, Student
from transcripts import rules
from transcripts.models import (
    AwardSource,
    CreditAward,
    TranscriptionRun,
)


def award_credit(
    *, run: TranscriptionRun, student: Student, earned: tuple[rules.Earned, ...], at: datetime | None = None
) -> None:
    """SERS awards credit: one row a college course, chained to the run's awards before it.

    Where credit for the course was taken back, the new award supersedes that, so that a course has one thread of rows.
    """
    head = TranscriptionRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    now = at or timezone.now()
    taken_back = {
        one.college_course_id: one
        for one in CreditAward.objects.taken_back()
        .of(student)
        .filter(college_course__in=[one.course.pk for one in earned])
        .prefetch_related("sources")
    }
    for one in earned:
        before = taken_back.get(one.course.pk)
        replaced = {source.registration_id: source for source in before.sources.all()} if before else {}
        award = CreditAward(
            student=student,
            college_id=run.college_id,
            college_course=one.course,
            year_id=run.year_id,
            course_code=one.course.code,
            course_title=one.course.title,
            credits=one.credits,
            points=one.grade.points,
            letter=one.grade.letter,
            run=run,
            awarded_at=now,
            supersedes=before,
            previous_link=head.chain_head,
        )
        facts = rules.award_facts(award, (registration.pk for registration, _ in one.sources))
        award.link = head.chain_head = chain.link(head.chain_head, facts)
        award.save(force_insert=True)
        AwardSource.objects.bulk_create(
            AwardSource(
                award=award,
                registration=registration,
                college_course=one.course,
                grade=grade,
                replaces=replaced.get(registration.pk),
            )
            for registration, grade in one.sources
        )
    head.save(update_fields=("chain_head",))
    Registration.objects.filter(
        pk__in={registration.pk for one in earned for registration, _ in one.sources}, awarded_at__isnull=True
    ).update(awarded_at=now, version=F("version") + 1)
