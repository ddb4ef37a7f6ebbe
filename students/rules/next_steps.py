"""What happens next to a registration: what, until when, and who must act."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from organizations.models import CollegeYear
from sers.lib.moments import short_day
from students.models import Registration


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing that is next, as the student reads it and as staff read it. `yours`: the student must act."""

    sentence: str
    for_staff: str
    until: date | None = None
    yours: bool = False


def next_step_of(
    registration: Registration,
    *,
    owed: str,
    due_on: date | None,
    grades_by: date | None,
    college_year: CollegeYear | None,
    on: date,
) -> NextStep | None:
    """What the student owes, else the grade, else the credit; None when nothing is to come.

    `owed` is what has to come in, in words; empty when nothing is owed. A last day that has passed is not said: what
    is next then is to ask what can still be done.
    """
    waits = (Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED)
    if registration.awarded_at is not None or registration.status not in waits:
        return None
    if owed:
        return _form_and_fee(owed, due_on, on)
    if registration.status == Registration.Status.IN_PROGRESS:
        return _grade(registration, grades_by, on)
    return _credit(registration, college_year, on)


def _form_and_fee(owed: str, due_on: date | None, on: date) -> NextStep:
    if due_on is None:
        return NextStep(
            _("It is your turn: hand in the {wanted}").format(wanted=owed),
            f"The student hands in the {owed}",
            yours=True,
        )
    if due_on < on:
        return NextStep(
            _("It is your turn: ask your consortium what you can still do about the {wanted}").format(
                wanted=owed
            ),
            f"The {owed} did not come in by {short_day(due_on)}; the consortium decides",
            yours=True,
        )
    return NextStep(
        _("It is your turn: hand in the {wanted} by {day}").format(wanted=owed, day=short_day(due_on)),
        f"The student hands in the {owed} by {short_day(due_on)}",
        due_on,
        yours=True,
    )


def _grade(registration: Registration, grades_by: date | None, on: date) -> NextStep:
    names = registration.teacher_names or _("your teacher")
    staff = registration.teacher_names or "the teacher"
    if grades_by is None or grades_by < on:
        return NextStep(
            _("Your grade comes from {names}").format(names=names), f"The grade comes from {staff}"
        )
    return NextStep(
        _("Your grade comes from {names} by {day}").format(names=names, day=short_day(grades_by)),
        f"The grade comes from {staff} by {short_day(grades_by)}",
        grades_by,
    )


def _credit(registration: Registration, college_year: CollegeYear | None, on: date) -> NextStep:
    college = registration.college.name
    mode = college_year.mode if college_year is not None else CollegeYear.Mode.AUTOMATIC
    if mode == CollegeYear.Mode.ENROLLMENT:
        return NextStep(
            _("It is your turn: enroll at {college} as well").format(college=college),
            f"The student enrolls at {college} as well",
            yours=True,
        )
    if mode in (CollegeYear.Mode.ON_REQUEST, CollegeYear.Mode.EXTERNAL):
        until = college_year.request_by if college_year is not None else None
        if until is None:
            return NextStep(
                _("It is your turn: ask {college} for the credit").format(college=college),
                f"The student asks {college} for the credit",
                yours=True,
            )
        if until < on:
            return NextStep(
                _("It is your turn: ask {college} what you can still do").format(college=college),
                f"The student did not ask {college} by {short_day(until)}",
                yours=True,
            )
        return NextStep(
            _("It is your turn: ask {college} for the credit by {day}").format(
                college=college, day=short_day(until)
            ),
            f"The student asks {college} for the credit by {short_day(until)}",
            until,
            yours=True,
        )
    until = date(registration.year.first_year + 1, 9, 1)
    return NextStep(
        _("{college} puts the credit on your record by {day}").format(college=college, day=short_day(until)),
        f"{college} puts the credit on the record by {short_day(until)}",
        until,
    )
