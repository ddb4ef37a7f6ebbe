"""Records for other colleges: PESC XML of one student or a whole run, and what the receiver acknowledges."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from students.actions import disclose
from students.models import Amendment, Disclosure, kin_of
from transcripts import rules
from transcripts.documents.pesc import Acknowledgment, NotPesc, check_pesc, pesc_batch, pesc_xml
from transcripts.models import CreditAward, Transcript, TranscriptionRun


def export_pesc(*, transcript: Transcript, by: User, session: str | None = None) -> bytes:
    """One student's transcript as PESC XML, checked; who takes it is written down, in the log of the record too.

    Refused for a document that does not count any more, or says another name than the record does now, and when the
    check fails.
    """
    _only_registrar(by, transcript.college_id)
    refusal = rules.why_not_export(transcript)
    if refusal is not None:
        raise Refused(refusal)
    awards = CreditAward.objects.at(transcript.student, transcript.college).standing_at(transcript.issued_at)
    # A statement given since is told too: this is a disclosure of its own (34 CFR 99.21(c)).
    stated = Amendment.objects.on_transcripts(transcript.college, at=transcript.issued_at).of(
        transcript.student
    )
    xml = _checked(transcript, awards.with_classes(), stated)
    with transaction.atomic():
        record_event(by=by, kind="transcripts.pesc_taken", subject=transcript)
        disclose(students=[transcript.student], what=Disclosure.What.TRANSCRIPT, by=by, session=session)
    return xml


def export_pesc_of_run(*, run: TranscriptionRun, by: User, session: str | None = None) -> bytes:
    """Every transcript of a run that counts, as a ZIP file of PESC XML; who takes it is written down, in the log of each
    record too."""
    _only_registrar(by, run.college_id)
    transcripts = list(Transcript.objects.of_run(run))
    if not transcripts:
        raise Refused(Refusal("nothing_there", "This run has made no transcript that counts.", ""))
    refused = [one for one in transcripts if rules.why_not_export(one) is not None]
    if refused:
        names = ", ".join(one.student.sers_id for one in refused[:5])
        raise Refused(
            Refusal(
                "other_name",
                f"Of {len(refused)} transcript{'' if len(refused) == 1 else 's'} the name was corrected since: {names}.",
                "Issue them anew under Transcripts, then take the file.",
            )
        )
    earned: dict[int, list[CreditAward]] = {}
    records = {one.student_id for one in transcripts}
    kin = kin_of(records)
    theirs = CreditAward.objects.filter(college=run.college_id, student__in=kin.records(records))
    for award in theirs.with_classes().select_related("superseded_by"):
        earned.setdefault(kin.person(award.student_id), []).append(award)
    stated: dict[int, list[Amendment]] = {}
    for said in Amendment.objects.on_transcripts(run.college).filter(student__in=kin.records(records)):
        stated.setdefault(kin.person(said.student_id), []).append(said)
    # Each tells the credit its PDF does: what is corrected since is in the new issue a worker makes. Statements are told
    # as they stand now, of the classes on it: this is a disclosure of its own (34 CFR 99.21(c)).
    batch = pesc_batch(
        (
            one.code,
            _checked(
                one,
                [
                    award
                    for award in earned.get(kin.person(one.student_id), [])
                    if award.counted_at(one.issued_at)
                ],
                [said for said in stated.get(kin.person(one.student_id), ()) if said.was_on(one.issued_at)],
            ),
        )
        for one in transcripts
    )
    with transaction.atomic():
        record_event(
            by=by, kind="transcripts.pesc_batch_taken", subject=run, data={"transcripts": len(transcripts)}
        )
        disclose(
            students=[one.student for one in transcripts],
            what=Disclosure.What.TRANSCRIPT,
            by=by,
            session=session,
        )
    return batch


def _only_registrar(by: User, college_id: int) -> None:
    if not rules.can_issue(by, college_id):
        raise Refused(Refusal("not_registrar", "Only the registrar of the college does this."))


def _checked(transcript: Transcript, awards: Iterable[CreditAward], statements: Iterable[Amendment]) -> bytes:
    xml = pesc_xml(transcript, awards, statements)
    try:
        checked = check_pesc(xml)
    except NotPesc as error:
        raise Refused(Refusal("no_schema", str(error), "Ask who runs SERS.")) from None
    if checked.problems:
        raise Refused(Refusal("not_valid", checked.sentence, "Ask who runs SERS."))
    return xml


def acknowledge(*, transcript: Transcript, acknowledgment: Acknowledgment, by: User) -> None:
    """A receiver says what it has got: it must be this document, and as many courses as it has."""
    _only_registrar(by, transcript.college_id)
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
