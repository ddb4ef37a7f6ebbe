"""Requests to inspect a record for tests, made through the actions."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from students.actions import ask_to_inspect, close_inspection, enter_inspection, explain_record, give_record
from students.models import Inspection, Student
from tests.people import Cast, make_inspection


def asked(student: Student, **facts: Any) -> Inspection:
    """A request of the student's own, through the action."""
    assert student.user is not None
    return ask_to_inspect(student=student, by=student.user, **facts)


def waiting(student: Student, days: int, **facts: Any) -> Inspection:
    """An open request of the student's that came so many days ago."""
    return make_inspection(student, received_on=timezone.localdate() - datetime.timedelta(days=days), **facts)


def by_letter(student: Student, *, by: User, days: int = 0, **facts: Any) -> Inspection:
    """A parent's letter that came so many days ago, written down by staff."""
    facts = {
        "asker": "guardian",
        "asker_name": "Rosa Vega",
        "identity": "Driver license at the office",
        **facts,
    }
    received = timezone.localdate() - datetime.timedelta(days=days)
    return enter_inspection(student=student, received_on=received, by=by, **facts)


def turns_18(student: Student, *, in_days: int = 0) -> datetime.date:
    """The student is 18 in so many days, today unless said otherwise; the day. Their row knows, and the object."""
    day = timezone.localdate() + datetime.timedelta(days=in_days)
    student.birth_date = years_before(day, 18)
    Student.objects.filter(pk=student.pk).update(birth_date=student.birth_date)
    return day


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day of an earlier year; of February 29 the day after, where there was none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return datetime.date(day.year - years, 3, 1)


def answered(cast: Cast, inspection: Inspection) -> Inspection:
    """Given as a copy, explained and closed by the consortium."""
    give_record(inspection=inspection, how="copy", by=cast.consortium)
    explain_record(inspection=inspection, text="What 3.8 means.", by=cast.consortium)
    return close_inspection(inspection=inspection, by=cast.consortium)
