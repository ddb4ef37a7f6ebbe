"""What a college's documents look like and say is saved; a wording is looked at with a real student's values."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import AcademicYear, College, CollegeYear, HighSchool
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students.models import Student
from transcripts import documents, rules
from transcripts.actions.transcripts import letter_facts, transcript_rows
from transcripts.models import Letter, Letterhead, LetterWording, Transcript, TranscriptionRun


def save_letterhead(
    *, college: College, facts: Mapping[str, str], logo: bytes | None, keep_logo: bool, by: User
) -> Letterhead:
    """Save the head of a college's documents. A logo is kept, replaced or taken away; documents issued stay as they are."""
    if not rules.can_issue(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can change this."))
    with transaction.atomic():
        one_at_a_time(f"letterhead {college.pk}")
        head = Letterhead.objects.of(college) or Letterhead(college=college)
        for name, value in facts.items():
            setattr(head, name, value)
        if logo is not None or not keep_logo:
            head.logo = logo
        head.updated_at, head.updated_by = timezone.now(), by
        head.save()
        record_event(
            by=by,
            kind="transcripts.letterhead_saved",
            subject=head,
            data={"has_logo": bool(head.logo), **facts},
        )
    return head


def save_wording(*, college: College, language: str, wording: documents.Wording, by: User) -> LetterWording:
    """Keep a new version of what a college's letters say. The same words as before make no new version."""
    if not rules.can_issue(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can change this."))
    with transaction.atomic():
        one_at_a_time(f"wording {college.pk} {language}")
        latest = LetterWording.objects.latest_of(college, language)
        words = asdict(wording)
        if latest is not None and all(getattr(latest, name) == text for name, text in words.items()):
            return latest
        saved = LetterWording.objects.create(
            college=college,
            language=language,
            number=latest.number + 1 if latest else 1,
            saved_by=by,
            **words,
        )
        record_event(by=by, kind="transcripts.wording_saved", subject=saved, data={"version": saved.number})
    return saved


def preview_letter(
    *, college: College, language: str, wording: documents.Wording, by: User
) -> dict[str, Any]:
    """A letter as it would say it, with the values of the last student the college issued a transcript to.

    Where it has issued none yet, an invented student stands in. Nothing is written; the file itself is a worker's.
    """
    transcript = (
        Transcript.objects.visible_to(by).with_history().of_college(college).current().order_by("-id").first()
    )
    letterhead = Letterhead.objects.of(college)
    tuition: Decimal | None
    if transcript is None:
        transcript, rows, tuition = _invented(college), _INVENTED_ROWS, Decimal(132)
    else:
        rows = transcript_rows(student=transcript.student, run=transcript.run, earned=())
        terms = CollegeYear.objects.filter(college=college, year=transcript.run.year).first()
        tuition = terms.tuition_per_credit if terms else None
    letter = Letter(
        transcript=transcript, language=language, code="0" * 26,
        address="\n".join(transcript.student.address_lines),
    )  # fmt: skip
    facts = letter_facts(transcript=transcript, rows=rows, tuition=tuition)
    return {
        **documents.letter_page(letter, wording, facts, letterhead),
        "college": college.name,
        "letterhead": letterhead,
        "is_invented": transcript.pk is None,
        "shown": [] if transcript.pk is None else [transcript.student],
    }


_INVENTED_ROWS = [
    documents.TranscriptRow(
        "2025-26",
        "ACCT& 201",
        "Principles of Accounting I",
        "Accounting 1-2, High School",
        Decimal(5),
        "3.9 A",
        titles=("Accounting 1-2",),
    )
]


def _invented(college: College) -> Transcript:
    student = Student(
        first_name="Sam", last_name="Sample", street="100 Main Street", city="Pasco", state="WA",
        postal_code="99301", school=HighSchool(name="High School"),
    )  # fmt: skip
    run = TranscriptionRun(college=college, year=AcademicYear(first_year=2025))
    return Transcript(
        run=run, student=student, college=college, name=student.name, credits=Decimal(5), sid="201000000"
    )
