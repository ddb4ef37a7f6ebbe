"""Late claims for tests: a paper, the college's rule, and a claim in each state."""

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from articulations.models import HighSchoolCourse
from organizations.models import AcademicYear, College, CollegeYear
from sers.lib.uploads import Checked, check
from students.actions import make_claim
from students.models import LateClaim, Student
from students.rules import ClaimOption, claim_options
from tests.people import Cast

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


def paper(name: str = "transcript.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def checked() -> Checked:
    return check(paper())


def takes(college: College, rule: str, years: int | None = None) -> None:
    """The college says this school year which late claims it takes."""
    now = AcademicYear.objects.current()
    CollegeYear.objects.filter(college=college, year=now).update(late_claims=rule, late_years=years)


def option_of(
    student: Student, course: HighSchoolCourse, year: AcademicYear, on: datetime.date | None = None
) -> ClaimOption:
    """The one line of a class in a year, as the page offers it."""
    (found,) = (
        one
        for one in claim_options(student, year=year, school=course.school, on=on or timezone.localdate())
        if one.course == course
    )
    return found


def claimed(cast: Cast, *, by: User | None = None, student: Student | None = None, **facts: Any) -> LateClaim:
    """A claim of the newcomer for Accounting of last year, through the action; the student's own unless `by` says other."""
    takes(cast.cbc, "review")
    who = student or cast.newcomer
    return make_claim(
        student=who, option=option_of(who, cast.accounting, cast.last_year), year=cast.last_year, paper=checked(),
        by=by or who.user, **facts,
    )  # fmt: skip
