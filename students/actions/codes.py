"""Class codes that are typed or scanned, and counted."""

from django.utils import timezone

from accounts.actions import count_try, take_back_try
from accounts.models import User
from articulations.models import Section
from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from students import rules
from students.models import section_of_code


def find_class(*, code: str, by: User | None, address: str) -> Section | None:
    """The class of this school year with this code; None where no class has it.

    Wrong codes are counted, by the person or, before there is one, by the network: after so many in an hour no
    code is looked at any more (`why_not_another_code`). A code is counted before it is looked up and taken back
    when a class has it, so that the limit is exact however many come at once, and a classroom that scans its
    own code is never kept out.
    """
    tidy = rules.tidy_class_code(code)
    person = f"person {by.pk}" if by is not None else f"network {address}"
    limit = count_try(what=f"class code by {person}", within=rules.WRONG_CODES_WITHIN)
    refusal = rules.why_not_another_code(limit, known=by is not None)
    if refusal is not None:
        raise Refused(refusal)
    section = section_of_code(tidy, AcademicYear.objects.on(timezone.localdate())) if tidy else None
    if section is not None:
        take_back_try(limit)
    return section
