"""Registrations of students: made, changed, ended, and what is owed for them."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations.models import ArticulationCourse, Section
from organizations.models import College, ConsortiumYear
from organizations.rules import Calendar
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Registration, Student

#: The consent text a registration was made under; a new wording gets a new version.
CONSENT_VERSION = "2026-1"
#: Letters and digits of a reference: none that are misread from paper.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def register(*, student: Student, section: Section, college: College, by: User) -> Registration:
    """Register a student for a class with a college. Repeating it returns the same registration.

    Only the student may; else refused by `why_not_register`. Two at once are settled by a constraint: the second
    gets the first's row.
    """
    if not rules.can_register_for(by, student):
        raise Refused(
            Refusal("not_yourself", _("Students register themselves."), _("Sign in as the student."))
        )
    on = timezone.localdate()
    lines = tuple(
        ArticulationCourse.objects.in_force(on)
        .filter(high_school_course=section.high_school_course_id, articulation__college=college)
        .select_related("articulation__consortium", "articulation__college", "college_course")
        .order_by("id")
    )
    calendar = Calendar.of(section.year)
    try:
        with transaction.atomic():
            # Two classes at once would both be the first to owe the fee of the year.
            one_at_a_time(f"register {student.pk}")
            live: Registration | None = (
                Registration.objects.live()
                .filter(
                    student=student, high_school_course=section.high_school_course_id, year=section.year_id
                )
                .select_related("college")
                .first()
            )
            if live is not None and live.section_id == section.pk and live.college_id == college.pk:
                return live
            refusal = rules.why_not_register(student, section, lines, calendar=calendar, live=live, on=on)
            if refusal is not None:
                raise Refused(refusal)
            return _register(student=student, section=section, college=college, lines=lines, by=by)
    except IntegrityError as error:
        if "one_live_registration_of_a_class_a_year" not in str(error):
            raise
    with transaction.atomic():  # the other one's row stands: answer as if it had come first
        first: Registration = (
            Registration.objects.live()
            .select_related("college")
            .get(student=student, high_school_course=section.high_school_course_id, year=section.year_id)
        )
    if first.section_id == section.pk and first.college_id == college.pk:
        return first
    refusal = rules.why_not_register(student, section, lines, calendar=calendar, live=first, on=on)
    raise Refused(refusal or Refusal("registered_already", _("You are registered for this class already.")))


def _register(
    *, student: Student, section: Section, college: College, lines: tuple[ArticulationCourse, ...], by: User
) -> Registration:
    agreement = lines[0].articulation
    terms = ConsortiumYear.objects.filter(consortium=agreement.consortium_id, year=section.year_id).first()
    paid_this_year = (
        Registration.objects.bearing_fee()
        .filter(student=student, year=section.year_id, articulation__consortium=agreement.consortium_id)
        .exists()
    )
    fee = rules.fee_of(
        terms,
        sum((line.credits for line in lines), start=0 * lines[0].credits),
        paid_this_year=paid_this_year,
    )
    registration = Registration.objects.create(
        reference=new_reference(),
        student=student,
        high_school_course_id=section.high_school_course_id,
        section=section,
        year_id=section.year_id,
        college=college,
        articulation=agreement,
        fees_req=rules.fees_req_at_first(terms, fee),
        fee_due=fee,
        registered_by=by,
        consent_version=CONSENT_VERSION,
    )
    record_event(by=by, kind="students.registered", subject=registration)
    queue_mail(
        key=f"registered-{registration.public_id}",
        to=student.email,
        person=student.user,
        template="students/registered",
        context={
            "first_name": student.first_name,
            "title": section.high_school_course.title,
            "year": str(section.year),
            "college": str(college),
            "courses": [(str(line.college_course), line.credits) for line in lines],
            "reference": registration.reference,
            "pending": registration.fees_req == Registration.FeesReq.PENDING,
            "url": f"{settings.PUBLIC_URL}{reverse('students:registration', args=[registration.public_id])}",
        },
    )
    return registration


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
    that ended them. Returns how many fees moved. A fee that was paid stays where it was paid.
    """
    moved = 0
    owing = (
        Registration.objects.filter(pk__in=list(ended), fee_due__gt=0, fees_req=Registration.FeesReq.PENDING)
        .with_yearly_fee()
        .select_related("articulation")
        .order_by("pk")
    )
    for bearer in owing:
        heir = (
            Registration.objects.live()
            .select_for_update(of=("self",))
            .filter(
                student=bearer.student_id,
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
        Registration.objects.filter(pk=heir.pk).update(
            fee_due=bearer.fee_due,
            fees_req=Registration.FeesReq.PENDING,
            fees_req_at=None,
            fees_req_by=None,
            version=F("version") + 1,
        )
        Registration.objects.filter(pk=bearer.pk).update(fee_due=0, version=F("version") + 1)
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


def process_requirements(*, registrations: Iterable[Registration], to: str, by: User) -> int:
    """Mark Fees/Req of these registrations Processed or Waived, or Pending again; returns how many changed.

    Only those of the person's own consortium, and only as `why_not_decide` allows: a row that stands so already,
    has its credit, or was decided on another day is left as it is.
    """
    ours = [one.pk for one in registrations if rules.can_process_requirements(by, one)]
    today = timezone.localdate()
    with transaction.atomic():
        rows = Registration.objects.select_for_update(of=("self",)).filter(pk__in=ours).order_by("pk")
        changed = [one for one in rows if rules.why_not_decide(one, to, on=today) is None]
        decided = to != Registration.FeesReq.PENDING
        Registration.objects.filter(pk__in=[one.pk for one in changed]).update(
            fees_req=to,
            fees_req_at=timezone.now() if decided else None,
            fees_req_by=by if decided else None,
            version=F("version") + 1,
        )
        for one in changed:
            record_event(by=by, kind=f"students.fees_req_{to}", subject=one, data={"was": one.fees_req})
    return len(changed)
