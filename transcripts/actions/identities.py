"""College IDs are given, decided and undone: each one student's, once at a college."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import College
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students.models import Student
from transcripts import rules
from transcripts.actions.transcripts import hold_student
from transcripts.models import (
    CollegeIdentity,
    IdentityConflict,
    SheetImport,
    TranscriptionPlan,
)

#: Constraints two people may meet at once, and what each is told.
TAKEN = {
    "college_id_once_in_a_college": Refusal(
        "sid_taken", "Another student has this college ID.", "Undo it there first if it is wrong."
    ),
    "one_college_id_a_student_and_college": Refusal(
        "other_sid", "This student has an ID at this college already.", "Undo it first if it is wrong."
    ),
}


def identities_lock(college_id: int) -> None:
    """Whoever gives IDs of a college does so one at a time: a run, an import, a person."""
    one_at_a_time(f"college IDs {college_id}")


def give_identity(
    *,
    student: Student,
    college: College,
    sid: str,
    source: CollegeIdentity.Source,
    by: User | None,
    score: int | None = None,
    sheet: SheetImport | None = None,
    replaces: CollegeIdentity | None = None,
) -> CollegeIdentity:
    """Write down a student's ID at a college. Refused when either is taken; the database holds to it in any race."""
    try:
        with transaction.atomic():
            identities_lock(college.pk)
            refusal = rules.why_not_give(college.pk, student, sid)
            if refusal is not None:
                raise Refused(refusal)
            identity = CollegeIdentity.objects.create(
                student=student,
                college=college,
                sid=sid,
                source=source,
                score=score,
                sheet=sheet,
                given_by=by,
                replaces=replaces,
            )
            record_event(by=by, kind="transcripts.identity_given", subject=identity, data={"source": source})
    except IntegrityError as error:
        for constraint, refused in TAKEN.items():
            if constraint in str(error):
                raise Refused(refused) from None
        raise
    return identity


def enter_sid(*, student: Student, college: College, sid: str, by: User) -> CollegeIdentity:
    """The registrar enters a college ID by hand."""
    _only_registrar(by, college.pk)
    return give_identity(
        student=student, college=college, sid=sid, source=CollegeIdentity.Source.TYPED, by=by
    )


def assign_sid(*, student: Student, plan: TranscriptionPlan, by: User | None) -> CollegeIdentity | None:
    """Give a student the next ID of the college's range; None when the range is used up or the student has one.

    One at a time for each college. A number that was undone is not given again.
    """
    college = plan.college_year.college
    with transaction.atomic():
        identities_lock(college.pk)
        if rules.students_with_sid(college, [student.pk]):
            return None
        sid = rules.next_sid(plan)
        if sid is None:
            return None
        return give_identity(
            student=student, college=college, sid=sid, source=CollegeIdentity.Source.ASSIGNED, by=by
        )


def undo_identity(*, identity: CollegeIdentity, by: User) -> None:
    """Take a wrong college ID back, as long as it has not gone out. The row stays and says so."""
    _only_registrar(by, identity.college_id)
    with transaction.atomic():
        # A worksheet in the making, and a run that writes a document, come before this or after it: see `has_gone_out`.
        one_at_a_time(f"worksheets {identity.college_id}")
        hold_student(identity.student_id)
        held = CollegeIdentity.objects.select_for_update().get(pk=identity.pk)
        refusal = rules.why_not_undo(held)
        if refusal is not None:
            raise Refused(refusal)
        held.undone_at, held.undone_by = timezone.now(), by
        held.save(update_fields=("undone_at", "undone_by"))
        record_event(by=by, kind="transcripts.identity_undone", subject=held)


def decide_conflict(*, conflict: IdentityConflict, student: Student | None, by: User) -> IdentityConflict:
    """A person decides whose a college ID is: this student's, or nobody's of those. Decided once."""
    _only_registrar(by, conflict.college_id)
    with transaction.atomic():
        held: IdentityConflict = (
            IdentityConflict.objects.select_for_update(of=("self",))
            .select_related("college", "sheet")
            .get(pk=conflict.pk)
        )
        if held.decision:
            raise Refused(
                Refusal("decided", "This conflict was decided meanwhile.", "Open the list of college IDs.")
            )
        if student is not None:
            chosen = held.candidates.filter(student=student).first()
            if chosen is None:
                raise Refused(Refusal("no_candidate", "Choose one of the students beside each other."))
            give_identity(
                student=student,
                college=held.college,
                sid=held.sid,
                source=CollegeIdentity.Source.DECIDED,
                score=chosen.score,
                sheet=held.sheet,
                by=by,
            )
        held.decision = (
            IdentityConflict.Decision.NOBODY if student is None else IdentityConflict.Decision.MATCHED
        )
        held.student, held.decided_by, held.decided_at = student, by, timezone.now()
        held.save(update_fields=("decision", "student", "decided_by", "decided_at"))
        record_event(
            by=by, kind="transcripts.conflict_decided", subject=held, data={"decision": str(held.decision)}
        )
    return held


def _only_registrar(by: User, college_id: int) -> None:
    if not rules.can_keep_identities(by, college_id):
        raise Refused(Refusal("not_registrar", "Only the registrar of the college keeps its college IDs."))
