"""The transcript of what was awarded: its rows, its keeping, and the mail that tells of it."""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.actions import queue_mail
from students.models import Registration, Student
from transcripts import documents, rules
from transcripts.models import (
    CreditAward,
    Transcript,
    TranscriptFile,
    TranscriptionRun,
)


def transcript_rows(
    *, student: Student, run: TranscriptionRun, earned: tuple[rules.Earned, ...]
) -> list[documents.TranscriptRow]:
    """All credit the student has at the run's college and what this run adds, by school year and course."""
    rows = [
        documents.TranscriptRow(
            year=str(award.year),
            course_code=award.course_code,
            course_title=award.course_title,
            classes=award.classes,
            credits=award.credits,
            grade=award.college_grade,
        )
        for award in CreditAward.objects.at(student, run.college).standing().with_classes()
    ]
    rows += [
        documents.TranscriptRow(
            year=str(run.year),
            course_code=one.course.code,
            course_title=one.course.title,
            classes=_classes(registration for registration, _ in one.sources),
            credits=one.credits,
            grade=one.grade.college_grade,
        )
        for one in earned
    ]
    return sorted(rows, key=lambda row: (row.year, row.course_code))


def _classes(registrations: Iterable[Registration]) -> str:
    return "; ".join(
        f"{one.high_school_course.title}, {one.high_school_course.school.name}" for one in registrations
    )


def issue_transcript(*, transcript: Transcript, pdf: bytes) -> None:
    """Keep a transcript and its PDF. An earlier one of this college stays, and says a newer one replaces it."""
    transcript.sha256 = hashlib.sha256(pdf).hexdigest()
    transcript.save(force_insert=True)
    TranscriptFile.objects.create(transcript=transcript, pdf=pdf)
    Transcript.objects.filter(
        student_id=transcript.student_id, college_id=transcript.college_id, replaced_by__isnull=True
    ).exclude(pk=transcript.pk).update(replaced_by=transcript)


def tell_student(*, transcript: Transcript, earned: tuple[rules.Earned, ...]) -> None:
    """Mail the student what was awarded, with links, never the document."""
    student, run = transcript.student, transcript.run
    queue_mail(
        key=run.mail_key(student.pk),
        to=student.email,
        person=student.user,
        template="transcripts/awarded",
        context={
            "first_name": student.first_name,
            "college": str(run.college),
            "year": str(run.year),
            "courses": [
                (f"{one.course.code} {one.course.title}", one.credits, str(one.grade.college_grade))
                for one in earned
            ],
            "url": f"{settings.PUBLIC_URL}{reverse('transcripts:mine')}",
            "check_url": f"{settings.PUBLIC_URL}{reverse('transcripts:verify_code', args=[transcript.code])}",
        },
    )
