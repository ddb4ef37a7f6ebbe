"""Transcripts issued anew and revoked, each with a reason the student reads."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_job, queue_jobs, queue_mail, record_event, record_events, work_on
from accounts.models import User
from organizations.models import College
from sers.lib.refusal import Refusal, Refused
from students.models import Student
from transcripts import rules
from transcripts.actions.transcripts import (
    draw_documents,
    hold_student,
    issue_transcript,
    next_number,
    transcript_rows,
)
from transcripts.models import CreditAward, Transcript

REISSUE_TASK = "transcripts.reissue_transcript"
#: What the student reads when the transcript comes anew with the college ID.
NEW_ID = "It now tells your college ID."


def ask_for_new_issue(*, transcript: Transcript, reason: str, by: User) -> None:
    """The registrar has a transcript and its letter issued anew; a worker draws them. The reason is kept."""
    if not rules.can_issue(by, transcript.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {transcript.college} can do this."))
    if not reason.strip():
        raise Refused(Refusal("no_reason", "Enter the reason for the new issue.", ""))
    with transaction.atomic():
        locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
        if refusal := rules.why_not_reissue(locked, parked=rules.is_parked(locked.reissue_key)):
            raise Refused(refusal)
        _ask(locked, reason=reason.strip(), by=by)


def follow_correction(*, student: Student, college_id: int, by: User) -> None:
    """Credit was corrected: the transcript that counts is issued anew, so that none of ours says the old grade.

    Where no credit is left at the college there is nothing to write a transcript about: it is revoked. In the
    transaction of the correction, which holds the student.
    """
    if CreditAward.objects.standing().of(student).filter(college=college_id).exists():
        reason = "Your credit was corrected after a Grade Change."
        issue_again(student=student, college_id=college_id, reason=reason, by=by)
    elif (locked := _current(student, college_id)) is not None:
        _revoke(locked, reason="Your credit was taken back after a Grade Change.", by=by)


def issue_again(*, student: Student, college_id: int, reason: str, by: User) -> None:
    """What stands was corrected by two people, and the student is held: the transcript that counts follows.

    One whose new issue is being made already is drawn by what stands then; one the workers gave up is set going again.
    """
    locked = _current(student, college_id)
    if locked is None:
        return
    if locked.reissue_asked_at is None:
        _ask(locked, reason=reason, by=by)
    elif rules.is_parked(locked.reissue_key):
        _set_going(locked)


def _current(student: Student, college_id: int) -> Transcript | None:
    """The transcript that counts, held."""
    held: Transcript | None = (
        Transcript.objects.select_for_update(of=("self",))
        .select_related("student__user", "college")
        .current()
        .of(student)
        .filter(college=college_id)
        .first()
    )
    return held


def try_reissue_again(*, transcript: Transcript, by: User) -> None:
    """Set a worker to a new issue that the workers gave up. It was asked for already, and its reason stands."""
    if not rules.can_issue(by, transcript.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {transcript.college} can do this."))
    with transaction.atomic():
        locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
        if refusal := rules.why_not_try_reissue(locked, parked=rules.is_parked(locked.reissue_key)):
            raise Refused(refusal)
        _set_going(locked)
        record_event(by=by, kind="transcripts.new_issue_tried_again", subject=locked)


def issue_new_ids(*, college: College, by: User) -> int:
    """Issue anew every transcript that was issued without the college ID that stands now, or with another; how many.

    The work is queued in one statement, and the sweep hands it to the workers.
    """
    if not rules.can_issue(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can do this."))
    with transaction.atomic():
        found = list(
            rules.with_another_id(Transcript.objects.of_college(college)).select_for_update(of=("self",))
        )
        if refusal := rules.why_not_issue_new_ids(len(found)):
            raise Refused(refusal)
        asked_at = timezone.now()
        for one in found:
            one.reissue_reason, one.reissue_asked_at, one.reissue_asked_by = NEW_ID, asked_at, by
            one.reissue_tries += 1
        Transcript.objects.bulk_update(
            found, ("reissue_reason", "reissue_asked_at", "reissue_asked_by", "reissue_tries"), batch_size=500
        )
        record_events(by=by, kind="transcripts.new_issue_asked", subjects=found, data={"reason": NEW_ID})
        queue_jobs(keys={one.reissue_key: one for one in found}, task=REISSUE_TASK)
    return len(found)


def _ask(transcript: Transcript, *, reason: str, by: User) -> None:
    transcript.reissue_reason = reason
    transcript.reissue_asked_at = timezone.now()
    transcript.reissue_asked_by = by
    transcript.save(update_fields=("reissue_reason", "reissue_asked_at", "reissue_asked_by"))
    record_event(by=by, kind="transcripts.new_issue_asked", subject=transcript, data={"reason": reason})
    _set_going(transcript)


def _set_going(transcript: Transcript) -> None:
    """Each time under a key of its own, so that work that was given up does not stand in the way."""
    transcript.reissue_tries += 1
    transcript.save(update_fields=("reissue_tries",))
    queue_job(key=transcript.reissue_key, task=REISSUE_TASK, subject=transcript)


def reissue_transcript(*, job_id: int) -> None:
    """A worker's part of a new issue: draw it by what stands now, keep it, tell the student. Safe to do twice."""
    with work_on(job_id) as job, transaction.atomic():
        if job is None:
            return
        old_id = job.subject_id
        student_id = Transcript.objects.values_list("student_id", flat=True).get(pk=old_id)
        # The student first, as a run does: one hand at a time writes a student's transcripts.
        student = hold_student(student_id)
        old = (
            Transcript.objects.select_for_update(of=("self",))
            .select_related("college", "run__year", "run__college", "reissue_asked_by")
            .get(pk=old_id)
        )
        if not old.is_current:
            return  # made already, or revoked since
        new = Transcript(
            run=old.run, student=student, college=old.college, issued_at=timezone.now(),
            number=next_number(old.run, student), issued_by=old.reissue_asked_by, name=student.name,
        )  # fmt: skip
        rows = transcript_rows(student=student, run=old.run, earned=())
        drawn = draw_documents(transcript=new, rows=rows)
        issue_transcript(transcript=new, pdf=drawn.pdf, letter=drawn.letter, letter_pdf=drawn.letter_pdf)
        record_event(
            by=old.reissue_asked_by,
            kind="transcripts.issued_anew",
            subject=new,
            data={"replaces": old.pk, "reason": old.reissue_reason},
        )
        _tell(
            new,
            key=f"reissue-{old.pk}",
            template="transcripts/issued_anew",
            reason=old.reissue_reason,
        )


def revoke_transcript(*, transcript: Transcript, reason: str, by: User) -> None:
    """The registrar takes a transcript and its letter back, for good and with a reason. Whoever checks it reads so."""
    if not rules.can_issue(by, transcript.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {transcript.college} can do this."))
    if not reason.strip():
        raise Refused(Refusal("no_reason", "Enter the reason for revoking it.", ""))
    with transaction.atomic():
        locked = (
            Transcript.objects.select_for_update(of=("self",))
            .select_related("student", "college")
            .get(pk=transcript.pk)
        )
        if refusal := rules.why_not_revoke(locked):
            raise Refused(refusal)
        _revoke(locked, reason=reason.strip(), by=by)


def _revoke(transcript: Transcript, *, reason: str, by: User) -> None:
    transcript.revoked_at, transcript.revoked_by, transcript.revoked_reason = timezone.now(), by, reason
    transcript.save(update_fields=("revoked_at", "revoked_by", "revoked_reason"))
    record_event(by=by, kind="transcripts.revoked", subject=transcript, data={"reason": reason})
    _tell(transcript, key=f"revoked-{transcript.pk}", template="transcripts/revoked", reason=reason)


def _tell(transcript: Transcript, *, key: str, template: str, reason: str) -> None:
    """Mail the student, with a link and never the document; nothing is sent to somebody who has died."""
    student = transcript.student
    if student.died_on is not None:
        return
    queue_mail(
        key=key,
        to=student.email,
        person=student.user,
        template=template,
        context={
            "first_name": student.first_name,
            "college": transcript.college.name,
            "issued_on": timezone.localdate(transcript.issued_at),
            "reason": reason,
            "url": f"{settings.PUBLIC_URL}{reverse('transcripts:mine')}",
        },
    )
