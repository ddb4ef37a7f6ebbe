"""Records for other colleges: PESC XML of one student or a whole run, and what the receiver acknowledges."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from transcripts.documents.pesc import Acknowledgment, NotPesc, check_pesc, pesc_batch, pesc_xml
from transcripts.models import CreditAward, Transcript, TranscriptionRun


def export_pesc(*, transcript: Transcript, by: User) -> bytes:
    """One student's transcript as PESC XML, checked; who takes it is written down. Refused when the check fails."""
    awards = CreditAward.objects.at(transcript.student, transcript.college).standing_at(transcript.issued_at)
    xml = _checked(transcript, awards.with_classes())
    record_event(by=by, kind="transcripts.pesc_taken", subject=transcript)
    return xml


def export_pesc_of_run(*, run: TranscriptionRun, by: User) -> bytes:
    """Every transcript of a run that counts, as a ZIP file of PESC XML; who takes it is written down."""
    transcripts = list(Transcript.objects.of_run(run))
    if not transcripts:
        raise Refused(Refusal("nothing_there", "This run has made no transcript that counts.", ""))
    earned: dict[int, list[CreditAward]] = {}
    students = [one.student_id for one in transcripts]
    for award in (
        CreditAward.objects.filter(college=run.college_id, student__in=students).standing().with_classes()
    ):
        earned.setdefault(award.student_id, []).append(award)
    batch = pesc_batch((one.code, _checked(one, earned.get(one.student_id, []))) for one in transcripts)
    record_event(
        by=by, kind="transcripts.pesc_batch_taken", subject=run, data={"transcripts": len(transcripts)}
    )
    return batch


def _checked(transcript: Transcript, awards: Iterable[CreditAward]) -> bytes:
    xml = pesc_xml(transcript, awards)
    try:
        checked = check_pesc(xml)
    except NotPesc as error:
        raise Refused(Refusal("no_schema", str(error), "Ask who runs SERS.")) from None
    if checked.problems:
        raise Refused(Refusal("not_valid", checked.sentence, "Ask who runs SERS."))
    return xml


def acknowledge(*, transcript: Transcript, acknowledgment: Acknowledgment, by: User) -> None:
    """A receiver says what it has got: it must be this document, and as many courses as it has."""
    if acknowledgment.document_id != transcript.code:
        raise Refused(
            Refusal("other_document", "The Acknowledgment is about another document.", "Open that one.")
        )
    courses = (
        CreditAward.objects.at(transcript.student, transcript.college)
        .standing_at(transcript.issued_at)
        .count()
    )
    if acknowledgment.courses is not None and acknowledgment.courses != courses:
        raise Refused(
            Refusal(
                "other_count",
                f"The Acknowledgment names {acknowledgment.courses} courses, this document has {courses}.",
                "Send it again, or ask the college that got it.",
            )
        )
    with transaction.atomic():
        Transcript.objects.filter(pk=transcript.pk).update(acknowledged_at=timezone.now())
        record_event(
            by=by,
            kind="transcripts.pesc_acknowledged",
            subject=transcript,
            data={"tracking": acknowledgment.tracking_id, "notes": list(acknowledgment.notes)},
        )
