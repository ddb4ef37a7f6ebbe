"""A late claim is accepted: the registration of its year is made, and its grade entered in ink."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from accounts.actions import record_event
from accounts.models import User
from grading import rules
from grading.models import MET, GradeEntry, GradePart
from sers.lib.refusal import Refusal, Refused
from students.actions import close_accepted, lock_claim, register_late
from students.models import LateClaim, Registration


def accept_claim(*, claim: LateClaim, grades: Mapping[str, str], by: User) -> Registration:
    """Accept a late claim with the grade of the high school's transcript.

    The class counts in the year it was taken: a registration under the agreement of then, with the grade the college's
    scale of then gives, in ink, with the claim as its source and who accepted as its writer. The credit follows in the
    college's next run. All in one transaction, with the claim held: of two who decide at once one is told.
    """
    with transaction.atomic():
        held = lock_claim(claim=claim, by=by)
        standard = rules.standard_of_claim(held)
        if standard is None:
            raise Refused(rules.NO_STANDARD)
        try:
            read = rules.read_claimed(grades, standard)
        except ValueError as error:
            raise Refused(Refusal("percent", str(error))) from None
        decided = standard.decide(read)
        refusal = rules.why_not_accept_with(decided, held)
        if refusal is not None or decided is None:
            raise Refused(refusal or rules.NO_STANDARD)
        registration = register_late(claim=held, by=by)
        source = f"Late claim {held.reference}: the high school’s transcript"
        if not standard.is_whole:
            GradePart.objects.bulk_create(
                _part(registration, part, value, standard, source, by) for part, value in read.items()
            )
        grade = decided.grade
        GradeEntry.objects.create(
            registration=registration, number=1, percent=decided.percent, points=grade.points, letter=grade.letter,
            outcome=grade.outcome, scale=standard.scale, reason=source, entered_by=by,
        )  # fmt: skip
        Registration.objects.filter(pk=registration.pk).update(
            status=Registration.Status.COMPLETED, version=F("version") + 1
        )
        record_event(
            by=by,
            kind="grading.claim_accepted",
            subject=held,
            data={"registration": registration.pk, "grade": str(grade)},
        )
        close_accepted(claim=held, registration=registration, by=by)
    registration.refresh_from_db()
    return registration


def _part(
    registration: Registration, part: str, value: rules.Read, standard: rules.Standard, source: str, by: User
) -> GradePart:
    entry = GradePart(
        registration=registration, part=part, number=1, scale=standard.scale, reason=source, entered_by=by
    )
    if part in GradePart.CRITERIA:
        met = value == MET
        entry.outcome = GradePart.Outcome.COMPLETED if met else GradePart.Outcome.NOT_ATTAINED
        return entry
    grade = standard.grade_of(value)
    entry.percent = value if isinstance(value, Decimal) else None
    entry.points, entry.letter, entry.outcome = grade.points, grade.letter, grade.outcome
    return entry
