"""When a class whose course is on the record already may be left as it is."""

from typing import Final

from accounts.models import User
from sers.lib.refusal import Refusal
from students.models import Registration
from transcripts.models import CreditAward
from transcripts.rules.credit import terms_of
from transcripts.rules.eligibility import Reason, reasons_of
from transcripts.rules.runs import can_run_transcription

NO_REPEAT: Final = Refusal(
    "no_repeat", "This class does not repeat a course on the record.", "Read what it waits for, rule by rule."
)


def earlier_credit(registration: Registration) -> CreditAward | None:
    """The credit that stands for a course this class leads to, from another class; the latest of several."""
    found: CreditAward | None = (
        CreditAward.objects.standing()
        .of(registration.student)
        .filter(college_course__in={line.college_course_id for line in registration.lines})
        .exclude(sources__registration=registration)
        .order_by("-awarded_at", "-id")
        .first()
    )
    return found


def why_not_settle_repeat(registration: Registration, by: User) -> Refusal | None:
    """The registrar of the college says that the earlier credit stands, of a class that a run would hold as a repeat."""
    if not can_run_transcription(by, registration.college_id):
        return Refusal("not_registrar", f"Only the registrar of {registration.college} can do this.")
    reasons = reasons_of([registration], terms=terms_of([registration]))
    if reasons.get(registration.pk) != Reason.REPEAT:
        return NO_REPEAT
    return None
