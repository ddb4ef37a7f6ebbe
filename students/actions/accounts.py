"""Accounts of students: made, and their address confirmed."""

import secrets
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.access import Role
from accounts.actions import (
    change_email,
    count_try,
    find_link,
    hash_token,
    new_link,
    new_user_name,
    queue_job,
    queue_mail,
    record_event,
)
from accounts.models import EmailChange, MailedLink, User
from articulations.models import Section
from organizations.models import HighSchool, Seat
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused
from students import rules
from students.models import Student

TWINS_TASK = "students.recognize_twins"


def new_sers_id() -> str:
    """The next CTE Dual Credit ID; a number is never given twice, even when its transaction fails."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('students_sers_number')")
        (number,) = cursor.fetchone()
    return rules.sers_id_of(number)


def count_new_account(*, address: str) -> None:
    """Count one more account asked for from this network; Refused when there were too many in the hour."""
    limit = count_try(what=f"new account from {address}", within=rules.NEW_ACCOUNTS_WITHIN)
    refusal = rules.why_not_another_account(limit)
    if refusal is not None:
        raise Refused(refusal)


def create_student(
    *,
    first_name: str,
    last_name: str,
    birth_date: date,
    email: str,
    password: str | None,
    second_email: str = "",
    school: HighSchool,
    public_id: UUID | None = None,
    language: str = "",
    came_for: Section | None = None,
    **facts: Any,
) -> Student:
    """Create New SERS Account: an account, an ID and a mail, whoever may be in SERS already.

    Nothing here looks for a likely duplicate, so nobody learns by the answer, the mail or the time it takes who has an
    account; a worker looks afterwards (`recognize_twins`). `public_id` names the filled-in form: sent twice, also at
    once, it makes one account. `came_for` is the class whose code brought them here.
    """
    refusal = rules.why_not_born(birth_date, on=timezone.localdate())
    if refusal is not None:
        raise Refused(refusal)
    public_id = public_id or uuid4()
    with transaction.atomic():
        one_at_a_time(f"new student {public_id}")
        made: Student | None = Student.objects.select_related("user").filter(public_id=public_id).first()
        if made is not None:
            return made
        user = User.objects.create_user(
            username=_new_user_name(first_name, last_name),
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            language=language,
        )
        Seat.objects.create(user=user, role=Role.STUDENT)
        student = Student.objects.create(
            public_id=public_id,
            user=user,
            sers_id=new_sers_id(),
            first_name=first_name,
            last_name=last_name,
            birth_date=birth_date,
            school=school,
            came_for=came_for,
            **facts,
        )
        record_event(by=user, kind="students.created", subject=student)
        queue_job(key=f"twins-{student.public_id}", task=TWINS_TASK, subject=student)
        queue_mail(
            key=f"welcome-{student.public_id}",
            to=email,
            person=user,
            template="students/welcome",
            context={
                "first_name": first_name,
                "sers_id": student.sers_id,
                "username": user.username,
                "url": new_confirm_url(user),
            },
        )
        if second_email:
            change_email(user=user, email=second_email, by=user, which=EmailChange.Which.SECOND)
    return student


def _new_user_name(first_name: str, last_name: str) -> str:
    """`marisol.vega.4718`: the digits are drawn, so that no user name tells that there was a namesake before."""
    return new_user_name(first_name, f"{last_name} {secrets.randbelow(9000) + 1000}")


def new_confirm_url(user: User) -> str:
    """A new single-use link that confirms the address on file; links sent before open nothing more."""
    token = new_link(user=user, purpose=MailedLink.Purpose.CONFIRM_EMAIL)
    return f"{settings.PUBLIC_URL}{reverse('students:confirm', args=[token])}"


def send_link(*, student: Student, by: User) -> None:
    """Send the link that confirms the e-mail once more, for the student or for staff who help; not again within five
    minutes."""
    with transaction.atomic():
        # Two at once would both find that none was sent, and the second would close the link of the first.
        one_at_a_time(f"link {student.pk}")
        now, user = timezone.now(), student.user
        sent = MailedLink.objects.filter(user=user, purpose=MailedLink.Purpose.CONFIRM_EMAIL)
        last = sent.first() if user is not None else None
        refusal = rules.why_not_send_link(student, last_sent_at=last.created_at if last else None, now=now)
        if refusal is not None or user is None:
            raise Refused(refusal or rules.NO_ACCOUNT)
        url = new_confirm_url(user)
        record_event(by=by, kind="students.link_sent", subject=student)
        queue_mail(
            key=f"confirm-{student.public_id}-{now:%Y%m%d%H%M}",
            to=student.email,
            person=user,
            template="students/confirm",
            context={"first_name": student.first_name, "url": url},
        )


def confirm_email(*, token: str) -> Student | None:
    """The mailed link, pressed: the address it went to is confirmed, once. None when it opens nothing."""
    purpose = MailedLink.Purpose.CONFIRM_EMAIL
    with transaction.atomic():
        # The student first, as every change of a record does: student, user, links.
        links = {"user__links__token_hash": hash_token(token), "user__links__purpose": purpose}
        student: Student | None = Student.objects.select_for_update().filter(**links).first()
        if student is None:
            return None
        try:
            student.user = accounts.confirm_email(token=token)
        except Refused:
            return None
        record_event(by=student.user, kind="students.email_confirmed", subject=student)
    return student


def is_open_link(token: str) -> bool:
    """Does this mailed link still open something? Changes nothing: mail scanners look too."""
    return find_link(token=token, purpose=MailedLink.Purpose.CONFIRM_EMAIL) is not None
