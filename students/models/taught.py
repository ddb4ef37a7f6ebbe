"""The classes there are to register for, and who teaches them."""

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext

from articulations.models import Section
from organizations.models import AcademicYear, HighSchool


def schools_with_classes(year: AcademicYear) -> models.QuerySet[HighSchool]:
    """Every school, skills centers too, that teaches some class in this year; by district."""
    taught = Section.objects.filter(year=year).order_by().values("high_school_course__school")
    return (
        HighSchool.objects.filter(pk__in=taught).select_related("district").order_by("district__name", "name")
    )


def section_of_code(code: str, year: AcademicYear) -> Section | None:
    """The class of this year that has this code, as a teacher writes it on the board."""
    return (
        Section.objects.alias(upper_code=Upper("class_code"))
        .filter(upper_code=code, year=year)
        .in_full()
        .first()
    )


def teachers_of(section: Section) -> list[str]:
    """The names of who teaches a class now; whose seat has ended is named only if nobody else is."""
    seats = list(section.teachers.all())
    today = timezone.localdate()
    held = [seat for seat in seats if not seat.is_over(today)]
    return [seat.user.name for seat in held or seats]


def teacher_names(section: Section) -> str:
    """`Dana Ortiz and Sam Osei`: who teaches a class now."""
    return get_text_list(teachers_of(section), gettext("and"))
