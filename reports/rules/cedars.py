"""The list by which a district flags its dual credit classes in CEDARS, the data system of the State's schools.

Its columns follow file D of CEDARS, Course Catalog: the school year by the year in which it ends (D01), the county-district
code (D02), the location (D03), the Course ID (D04), its title (D05), the course designation (D07) and the State Course
Code (D08). The designation is told in words: OSPI's letter for it changes with the manual of the year. No student is in it.
"""

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, F, Func, Min, OuterRef, QuerySet, Value

from accounts.models import User
from articulations.models import ArticulationCourse, Section
from organizations.models import AcademicYear
from reports.rules.columns import Sheet, Told, listed


def _day(year: Any, month: int, day: int) -> Func:
    return Func(year, Value(month), Value(day), function="make_date", output_field=DateField())


def lines_of_class() -> QuerySet[Any]:
    """Lines of agreements in force on some day of the school year of a class (the row of a Section)."""
    first = OuterRef("year__first_year")
    return ArticulationCourse._base_manager.filter(
        high_school_course=OuterRef("high_school_course"),
        valid_from__lte=_day(first + 1, 6, 30),
        valid_until__gte=_day(first, 7, 1),
    )


def dual_credit_classes(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """The classes within reach that are taught in a school year under an agreement in force: of each and its year one
    row, whatever periods it has."""
    taught = Section.objects.visible_to(user).filter(Exists(lines_of_class()))
    if year is not None:
        taught = taught.filter(year=year)
    first = taught.order_by().values("high_school_course", "year").annotate(first=Min("pk")).values("first")
    return Section.objects.filter(pk__in=first)


def of_lines(column: str) -> ArraySubquery:
    """A column of these lines, each value once."""
    return ArraySubquery(lines_of_class().order_by(column).values_list(column, flat=True).distinct())


CEDARS: Final = Sheet(
    "Dual credit classes for CEDARS",
    dual_credit_classes,
    (
        Told("School year ending", F("year__first_year"), "2027 is 2026-27", lambda first: str(first + 1)),
        Told("District code", F("high_school_course__school__district__ospi_code"), "County-district code, five digits"),
        Told("School district", F("high_school_course__school__district__name"), "Its name"),
        Told("School code", F("high_school_course__school__ospi_code"), "Location ID, four digits"),
        Told("High school", F("high_school_course__school__name"), "Its name"),
        Told("Course ID", F("high_school_course__local_code"), "As in the district’s own system"),
        Told("Course title", F("high_school_course__title"), "The class as its school names it"),
        Told("State course code", F("high_school_course__state_code"), "As CEDARS lists the course"),
        Told("CIP code", F("high_school_course__cip"), "Six digits"),
        Told("High-school credits", F("high_school_course__high_school_credits"), "What the whole class counts"),
        Told("Course designation", Value("CTE Dual Credit"), "The flag these classes have"),
        Told("Colleges", of_lines("articulation__college__name"), "Who gives credit for it", listed),
        Told("College courses", of_lines("college_course__code"), "What it earns", listed),
        Told("Agreements", of_lines("articulation__number"), "Under which agreements", listed),
    ),
    student=None,
)  # fmt: skip
