"""Transcripts and letters: drawn, kept, and the mail that tells of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from accounts.actions import queue_mail
from organizations.models import CollegeYear
from sers.lib.seals import own_seal
from students.models import Amendment, Registration, Student, records_of
from transcripts import documents, rules
from transcripts.models import (
    CollegeIdentity,
    CreditAward,
    Letter,
    LetterFile,
    Letterhead,
    LetterWording,
    Transcript,
    TranscriptFile,
    TranscriptionRun,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Documents that are drawn and not kept yet."""

    pdf: bytes
    letter: Letter
    letter_pdf: bytes


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
            points=award.points,
            titles=award.class_titles,
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
            points=one.grade.points,
            titles=tuple(registration.high_school_course.title for registration, _ in one.sources),
        )
        for one in earned
    ]
    return sorted(rows, key=lambda row: (row.year, row.course_code))


def _classes(registrations: Iterable[Registration]) -> str:
    return "; ".join(
        f"{one.high_school_course.title}, {one.high_school_course.school.name}" for one in registrations
    )


def draw_documents(
    *,
    transcript: Transcript,
    rows: list[documents.TranscriptRow],
    letter_code: str = "",
    awarding: Iterable[int] = (),
) -> Drawn:
    """Draw a transcript and the letter that goes with it, both sealed. Nothing is written yet.

    The letter is about the credit of the run's school year; its words are the college's newest in the student's
    language. `awarding` are the classes whose credit is awarded with it.
    """
    transcript.credits = sum((row.credits for row in rows), Decimal(0))
    transcript.sid = CollegeIdentity.objects.sid_of(transcript.student, transcript.college)
    transcript.certificate = own_seal().fingerprint
    college, year = transcript.college, transcript.run.year
    letterhead = Letterhead.objects.of(college)
    letter = Letter(transcript=transcript, language=rules.letter_language(transcript.student))
    letter.code = letter_code or letter.code
    letter.address = "\n".join(transcript.student.address_lines)
    letter.wording = LetterWording.objects.latest_of(college, letter.language)
    facts = letter_facts(transcript=transcript, rows=rows, tuition=_tuition(college.pk, year.pk))
    pdf, letter_pdf = documents.draw(
        letter,
        rows,
        words_of(letter.wording, letter.language),
        facts,
        letterhead,
        list(Amendment.objects.on_transcripts(college, awarding=awarding).of(transcript.student)),
    )
    return Drawn(pdf=pdf, letter=letter, letter_pdf=letter_pdf)


def _tuition(college_id: int, year_id: int) -> Decimal | None:
    terms = CollegeYear.objects.filter(college=college_id, year=year_id).first()
    return terms.tuition_per_credit if terms else None


def words_of(wording: LetterWording | None, language: str) -> documents.Wording:
    """A college's own words, or the usual ones of the language."""
    if wording is None:
        return documents.USUAL[language]
    return documents.Wording(wording.heading, wording.opening, wording.steps, wording.closing)


def letter_facts(
    *, transcript: Transcript, rows: list[documents.TranscriptRow], tuition: Decimal | None
) -> documents.LetterFacts:
    """What a letter tells: the credit of the run's school year; all of it where that year has none."""
    year = str(transcript.run.year)
    fresh = [row for row in rows if row.year == year] or rows
    taught = dict.fromkeys(title for row in fresh for title in row.titles)
    return documents.LetterFacts(
        rows=fresh,
        year=year,
        school=transcript.student.school.name,
        classes=", ".join(taught),
        total=transcript.credits,
        tuition_per_credit=tuition,
    )


def hold_student(record: int) -> Student:
    """The student of a record, kept from whoever else writes their credit and from being merged meanwhile. Of a record
    that was merged it is the one that stands for it."""
    held = Student.objects.select_for_update(of=("self",), no_key=True).select_related("school", "user")
    student: Student = held.get(pk=record)
    return student if student.merged_into_id is None else held.get(pk=student.merged_into_id)


def next_number(run: TranscriptionRun, student: Student) -> int:
    """Which issue of a run's transcript for this student the next one is; the first is 1."""
    last: int | None = Transcript.objects.filter(run=run, student=student).aggregate(last=Max("number"))[
        "last"
    ]
    return (last or 0) + 1


def issue_transcript(
    *, transcript: Transcript, pdf: bytes, letter: Letter | None = None, letter_pdf: bytes = b""
) -> None:
    """Keep a transcript, its letter and their files. An earlier transcript of this college stays and says that a
    newer one replaces it."""
    transcript.sha256 = hashlib.sha256(pdf).hexdigest()
    transcript.save(force_insert=True)
    TranscriptFile.objects.create(transcript=transcript, pdf=pdf)
    if letter is not None:
        letter.transcript = transcript
        letter.sha256 = hashlib.sha256(letter_pdf).hexdigest()
        letter.save(force_insert=True)
        LetterFile.objects.create(letter=letter, pdf=letter_pdf)
    earlier = Transcript.objects.filter(
        student__in=records_of(transcript.student),
        college_id=transcript.college_id,
        replaced_by__isnull=True,
    )
    earlier.exclude(pk=transcript.pk).update(replaced_by=transcript)


def tell_student(*, transcript: Transcript) -> None:
    """Mail the student that credit was awarded, with the way to it; nobody who has died.

    Neither grades nor the code of the document: a mail is read over shoulders and kept by mail servers.
    """
    student, run = transcript.student, transcript.run
    if student.died_on is not None:
        return
    queue_mail(
        key=run.mail_key(student.pk),
        to=student.email,
        person=student.user,
        template="transcripts/awarded",
        context={
            "first_name": student.first_name,
            "college": str(run.college),
            "year": str(run.year),
            "url": f"{settings.PUBLIC_URL}{reverse('transcripts:mine')}",
        },
    )
