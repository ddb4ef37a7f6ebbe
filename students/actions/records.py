"""A student's record, changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from organizations.models import HighSchool
from sers.lib.fields import seal
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.accounts import new_confirm_url
from students.models import Student


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
        if "email" in changed and student.user is not None:
            _tell_new_address(student, student.user, old=str(was["email"]), by=by)
    return changed


def _kept(value: Any) -> Any:
    """A field's value as an event keeps it: dates sealed as in the record, places by their key."""
    if isinstance(value, date):
        return seal(value.isoformat()).hex()
    return value.pk if isinstance(value, HighSchool) else value


def _tell_new_address(student: Student, user: User, *, old: str, by: User) -> None:
    stamp = f"{student.public_id}-{timezone.now():%Y%m%d%H%M%S%f}"
    queue_mail(
        key=f"address-new-{stamp}",
        to=student.email,
        person=user,
        template="students/address_new",
        context={"first_name": student.first_name, "url": new_confirm_url(user)},
    )
    queue_mail(
        key=f"address-old-{stamp}",
        to=old,
        person=user,
        template="students/address_old",
        context={
            "first_name": student.first_name,
            "by_student": by.pk == student.user_id,
            "help_email": settings.HELP_EMAIL,
        },
    )
