"""Late claims: made, agreed to, asked about, answered, taken back, refused. Accepting one writes a grade: see grading."""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations.models import ArticulationCourse, Section
from organizations.models import AcademicYear
from sers.lib.refusal import Refusal, Refused
from sers.lib.uploads import Checked, keep
from students import rules
from students.actions.asks import what_is_asked
from students.actions.holding import hold_person
from students.actions.registrations import REFERENCE_LETTERS, new_reference
from students.actions.requirements import ask_of
from students.models import ConsentText, LateClaim, LateClaimFile, LateClaimMessage, Registration, Student

#: The class a late claim is put into where SERS knows no section of that course and year.
LATE_CLASS = "Late claims"


def make_claim(
    *,
    student: Student,
    option: rules.ClaimOption,
    year: AcademicYear,
    paper: Checked,
    by: User,
    claimed_grade: str = "",
    note: str = "",
    consent: ConsentText | None = None,
    language: str = "en",
) -> LateClaim:
    """Claim credit for a class of an earlier year, or after registration has closed, with the school's transcript.

    The student's own claim goes to the consortium with their consent; one that a counselor begins waits for it first.
    Refused by `why_not_claim` as it stood on the page (`option`), and by the database where a claim was made meanwhile.
    """
    if not rules.can_claim_for(by, student):
        raise Refused(Refusal("not_yours", _("Students claim for themselves."), _("Sign in as the student.")))
    if option.refusal is not None:
        raise Refused(option.refusal)
    own = rules.can_register_for(by, student)
    agreed = (consent or ConsentText.objects.in_force()) if own else None
    path = keep(paper)
    try:
        with transaction.atomic():
            claim = LateClaim.objects.create(
                reference=_new_claim_reference(),
                student=student,
                high_school_course=option.course,
                year=year,
                college=option.college,
                articulation=option.articulation,
                state=LateClaim.State.ASKED if own else LateClaim.State.CONSENT,
                claimed_grade=claimed_grade,
                note=note,
                asked_by=by,
                consent=agreed,
                consent_language=language if own else "",
                agreed_at=timezone.now() if own else None,
            )
            _keep_paper(claim, paper, path, by)
            record_event(
                by=by, kind="students.claim_made", subject=claim,
                data={"year": year.first_year, "college": option.college.pk, "consent": agreed.version if agreed else None},
            )  # fmt: skip
            _tell(claim, "students/claim_made" if own else "students/claim_to_agree", f"made-{claim.pk}")
    except IntegrityError as error:
        if "one_open_late_claim_of_a_class_a_year" not in str(error):
            raise
        raise Refused(
            Refusal(
                "claimed_already",
                _("You have a claim for this class already."),
                _("Open it under My classes."),
            )
        ) from None
    return claim


def agree_to_claim(*, claim: LateClaim, by: User, language: str = "en") -> None:
    """The student agrees to what a counselor began; only then the consortium sees it as sent."""
    with transaction.atomic():
        held = _lock(claim)
        _refuse(rules.why_not_agree_to_claim(held, by))
        agreed = ConsentText.objects.in_force()
        held.state, held.consent, held.consent_language = LateClaim.State.ASKED, agreed, language
        held.agreed_at = timezone.now()
        held.save(update_fields=("state", "consent", "consent_language", "agreed_at"))
        record_event(by=by, kind="students.claim_agreed", subject=held, data={"consent": agreed.version})


def ask_about_claim(*, claim: LateClaim, text: str, by: User) -> None:
    """The consortium asks something back: the student is told, and a counselor who asked for the claim."""
    with transaction.atomic():
        held = _lock(claim)
        _refuse(rules.why_not_decide_claim(held, by))
        message = LateClaimMessage.objects.create(claim=held, asks=True, text=text, written_by=by)
        held.state = LateClaim.State.QUESTION
        held.save(update_fields=("state",))
        record_event(by=by, kind="students.claim_asked_about", subject=held)
        _tell(held, "students/claim_question", f"question-{message.pk}", question=text)


def answer_claim(*, claim: LateClaim, text: str, by: User, paper: Checked | None = None) -> None:
    """The answer to a question, with a better paper if there is one; the claim waits for the consortium again."""
    path = keep(paper) if paper is not None else ""
    with transaction.atomic():
        held = _lock(claim)
        _refuse(rules.why_not_answer_claim(held, by))
        LateClaimMessage.objects.create(claim=held, asks=False, text=text, written_by=by)
        if paper is not None:
            _keep_paper(held, paper, path, by)
        held.state = LateClaim.State.ASKED
        held.save(update_fields=("state",))
        record_event(by=by, kind="students.claim_answered", subject=held)


def withdraw_claim(*, claim: LateClaim, by: User) -> None:
    """A claim is taken back while it is not decided. Another one may be made."""
    with transaction.atomic():
        held = _lock(claim)
        _refuse(rules.why_not_withdraw_claim(held, by))
        _close(held, LateClaim.State.WITHDRAWN, by)
        record_event(by=by, kind="students.claim_withdrawn", subject=held)


def refuse_claim(*, claim: LateClaim, ground: str, reason: str, by: User) -> None:
    """The consortium refuses a claim, naming the rule and the reason; of two who decide at once one is told."""
    with transaction.atomic():
        held = _lock(claim)
        _refuse(rules.why_not_decide_claim(held, by))
        held.ground, held.decision = ground, reason
        _close(held, LateClaim.State.REFUSED, by)
        record_event(by=by, kind="students.claim_refused", subject=held, data={"ground": ground})
        _tell(
            held,
            "students/claim_refused",
            f"refused-{held.pk}",
            reason=reason,
            ground=LateClaim.Ground(ground).label,
        )


def register_late(*, claim: LateClaim, by: User) -> Registration:
    """The registration that an accepted claim makes, In Progress until its grade is entered; called by whoever enters it,
    in the transaction that holds the claim.

    It counts in the year of the class, under the agreement of then; form and fee are asked by the terms of that year.
    Refused where the student has registered meanwhile.
    """
    hold_person(claim.student)
    lines = list(
        ArticulationCourse.objects.of_class(claim.articulation_id, claim.high_school_course_id)
        .select_related("articulation")
        .order_by("id")
    )
    section = section_of_claim(claim)
    asked = what_is_asked(student=claim.student, lines=lines, year_id=claim.year_id)
    try:
        with transaction.atomic():
            registration = Registration.objects.create(
                reference=new_reference(),
                student=claim.student,
                high_school_course=claim.high_school_course,
                section=section,
                year=claim.year,
                college=claim.college,
                articulation=claim.articulation,
                fees_req=Registration.FeesReq.NOT_REQUIRED,
                registered_by=claim.asked_by,
                consent=claim.consent or ConsentText.objects.in_force(),
                consent_language=claim.consent_language,
            )
    except IntegrityError as error:
        if "one_live_registration_of_a_class_a_year" not in str(error):
            raise
        raise Refused(
            Refusal(
                "registered_already",
                "The student is registered for this class of that year.",
                "Refuse the claim; a wrong grade is put right by a Grade Change.",
            )
        ) from None
    ask_of(registration, asked)
    registration.refresh_from_db(fields=("fees_req", "fee_due", "version"))
    record_event(
        by=by, kind="students.registered", subject=registration,
        data={"section": section.pk, "college": claim.college_id, "consent": claim.consent_id, "claim": claim.pk},
    )  # fmt: skip
    return registration


def section_of_claim(claim: LateClaim) -> Section:
    """The class of that course and year: the only one there was, else one without teachers for late claims."""
    there = list(Section.objects.of_course(claim.high_school_course_id, claim.year_id).order_by("pk")[:2])
    section: Section
    if len(there) == 1:
        (section,) = there
        return section
    section, _made = Section.objects.get_or_create(
        high_school_course=claim.high_school_course, year=claim.year, term=Section.Term.YEAR, label=LATE_CLASS
    )
    return section


def close_accepted(*, claim: LateClaim, registration: Registration, by: User) -> None:
    """Close a claim as accepted by the registration it made, and tell the student; in the accepting transaction."""
    claim.registration = registration
    _close(claim, LateClaim.State.ACCEPTED, by)
    _tell(
        claim, "students/claim_accepted", f"accepted-{claim.pk}",
        pending=registration.fees_req == Registration.FeesReq.PENDING,
        registration_url=f"{settings.PUBLIC_URL}{reverse('students:registration', args=[registration.public_id])}",
    )  # fmt: skip


def lock_claim(*, claim: LateClaim, by: User) -> LateClaim:
    """The claim, held for a decision by this person; Refused by `why_not_decide_claim` as it stands now."""
    held = _lock(claim)
    _refuse(rules.why_not_decide_claim(held, by))
    return held


def _lock(claim: LateClaim) -> LateClaim:
    locked: LateClaim = (
        LateClaim.objects.select_for_update(of=("self",)).in_full().select_related("consent").get(pk=claim.pk)
    )
    return locked


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)


def _close(claim: LateClaim, state: LateClaim.State, by: User) -> None:
    claim.state, claim.decided_by, claim.decided_at = state, by, timezone.now()
    claim.save(update_fields=("state", "decided_by", "decided_at", "ground", "decision", "registration"))


def _keep_paper(claim: LateClaim, paper: Checked, path: str, by: User) -> None:
    LateClaimFile.objects.create(
        claim=claim, name=paper.name, mime=paper.mime, size=len(paper.content), sha256=paper.sha256, path=path,
        added_by=by,
    )  # fmt: skip


def _tell(claim: LateClaim, template: str, key: str, **context: object) -> None:
    """The student is told; and the counselor who asked, where it was not the student."""
    people: Sequence[User | None] = [claim.student.user]
    if claim.asked_by_id != claim.student.user_id and template != "students/claim_to_agree":
        people = [claim.student.user, claim.asked_by]
    for number, person in enumerate(people):
        queue_mail(
            key=f"claim-{key}-{number}",
            to=claim.student.email if number == 0 else claim.asked_by.email,
            person=person,
            language="" if number == 0 else "en",
            template=template,
            context={
                "first_name": claim.student.first_name if number == 0 else claim.asked_by.first_name,
                "student": claim.student.name if number else "",
                "class": claim.high_school_course.title,
                "year": str(claim.year),
                "college": claim.college.name,
                "consortium": claim.articulation.consortium.name,
                "reference": claim.reference,
                "url": f"{settings.PUBLIC_URL}{reverse('students:claim', args=[claim.public_id])}",
                **context,
            },
        )


def _new_claim_reference() -> str:
    """`L-7KM2...`: ten random letters, quoted on the phone; it opens nothing."""
    return "L-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(10))
