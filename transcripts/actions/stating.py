"""The statement of who was refused an amendment: placed in the record, and carried by the documents of colleges."""

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from students.actions import lock_amendment
from students.models import Amendment
from students.rules.amendments import why_not_state
from transcripts.actions.issuing import issue_again
from transcripts.actions.transcripts import hold_student
from transcripts.models import Transcript

#: What the student reads when a transcript comes anew, by who stated it.
STATED = {
    Amendment.Asker.STUDENT: "It now carries your statement.",
    Amendment.Asker.GUARDIAN: "It now carries the statement of your parent or guardian.",
}


def give_statement(*, amendment: Amendment, text: str, by: User) -> Amendment:
    """Place the statement of who was refused in the record (34 CFR 99.21(b)(2), (c)). Every page and file with the
    contested item tells it from this moment; each transcript that tells the item is issued anew."""
    if not text.strip():
        raise Refused(Refusal("no_text", "Enter the statement", ""))
    with transaction.atomic():
        student = hold_student(amendment.student_id)
        held = lock_amendment(amendment)
        refusal = why_not_state(held, by, on=timezone.localdate())
        if refusal is not None:
            raise Refused(refusal)
        held.statement, held.stated_at = text.strip(), timezone.now()
        held.save(update_fields=("statement", "stated_at"))
        record_event(by=by, kind="students.statement_given", subject=held)
        reason = STATED[Amendment.Asker(held.asker)]
        for transcript in Transcript.objects.current().of(student).select_related("college").order_by("pk"):
            if Amendment.objects.on_transcripts(transcript.college).filter(pk=held.pk).exists():
                issue_again(student=student, college_id=transcript.college_id, reason=reason, by=by)
    return held
