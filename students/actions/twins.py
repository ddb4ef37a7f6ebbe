"""Two records that are one person's: found by a worker after an account was made."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail
from students import rules
from students.models import Student


def recognize_twins(*, student: Student) -> list[Student]:
    """Look for older records of the same person; whoever owns one is told at the address on file, once a day.

    The answer is for a worker alone: the page and the mail of the new account stay as they are for everybody.
    """
    found = []
    with transaction.atomic():
        for older in _older_like(student):
            if rules.likeness(_person(older), _person(student)) is rules.Likeness.SAME:
                _tell_owner(older)
                found.append(older)
    return found


def _older_like(student: Student) -> list[Student]:
    parts = rules.name_parts(student.first_name, student.last_name, student.former_names)
    days = [student.birth_date, *rules.near_dates(student.birth_date)]
    older = Student.objects.living().resembling(parts, days).filter(pk__lt=student.pk)
    return list(older.select_related("user").order_by("pk"))


def _person(student: Student) -> rules.Person:
    return rules.Person(
        student.first_name, student.last_name, student.birth_date, student.former_names, student.school_id
    )


def _tell_owner(twin: Student) -> None:
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
