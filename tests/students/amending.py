"""Requests to amend a record for tests, made through the actions."""

from typing import Any

from accounts.models import User
from grading.models import RosterComment
from students.actions import ask_to_amend, decide_amendment
from students.models import Amendment, Registration, Student
from tests.people import Cast

WRONG = {"wrong": "The sheet says 79, I had 97.", "should_say": "97 %"}


def asked(student: Student, registration: Registration | None = None, **facts: Any) -> Amendment:
    """A request of the student's own: about the grade of a class, else about the birth date."""
    about: dict[str, Any] = {"item": "profile", "field": "birth_date"}
    if registration is not None:
        about = {"item": "grade", "registration": registration}
    assert student.user is not None
    return ask_to_amend(student=student, by=student.user, **{**about, **WRONG, **facts})


def refused(
    cast: Cast, student: Student, registration: Registration | None = None, **facts: Any
) -> Amendment:
    """Refused by its holder: the district, or the registrar where credit stands on it."""
    found = asked(student, registration, **facts)
    by = cast.registrar if found.side == "college" else cast.district
    return decide_amendment(amendment=found, amended=False, words="It was copied right.", by=by)


def commented(registration: Registration, *, by: User) -> RosterComment:
    """A comment of staff on a student in a class."""
    return RosterComment.objects.create(registration=registration, text="Was late in March.", written_by=by)
