"""Students are told of their rights once a school year, and a parent where SERS has their address (34 CFR 99.7)."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail
from accounts.rules import language_of
from organizations.models import AcademicYear
from sers.lib.locks import one_at_a_time
from students import rules
from students.models import ConsentText, Student, YearlyNotice, to_be_told
from students.rules import inspections as rights

#: Told in one transaction, and at most in one round; the next round comes in ten minutes.
AT_ONCE = 50
MOST_A_ROUND = 2000


def tell_rights(*, most: int = MOST_A_ROUND) -> int:
    """Mail the notice in force to everybody who registered this school year and has not had it: a row a student and year
    and the letter, both or neither. Two workers take turns. How many were told."""
    year, told = AcademicYear.objects.current(), 0
    while told < most:
        with transaction.atomic():
            one_at_a_time("tell rights")
            some = list(to_be_told(year)[: min(AT_ONCE, most - told)])
            text = ConsentText.objects.in_force(ConsentText.Audience.NOTICE)
            for student in some:
                _tell(student, text, year)
        told += len(some)
        if not some:
            break
    return told


def _tell(student: Student, text: ConsentText, year: AcademicYear) -> None:
    parents = rights.is_told_with_parent(student, on=timezone.localdate())
    YearlyNotice.objects.create(student=student, year=year, text=text, guardian_too=parents)
    own = language_of(student.user)
    letters = [("student", student.email, student.first_name, own)]
    if parents:
        letters.append(
            ("guardian", student.guardian_email, student.guardian_name, rules.guardian_language(student))
        )
    for reader, address, first_name, language in letters:
        wording = text.wording(language)
        queue_mail(
            key=f"rights-{year.first_year}-{student.pk}-{reader}",
            to=address,
            person=student.user,
            language=language,
            template="students/rights_notice",
            context={
                "first_name": first_name,
                "student": student.name if reader == "guardian" else "",
                "heading": wording.heading,
                "paragraphs": wording.paragraphs,
                "url": f"{settings.PUBLIC_URL}{reverse('students:notice')}",
            },
        )
