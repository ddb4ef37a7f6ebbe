"""The extract for the State's research centre: every registration, credit and industry credential, with pseudonyms for people.

No name, ID or birth date is in it. A pseudonym is the same in every extract, so that years can be put together; when two
records of a person are merged, that person goes by the pseudonym of the one that stands.
"""

import hmac
import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import ExpressionWrapper, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from grading.models import GradeEntry
from reports.rules.columns import (
    Sheet,
    Told,
    awards,
    courses,
    credentials,
    day_of,
    on_day,
    percent,
    registrations,
)
from students.models import of_person
from transcripts.models import AwardSource


def research_key(public_id: uuid.UUID | None) -> str:
    """A name for a person or a class that says nothing and stays the same in every extract.

    Keyed with the key that seals birth dates, which is never changed: whoever has the extract alone cannot make it.
    """
    if public_id is None:
        return ""
    return hmac.new(settings.FIELD_KEY.encode(), b"research " + public_id.bytes, "sha256").hexdigest()[:24]


def grade_that_counts(column: str) -> Subquery:
    """A column of the grade that counts of a registration."""
    entries = GradeEntry.objects.current().filter(registration=OuterRef("pk")).order_by()
    return Subquery(entries.values(column)[:1])


def in_grade(first_year: str, path: str) -> Any:
    """The grade level in the school year of the row, by the year of graduation."""
    return ExpressionWrapper(
        Value(13) + F(first_year) - of_person("graduation_year", path=path), output_field=IntegerField()
    )


def everybody(path: str) -> tuple[Told, ...]:
    """What is told of a person; `path` leads to the student."""

    def who(column: str) -> Coalesce:
        return of_person(column, path=path)

    return (
        Told("student_key", who("public_id"), "Stable pseudonym of the student, the same in every extract", research_key),
        Told("gender", who("gender"), "female, male, x, not_said; empty: not given"),
        Told("ethnicity", who("ethnicity"), "hispanic, native, asian, black, pacific, white, two_or_more, not_said; empty: not given"),
        Told("graduation_year", who("graduation_year"), "Calendar year of expected graduation"),
        Told("school", who("school__name"), "The student’s own high school when the extract was made"),
        Told("school_code", who("school__ospi_code"), "Its CEDARS location, four digits; empty where unknown"),
        Told("district", who("school__district__name"), "Its district"),
        Told("district_code", who("school__district__ospi_code"), "The county-district code of CEDARS, five digits; empty where unknown"),
    )  # fmt: skip


RESEARCH: Final = (
    Sheet(
        "registrations.csv",
        registrations,
        (
            Told("registration_key", F("public_id"), "Stable pseudonym of the registration", research_key),
            *everybody("student"),
            Told("school_year", F("year__first_year"), "First calendar year of the school year"),
            Told("grade_level", in_grade("year__first_year", "student"), "Grade level in that school year"),
            Told("class_title", F("high_school_course__title"), "The class as its school names it"),
            Told("class_local_code", F("high_school_course__local_code"), "Course ID of the district’s own system, as CEDARS has it; empty where unknown"),
            Told("class_state_code", F("high_school_course__state_code"), "State course code of CEDARS; empty where unknown"),
            Told("class_credits", F("high_school_course__high_school_credits"), "High-school credits of the class; empty where unknown"),
            Told("class_cip", F("high_school_course__cip"), "Six digits of the CIP code; empty where unknown"),
            Told("class_cluster", F("high_school_course__cluster__name"), "Career cluster (legacy sixteen)"),
            Told("class_school", F("high_school_course__school__name"), "The school that teaches it"),
            Told("class_school_code", F("high_school_course__school__ospi_code"), "Its CEDARS location; empty where unknown"),
            Told("class_district", F("high_school_course__school__district__name"), "Its district"),
            Told("class_district_code", F("high_school_course__school__district__ospi_code"), "Its county-district code; empty where unknown"),
            Told("consortium", F("articulation__consortium__name"), "Consortium of the agreement"),
            Told("agreement", F("articulation__number"), "Number of the agreement"),
            Told("college", F("college__name"), "College that gives the credit"),
            Told("college_courses", courses("articulation", "high_school_course", "college_course__code"), "Courses the agreement gives, separated by |", lambda codes: "|".join(codes or ())),
            Told("status", F("status"), "in_progress, completed, not_attained, withdrawn, not_in_class"),
            Told("fees_req", F("fees_req"), "not_required, pending, processed, waived"),
            Told("percent", grade_that_counts("percent"), "Percent that counts; empty without a grade", percent),
            Told("points", grade_that_counts("points"), "College grade points"),
            Told("letter", grade_that_counts("letter"), "College letter"),
            Told("registered_on", F("registered_at"), "Day of registration, YYYY-MM-DD", on_day),
            Told("awarded_on", F("awarded_at"), "Day the credit was awarded, YYYY-MM-DD; empty before", on_day),
        ),
    ),
    Sheet(
        "credits.csv",
        awards,
        (
            *everybody("student"),
            Told("award_year", F("year__first_year"), "First calendar year of the school year of the award"),
            Told("college", F("college__name"), "College that gives the credit"),
            Told("course", F("course_code"), "College course on the day of the award"),
            Told("credits", F("credits"), "Quarter credits"),
            Told("points", F("points"), "College grade points"),
            Told("letter", F("letter"), "College letter"),
            Told("awarded_on", F("awarded_at"), "Day of the award, YYYY-MM-DD", on_day),
            Told(
                "registration_keys",
                ArraySubquery(
                    AwardSource._base_manager.filter(award=OuterRef("pk"))
                    .order_by("pk")
                    .values_list("registration__public_id", flat=True)
                ),
                "The registrations that earned it, separated by |",
                lambda keys: "|".join(map(research_key, keys or ())),
            ),
        ),
    ),
    Sheet(
        "credentials.csv",
        credentials,
        (
            *everybody("registration__student"),
            Told("registration_key", F("registration__public_id"), "The registration of the class it was recorded in", research_key),
            Told("school_year", F("registration__year__first_year"), "First calendar year of the school year of that class"),
            Told("grade_level", in_grade("registration__year__first_year", "registration__student"), "Grade level in that school year"),
            Told("credential", F("credential__title"), "Industry credential, as the State’s list calls it"),
            Told("given_by", F("credential__given_by"), "Who gives it"),
            Told("earned_on", F("earned_on"), "Day it was earned, YYYY-MM-DD", day_of),
            Told("recorded_on", F("recorded_at"), "Day it was recorded in SERS, YYYY-MM-DD", on_day),
        ),
        student="registration__student",
    ),
)  # fmt: skip
