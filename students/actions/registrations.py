"""Registrations of students: made, changed, ended, and what is owed for them."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations.models import ArticulationCourse, AssuranceText, Section
from articulations.rules import unassured
from organizations.models import College, ConsortiumYear, FurtherAsk
from organizations.rules import Calendar
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.payments import move_shares
from students.actions.requirements import ask_of, drop
from students.models import ConsentText, Registration, Requirement, Student

#: Letters and digits of a reference: none that are misread from paper.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One class a student wants to be registered for: with this teacher, at this college."""

    section: Section
    college: College


def register(
    *,
    student: Student,
    section: Section,
    college: College,
    by: User,
    consent: ConsentText | None = None,
    language: str = "en",
) -> Registration:
    """Register a student for a class with a college. Repeating it returns the same registration.

    Only the student may; else refused by `why_not_register`. Two at once are settled by a constraint: the second
    gets the first's row. Without `consent` it is the text in force.
    """
    (answer,) = register_classes(
        student=student, wanted=[Wanted(section, college)], by=by, consent=consent, language=language
    )
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return answer


def register_classes(
    *,
    student: Student,
    wanted: Sequence[Wanted],
    by: User,
    consent: ConsentText | None = None,
    language: str = "en",
) -> list[Registration | Refusal]:
    """Register a student for several classes in one act, with one mail; each answered by its registration, or why not.

    Each class is registered whole or not at all, and one that is refused keeps none of the others back. The act is
    one transaction: what a time-out cut off left nothing behind, and sent again it returns what stands.
    """
    if not rules.can_register_for(by, student):
        raise Refused(
            Refusal("not_yourself", _("Students register themselves."), _("Sign in as the student."))
        )
    on = timezone.localdate()
    lines = _lines_of(wanted, on)
    calendar = Calendar.of(*{one.section.year for one in wanted})
    not_assured = unassured([one.section for one in wanted], AssuranceText.Blocks.REGISTERING)
    agreed = consent or ConsentText.objects.in_force()
    made: list[Registration] = []
    answers: list[Registration | Refusal] = []
    with transaction.atomic():
        # Two classes at once would both be the first to owe the fee of the year.
        one_at_a_time(f"register {student.pk}")
        for one in wanted:
            its_lines = lines.get((one.section.high_school_course_id, one.college.pk), ())
            live = _live(student, one.section)
            if live is not None and _is_as_wanted(live, one):
                answers.append(live)
                continue
            course, college = one.section.high_school_course_id, one.college
            ended = None if its_lines else ArticulationCourse.objects.last_ended(course, college, on)
            refusal = rules.why_not_register(
                student,
                one.section,
                its_lines,
                calendar=calendar,
                live=live,
                on=on,
                not_assured=not_assured,
                ended=ended,
            )
            if refusal is not None:
                answers.append(refusal)
                continue
            try:
                with transaction.atomic():
                    registration = _register(student, one, its_lines, by, agreed, language)
            except IntegrityError as error:
                if "one_live_registration_of_a_class_a_year" not in str(error):
                    raise
                # The other one's row stands: answer as if it had come first.
                first = _live(student, one.section)
                if first is not None and _is_as_wanted(first, one):
                    answers.append(first)
                else:
                    answers.append(
                        rules.why_not_register(
                            student, one.section, its_lines, calendar=calendar, live=first, on=on
                        )
                        or Refusal("registered_already", _("You are registered for this class already."))
                    )
                continue
            made.append(registration)
            answers.append(registration)
        if made:
            _tell(student, made, lines)
    return answers


def _lines_of(wanted: Sequence[Wanted], on: date) -> dict[tuple[int, int], tuple[ArticulationCourse, ...]]:
    """What the agreements in force give for each class and college; one query."""
    lines: dict[tuple[int, int], tuple[ArticulationCourse, ...]] = {}
    for line in (
        ArticulationCourse.objects.in_force(on)
        .filter(
            high_school_course__in={one.section.high_school_course_id for one in wanted},
            articulation__college__in={one.college.pk for one in wanted},
        )
        .select_related("articulation__consortium", "articulation__college", "college_course")
        .order_by("id")
    ):
        key = (line.high_school_course_id, line.articulation.college_id)
        lines[key] = (*lines.get(key, ()), line)
    return lines


def _live(student: Student, section: Section) -> Registration | None:
    """The student's live registration of this class and year, if there is one."""
    live: Registration | None = (
        Registration.objects.live()
        .of(student)
        .filter(high_school_course=section.high_school_course_id, year=section.year_id)
        .select_related("college")
        .first()
    )
    return live


def _is_as_wanted(registration: Registration, wanted: Wanted) -> bool:
    return (registration.section_id, registration.college_id) == (wanted.section.pk, wanted.college.pk)


def _register(
    student: Student,
    wanted: Wanted,
    lines: tuple[ArticulationCourse, ...],
    by: User,
    consent: ConsentText,
    language: str,
) -> Registration:
    agreement, section = lines[0].articulation, wanted.section
    asked = what_is_asked(student=student, lines=lines, year_id=section.year_id)
    registration = Registration.objects.create(
        reference=new_reference(),
        student=student,
        high_school_course_id=section.high_school_course_id,
        section=section,
        year_id=section.year_id,
        college=wanted.college,
        articulation=agreement,
        fees_req=Registration.FeesReq.NOT_REQUIRED,
        registered_by=by,
        consent=consent,
        consent_language=language,
    )
    ask_of(registration, asked)
    registration.refresh_from_db(fields=("fees_req", "fee_due", "version"))
    Student.objects.filter(pk=student.pk, came_for__high_school_course=section.high_school_course_id).update(
        came_for=None
    )
    record_event(
        by=by,
        kind="students.registered",
        subject=registration,
        data={"section": section.pk, "college": wanted.college.pk, "consent": consent.version},
    )
    return registration


def what_is_asked(
    *, student: Student, lines: Sequence[ArticulationCourse], year_id: int, besides: int = 0
) -> list[rules.Asked]:
    """What the consortium of an agreement asks of one more registration of this student, by its terms of the year.

    `besides` is a registration that counts for nothing here, because it is about to leave its agreement.
    """
    consortium = lines[0].articulation.consortium_id
    terms = ConsortiumYear.objects.filter(consortium=consortium, year=year_id).first()
    if terms is None:
        return []
    paid_this_year = (
        Registration.objects.bearing_fee()
        .of(student)
        .filter(year=year_id, articulation__consortium=consortium)
        .exclude(pk=besides)
        .exists()
    )
    credits = sum((line.credits for line in lines), Decimal(0))
    return rules.asks_of(
        terms,
        FurtherAsk.objects.standing(terms),
        birth_date=student.birth_date,
        fee=rules.fee_of(terms, credits, paid_this_year=paid_this_year),
        on=timezone.localdate(),
    )


def _tell(
    student: Student,
    made: Sequence[Registration],
    lines: Mapping[tuple[int, int], tuple[ArticulationCourse, ...]],
) -> None:
    """One mail about all that was registered in one act."""
    queue_mail(
        key=f"registered-{made[0].public_id}-{made[0].version}",
        to=student.email,
        person=student.user,
        template="students/registered",
        context={
            "first_name": student.first_name,
            "year": str(made[0].year),
            "classes": [
                {
                    "title": one.high_school_course.title,
                    "college": str(one.college),
                    "reference": one.reference,
                    "courses": [
                        (str(line.college_course), line.credits)
                        for line in lines[one.high_school_course_id, one.college_id]
                    ],
                }
                for one in made
            ],
            "pending": any(one.fees_req == Registration.FeesReq.PENDING for one in made),
            "url": f"{settings.PUBLIC_URL}{_where(made)}",
        },
    )


def _where(made: Sequence[Registration]) -> str:
    if len(made) == 1:
        return reverse("students:registration", args=[made[0].public_id])
    return reverse("students:my_classes")


def new_reference() -> str:
    """`R-7KM2...`: ten random letters, quoted on the phone; it opens nothing."""
    return "R-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(10))


def withdraw(*, registration: Registration, by: User) -> None:
    """A student takes a class back, within its window and before it has a grade."""
    if not rules.can_register_for(by, registration.student):
        raise Refused(
            Refusal("not_yourself", _("Students withdraw themselves."), _("Sign in as the student."))
        )
    refusal = rules.why_not_withdraw(
        registration, calendar=Calendar.of(registration.year), on=timezone.localdate()
    )
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        _change(registration, version=registration.version, values={"status": Registration.Status.WITHDRAWN})
        hand_on_fees([registration.pk], by=by)
        record_event(by=by, kind="students.withdrawn", subject=registration)


def hand_on_fees(ended: Iterable[int], *, by: User) -> int:
    """A yearly fee that is still owed outlives the class that bore it: another class of the year bears it then.

    `ended` are ids of registrations that were just withdrawn or found not in class; called in the transaction
    that ended them. Returns how many fees moved. A fee that was paid stays where it was paid; what was paid of one
    that moves goes with it.
    """
    moved = 0
    bearers = Registration.objects.filter(pk__in=list(ended), fees_req=Registration.FeesReq.PENDING)
    with_fee = list(bearers.with_yearly_fee().values_list("pk", flat=True))
    Requirement.objects.write_out(with_fee)
    for fee in (
        Requirement.objects.pending()
        .filter(registration__in=with_fee, kind=Requirement.Kind.FEE)
        .select_related("registration__articulation")
        .order_by("pk")
    ):
        bearer = fee.registration
        heir = (
            Registration.objects.live()
            .select_for_update(of=("self",))
            .of(bearer.student)
            .filter(
                year=bearer.year_id,
                articulation__consortium=bearer.articulation.consortium_id,
                fee_due=0,
                awarded_at__isnull=True,
            )
            .order_by("pk")
            .first()
        )
        if heir is None:
            continue
        Requirement.objects.write_out([heir.pk])
        drop([fee], reason=f"Owed for {heir.reference} now", by=by)
        kind, payer = Requirement.Kind.FEE, Requirement.Payer(fee.payer)
        (new,) = ask_of(heir, [rules.Asked(kind, fee.due_on, fee.amount, payer)])
        move_shares(fee, new)
        record_event(
            by=by,
            kind="students.fee_moved",
            subject=heir,
            data={"from": bearer.pk, "fees_req": heir.fees_req},
        )
        moved += 1
    return moved


def change_teacher(*, registration: Registration, section: Section, version: int, by: User) -> bool:
    """A student moves to another teacher of the same class; false when it is the same one.

    Refused by `why_not_change_teacher`, or when the registration is no longer at the version the screen showed.
    """
    if not rules.can_register_for(by, registration.student):
        raise Refused(
            Refusal(
                "not_yourself", _("Students change their teacher themselves."), _("Sign in as the student.")
            )
        )
    if section.pk == registration.section_id:
        return False
    refusal = rules.why_not_change_teacher(
        registration, section, calendar=Calendar.of(registration.year), on=timezone.localdate()
    )
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        _change(registration, version=version, values={"section": section})
        record_event(
            by=by,
            kind="students.teacher_changed",
            subject=registration,
            data={"was": registration.section_id, "is": section.pk},
        )
    return True


def change_college(
    *,
    registration: Registration,
    college: College,
    version: int,
    by: User,
    consent: ConsentText | None = None,
    language: str = "en",
) -> bool:
    """A student takes the credit of a class from another college; false when it is the same one.

    Refused by `why_not_change_college`, or when the registration is no longer at the version the screen showed. Form
    and fee are asked anew by the terms of the other agreement; a yearly fee still owed passes to another class.
    """
    if not rules.can_register_for(by, registration.student):
        raise Refused(
            Refusal(
                "not_yourself", _("Students change their college themselves."), _("Sign in as the student.")
            )
        )
    if college.pk == registration.college_id:
        return False
    on, student = timezone.localdate(), registration.student
    lines = _lines_of([Wanted(registration.section, college)], on).get(
        (registration.high_school_course_id, college.pk), ()
    )
    refusal = rules.why_not_change_college(
        registration, lines, calendar=Calendar.of(registration.year), on=on
    )
    if refusal is not None:
        raise Refused(refusal)
    agreed = consent or ConsentText.objects.in_force()
    with transaction.atomic():
        one_at_a_time(f"register {student.pk}")
        moved = hand_on_fees([registration.pk], by=by)
        asked = what_is_asked(
            student=student, lines=lines, year_id=registration.year_id, besides=registration.pk
        )
        _change(
            registration,
            version=version + moved,
            values={
                "college": college,
                "articulation": lines[0].articulation,
                "consent": agreed,
                "consent_language": language,
            },
        )
        Requirement.objects.write_out([registration.pk])
        drop(registration.requirements.all(), reason=f"The college is {college} now", by=by)
        ask_of(registration, asked)
        record_event(
            by=by,
            kind="students.college_changed",
            subject=registration,
            data={"was": registration.college_id, "is": college.pk, "consent": agreed.version},
        )
        changed = Registration.objects.select_related("high_school_course", "college", "year").get(
            pk=registration.pk
        )
        _tell(student, [changed], lines={(changed.high_school_course_id, college.pk): lines})
    return True


def _change(registration: Registration, *, version: int, values: Mapping[str, Any]) -> None:
    """Write these values if the registration is still In Progress and at this version."""
    changed = Registration.objects.filter(
        pk=registration.pk, version=version, status=Registration.Status.IN_PROGRESS
    ).update(**values, version=F("version") + 1)
    if not changed:
        raise Refused(
            Refusal(
                "changed_meanwhile", "The class was changed while this page was open.", "Look at it again."
            )
        )
