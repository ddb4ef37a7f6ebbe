"""Registrations of students: made, changed, ended, and what is owed for them."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import queue_mail, record_event, record_events
from accounts.models import User
from articulations.models import ArticulationCourse, AssuranceText, Section
from articulations.rules import unassured
from organizations.models import College
from organizations.rules import Calendar
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.asks import Asks, what_is_asked
from students.actions.holding import hold_person
from students.actions.payments import move_shares
from students.actions.requirements import ask_of, ask_of_many, drop
from students.models import ConsentText, Registration, Requirement, Student

#: Letters and digits of a reference: none that are misread from paper.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One class a student wants to be registered for: with this teacher, at this college."""

    section: Section
    college: College

    @property
    def key(self) -> tuple[int, int]:
        """What a student can be registered for once: a course in a year."""
        return self.section.high_school_course_id, self.section.year_id


#: What the agreements in force give for a class and a college (ids).
Lines = Mapping[tuple[int, int], tuple[ArticulationCourse, ...]]


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

    One that is refused keeps none of the others back. The others are one transaction, in as many statements for thirty
    classes as for one: what a time-out cut off left nothing behind, and sent again it returns what stands.
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
    with transaction.atomic():
        student = hold_person(student)
        while True:
            live = _live(student, wanted)
            new: dict[tuple[int, int], Wanted] = {}
            refused: dict[Wanted, Refusal] = {}
            for one in wanted:
                if one.key in live or one.key in new:
                    continue
                refusal = _why_not(student, one, lines, None, calendar=calendar, not_assured=not_assured)
                if refusal is None:
                    new[one.key] = one
                else:
                    refused[one] = refusal
            try:
                with transaction.atomic():
                    made = _register(student, [*new.values()], lines, by, agreed, language)
                break
            except IntegrityError as error:
                clash = "one_live_registration_of_a_class_a_year" in str(error)
                if not clash or not _live(student, [*new.values()]):
                    raise
                # Who does not hold the student was first, such as a teacher who put the class back: look again.
        live |= {(one.high_school_course_id, one.year_id): one for one in made}
        answers = [
            refused.get(one) or _answer(student, one, live[one.key], lines, calendar=calendar)
            for one in wanted
        ]
        if made:
            _tell(student, made, lines)
    return answers


def _why_not(
    student: Student,
    one: Wanted,
    lines: Lines,
    live: Registration | None,
    *,
    calendar: Calendar,
    not_assured: Collection[tuple[int, int]] = (),
) -> Refusal | None:
    on, course, college = timezone.localdate(), one.section.high_school_course_id, one.college
    its_lines = lines.get((course, college.pk), ())
    return rules.why_not_register(
        student,
        one.section,
        its_lines,
        calendar=calendar,
        live=live,
        on=on,
        not_assured=not_assured,
        ended=None if its_lines else ArticulationCourse.objects.last_ended(course, college, on),
    )


def _answer(
    student: Student, one: Wanted, live: Registration, lines: Lines, *, calendar: Calendar
) -> Registration | Refusal:
    """The registration that stands, if it is the one that was wanted; else why there is no second one."""
    if (live.section_id, live.college_id) == (one.section.pk, one.college.pk):
        return live
    return _why_not(student, one, lines, live, calendar=calendar) or Refusal(
        "registered_already", _("You are registered for this class already.")
    )


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


def _live(student: Student, wanted: Sequence[Wanted]) -> dict[tuple[int, int], Registration]:
    """The student's live registrations of these classes and years; one query."""
    live = Registration.objects.live().of(student)
    found = live.filter(
        high_school_course__in={one.section.high_school_course_id for one in wanted},
        year__in={one.section.year_id for one in wanted},
    )
    return {(one.high_school_course_id, one.year_id): one for one in found.select_related("college")}


def _register(
    student: Student, new: Sequence[Wanted], lines: Lines, by: User, consent: ConsentText, language: str
) -> list[Registration]:
    """The rows of all these classes: as many statements for thirty as for one."""
    if not new:
        return []
    its_lines = [lines[one.section.high_school_course_id, one.college.pk] for one in new]
    agreements = [its[0].articulation for its in its_lines]
    asks = Asks(
        student,
        [(it.consortium_id, one.section.year_id) for it, one in zip(agreements, new, strict=True)],
    )
    made: list[Registration] = Registration.objects.bulk_create(
        Registration(
            reference=new_reference(),
            student=student,
            high_school_course=one.section.high_school_course,
            section=one.section,
            year=one.section.year,
            college=one.college,
            articulation=agreement,
            fees_req=Registration.FeesReq.NOT_REQUIRED,
            registered_by=by,
            consent=consent,
            consent_language=language,
        )
        for one, agreement in zip(new, agreements, strict=True)
    )
    ask_of_many((one, asks.of(its, one.year_id)) for one, its in zip(made, its_lines, strict=True))
    sums = Registration.objects.in_bulk([one.pk for one in made])
    for one in made:
        now = sums[one.pk]
        one.fees_req, one.fee_due, one.version = now.fees_req, now.fee_due, now.version
    Student.objects.filter(
        pk=student.pk, came_for__high_school_course__in=[one.high_school_course_id for one in made]
    ).update(came_for=None)
    record_events(
        by=by,
        kind="students.registered",
        subjects=made,
        each=lambda one: {"section": one.section_id, "college": one.college_id, "consent": consent.version},
    )
    return made


def _tell(
    student: Student,
    made: Sequence[Registration],
    lines: Lines,
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
        student = hold_person(student)
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
