"""Accounts and registrations of students."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import new_user_name, queue_mail, record_event
from accounts.models import User
from articulations.models import ArticulationCourse, Section
from organizations.models import College, ConsortiumYear, HighSchool, Seat
from organizations.rules import Calendar
from sers.lib.folding import fold
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Registration, Student, StudentLink

#: The consent text a registration was made under; a new wording gets a new version.
CONSENT_VERSION = "2026-1"
#: An unconfirmed student may register from the same session this long.
CONFIRM_WITHIN = timedelta(days=7)
#: Letters and digits of a reference: none that are misread from paper.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_sers_id() -> str:
    """The next CTE Dual Credit ID; a number is never given twice, even when its transaction fails."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('students_sers_number')")
        (number,) = cursor.fetchone()
    return rules.sers_id_of(number)


def create_student(
    *,
    first_name: str,
    last_name: str,
    birth_date: date,
    email: str,
    password: str,
    school: HighSchool,
    **facts: Any,
) -> Student | None:
    """Create New SERS Account: a new person gets an ID and is returned; a likely duplicate gets None.

    A likely duplicate has the same birth date and the same folded first and last name; a recovery mail then
    goes to the address on file. The screen says the same in both cases, so nobody learns who has an account.
    """
    with transaction.atomic():
        twin = (
            Student.objects.living()
            .filter(birth_date=birth_date)
            .named(f"{first_name} {last_name}")
            .select_related("user")
            .first()
        )
        if twin is not None and {fold(twin.first_name), fold(twin.last_name)} == {
            fold(first_name),
            fold(last_name),
        }:
            queue_mail(
                key=f"account-again-{twin.pk}-{timezone.localdate()}",
                to=twin.email,
                subject="You have a SERS account",
                text=(
                    f"{twin.first_name},\n\nsomeone, likely you, tried to create a SERS account with your name and "
                    f"birth date. You have one already: your CTE Dual Credit ID is {twin.sers_id}"
                    + (f" and your user name is {twin.user.username}" if twin.user else "")
                    + f".\n\nSign in: {settings.PUBLIC_URL}{reverse('accounts:sign_in')}\n\n"
                    "If you cannot, ask your teacher, counselor or consortium to reset the account. "
                    "If it was not you, there is nothing to do: nobody was let in.\n"
                ),
            )
            return None
        user = User.objects.create_user(
            username=new_user_name(first_name, last_name),
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
        )
        Seat.objects.create(user=user, role=Role.STUDENT)
        student = Student.objects.create(
            user=user,
            sers_id=new_sers_id(),
            first_name=first_name,
            last_name=last_name,
            birth_date=birth_date,
            email=email,
            school=school,
            **facts,
        )
        token = secrets.token_urlsafe(32)
        StudentLink.objects.create(
            student=student, token_hash=hash_token(token), expires_at=timezone.now() + CONFIRM_WITHIN
        )
        record_event(by=user, kind="students.created", subject=student)
        queue_mail(
            key=f"welcome-{student.public_id}",
            to=email,
            subject="Confirm your e-mail for SERS",
            text=(
                f"{first_name},\n\nyour CTE Dual Credit ID is {student.sers_id}.\n"
                f"Your user name is {user.username}.\n\n"
                f"Confirm this e-mail address within seven days:\n"
                f"{settings.PUBLIC_URL}{reverse('students:confirm', args=[token])}\n\n"
                "Keep this mail. You need the ID when you ask a college for your transcript; "
                "the ID alone opens nothing.\n"
            ),
        )
    return student


def hash_token(token: str) -> str:
    """A mailed token is kept as its fingerprint only: the database opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


def confirm_email(*, token: str) -> Student | None:
    """The mailed link, pressed: the address is confirmed, once. None when the link is unknown, used or too old."""
    with transaction.atomic():
        link = (
            StudentLink.objects.select_for_update(of=("self",))
            .select_related("student__user")
            .filter(token_hash=hash_token(token))
            .first()
        )
        if link is None or not link.is_open:
            return None
        link.used_at = timezone.now()
        link.save(update_fields=("used_at",))
        User.objects.filter(student=link.student).update(email_confirmed_at=timezone.now())
        record_event(by=link.student.user, kind="students.email_confirmed", subject=link.student)
    return link.student


def register(*, student: Student, section: Section, college: College, by: User) -> Registration:
    """Register a student for a class with a college. Repeating it returns the same registration.

    Refused by `why_not_register`; two at once are settled by a constraint: the second gets the first's row.
    """
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
            live = (
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
        live = (
            Registration.objects.live()
            .select_related("college")
            .get(student=student, high_school_course=section.high_school_course_id, year=section.year_id)
        )
    if live.section_id == section.pk and live.college_id == college.pk:
        return live
    refusal = rules.why_not_register(student, section, lines, calendar=calendar, live=live, on=on)
    raise Refused(refusal or Refusal("registered_already", "You are registered for this class already."))


def _register(
    *, student: Student, section: Section, college: College, lines: tuple[ArticulationCourse, ...], by: User
) -> Registration:
    agreement = lines[0].articulation
    terms = ConsortiumYear.objects.filter(consortium=agreement.consortium_id, year=section.year_id).first()
    paid_this_year = (
        Registration.objects.live()
        .filter(
            student=student,
            year=section.year_id,
            articulation__consortium=agreement.consortium_id,
            fee_due__gt=0,
        )
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
    courses = "\n".join(f"  {line.college_course} ({line.credits} credits)" for line in lines)
    queue_mail(
        key=f"registered-{registration.public_id}",
        to=student.email,
        subject=f"You are registered: {section.high_school_course.title}",
        text=(
            f"{student.first_name},\n\nyou are registered for {section.high_school_course.title} "
            f"({section.year}) with {college}. If you earn the grade, you get:\n\n{courses}\n\n"
            f"Reference: {registration.reference}\n"
            + ("A form or fee is still open: see My classes.\n" if registration.fees_req == "pending" else "")
            + f"\n{settings.PUBLIC_URL}{reverse('students:registration', args=[registration.public_id])}\n"
        ),
    )
    return registration


def new_reference() -> str:
    """`R-7KM2...`: ten random letters, quoted on the phone; it opens nothing."""
    return "R-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(10))


def withdraw(*, registration: Registration, by: User) -> None:
    """A student takes a class back, within its window and before it has a grade."""
    refusal = rules.why_not_withdraw(
        registration, calendar=Calendar.of(registration.year), on=timezone.localdate()
    )
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        changed = Registration.objects.filter(
            pk=registration.pk, version=registration.version, status=Registration.Status.IN_PROGRESS
        ).update(status=Registration.Status.WITHDRAWN, version=F("version") + 1)
        if not changed:
            raise Refused(
                Refusal(
                    "changed_meanwhile",
                    "The class was changed while this page was open.",
                    "Look at it again.",
                )
            )
        record_event(by=by, kind="students.withdrawn", subject=registration)


def process_requirements(*, registrations: Iterable[Registration], to: str, by: User) -> int:
    """Mark Fees/Req of these registrations Processed or Waived, or Pending again; returns how many changed.

    Only those of the person's own consortium; a row that stands so already is left as it is.
    """
    ours = [one for one in registrations if rules.can_process_requirements(by, one)]
    with transaction.atomic():
        rows = (
            Registration.objects.select_for_update(of=("self",))
            .filter(pk__in=[one.pk for one in ours], awarded_at__isnull=True)
            .exclude(fees_req__in=(to, Registration.FeesReq.NOT_REQUIRED))
            .order_by("pk")
        )
        changed = list(rows)
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
