"""Accounts and records of students."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import count_try, new_user_name, queue_mail, record_event
from accounts.models import User
from organizations.models import HighSchool, Seat
from sers.lib.fields import seal
from sers.lib.folding import fold
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Student, StudentLink


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
    password: str,
    school: HighSchool,
    language: str = "",
    **facts: Any,
) -> Student | None:
    """Create New SERS Account: a new person gets an ID and is returned; a likely duplicate gets None.

    A likely duplicate is told by `is_same_person`; a mail then goes to the address on file. The screen says the
    same in both cases, so nobody learns who has an account. Sent twice at once, it makes one account.
    """
    refusal = rules.why_not_born(birth_date, on=timezone.localdate())
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        one_at_a_time(f"{seal(birth_date.isoformat()).hex()} {fold(first_name)} {fold(last_name)}")
        twins = (
            Student.objects.living()
            .born_on(birth_date)
            .named(f"{first_name} {last_name}")
            .select_related("user")
        )
        for twin in twins:
            if rules.is_same_person(twin, first_name=first_name, last_name=last_name, birth_date=birth_date):
                make_password(password)  # as long as for a new person
                _tell_owner(twin)
                return None
        user = User.objects.create_user(
            username=new_user_name(first_name, last_name),
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            language=language,
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
        record_event(by=user, kind="students.created", subject=student)
        queue_mail(
            key=f"welcome-{student.public_id}",
            to=email,
            person=user,
            template="students/welcome",
            context={
                "first_name": first_name,
                "sers_id": student.sers_id,
                "username": user.username,
                "url": new_confirm_url(student),
            },
        )
    return student


def _tell_owner(twin: Student) -> None:
    """Tell the owner of an account that somebody tried to make it again: at most once a day."""
    queue_mail(
        key=f"account-again-{twin.pk}-{timezone.localdate()}",
        to=twin.email,
        person=twin.user,
        template="students/account_again",
        context={
            "first_name": twin.first_name,
            "sers_id": twin.sers_id,
            "username": twin.user.username if twin.user else "",
            "url": f"{settings.PUBLIC_URL}{reverse('accounts:sign_in')}",
        },
    )


def new_confirm_url(student: Student) -> str:
    """A new single-use link that confirms the address on file; links sent before open nothing more."""
    now = timezone.now()
    StudentLink.objects.filter(student=student).open_at(now).update(used_at=now)
    token = secrets.token_urlsafe(32)
    StudentLink.objects.create(
        student=student, token_hash=hash_token(token), created_at=now, expires_at=now + StudentLink.LIFETIME
    )
    return f"{settings.PUBLIC_URL}{reverse('students:confirm', args=[token])}"


def send_link(*, student: Student, by: User) -> None:
    """Send the link that confirms the e-mail once more; not again within five minutes."""
    with transaction.atomic():
        # Two at once would both find that none was sent, and the second would close the link of the first.
        one_at_a_time(f"link {student.pk}")
        now = timezone.now()
        last = StudentLink.objects.filter(student=student).first()
        refusal = rules.why_not_send_link(student, last_sent_at=last.created_at if last else None, now=now)
        if refusal is not None:
            raise Refused(refusal)
        url = new_confirm_url(student)
        record_event(by=by, kind="students.link_sent", subject=student)
        queue_mail(
            key=f"confirm-{student.public_id}-{now:%Y%m%d%H%M}",
            to=student.email,
            person=student.user,
            template="students/confirm",
            context={"first_name": student.first_name, "url": url},
        )


def edit_student(
    *, student: Student, changes: Mapping[str, Any], seen: datetime, by: User, reason: str = ""
) -> set[str]:
    """Change fields of a student's record; returns the names of those that changed.

    Refused when a field is locked for this person (`fields_open`), when a legal name or birth date is changed
    by staff without a reason, or when somebody changed the record since it was `seen`. The event keeps what was
    and what is, a birth date sealed. A new e-mail must be confirmed, and the old address is told.
    """
    with transaction.atomic():
        student = (
            Student.objects.select_for_update(of=("self",))
            .select_related("school__district", "user")
            .get(pk=student.pk)
        )
        was = {name: getattr(student, name) for name in changes}
        changed = {name for name, value in changes.items() if value != was[name]}
        if changed - rules.fields_open(by, student):
            raise Refused(
                Refusal("locked", "A field you changed is locked.", "Load the page again to see which.")
            )
        if student.updated_at != seen:
            raise Refused(
                Refusal(
                    "changed_meanwhile",
                    "Somebody changed this record while the page was open.",
                    "Nothing of yours was saved. Reset Form shows how it stands now.",
                )
            )
        if not changed:
            return changed
        if rules.needs_reason(by, student, changed) and not reason.strip():
            raise Refused(Refusal("no_reason", "Enter the reason for a new legal name or birth date.", ""))
        for name in changed:
            setattr(student, name, changes[name])
        student.save()
        if student.user is not None:
            student.user.first_name, student.user.last_name = student.first_name, student.last_name
            fields = ["first_name", "last_name"]
            if "email" in changed:
                student.user.email, student.user.email_confirmed_at = student.email, None
                fields += ["email", "email_confirmed_at"]
            student.user.save(update_fields=fields)  # no more: the address may be confirmed just now
        record_event(
            by=by,
            kind="students.edited",
            subject=student,
            data={
                "reason": reason.strip(),
                **{name: [_kept(was[name]), _kept(changes[name])] for name in sorted(changed)},
            },
        )
        if "email" in changed:
            _tell_new_address(student, old=str(was["email"]), by=by)
    return changed


def _kept(value: Any) -> Any:
    """A field's value as an event keeps it: dates sealed as in the record, places by their key."""
    if isinstance(value, date):
        return seal(value.isoformat()).hex()
    return value.pk if isinstance(value, HighSchool) else value


def _tell_new_address(student: Student, *, old: str, by: User) -> None:
    stamp = f"{student.public_id}-{timezone.now():%Y%m%d%H%M%S%f}"
    queue_mail(
        key=f"address-new-{stamp}",
        to=student.email,
        person=student.user,
        template="students/address_new",
        context={"first_name": student.first_name, "url": new_confirm_url(student)},
    )
    queue_mail(
        key=f"address-old-{stamp}",
        to=old,
        person=student.user,
        template="students/address_old",
        context={
            "first_name": student.first_name,
            "by_student": by.pk == student.user_id,
            "help_email": settings.HELP_EMAIL,
        },
    )


def hash_token(token: str) -> str:
    """A mailed token is kept as its fingerprint only: the database opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


def confirm_email(*, token: str) -> Student | None:
    """The mailed link, pressed: the address is confirmed, once. None when the link is unknown, used or too old."""
    with transaction.atomic():
        # The student first, as every change of a record does: student, user, links.
        Student.objects.select_for_update().filter(links__token_hash=hash_token(token)).first()
        link = (
            StudentLink.objects.select_for_update(of=("self",))
            .select_related("student__user")
            .open_at(timezone.now())
            .filter(token_hash=hash_token(token))
            .first()
        )
        if link is None:
            return None
        link.used_at = timezone.now()
        link.save(update_fields=("used_at",))
        User.objects.filter(student=link.student).update(email_confirmed_at=link.used_at)
        record_event(by=link.student.user, kind="students.email_confirmed", subject=link.student)
    return link.student


def is_open_link(token: str) -> bool:
    """Does this mailed link still open something? Changes nothing: mail scanners look too."""
    return StudentLink.objects.open_at(timezone.now()).filter(token_hash=hash_token(token)).exists()
