"""The list behind the report of pathway progress: one line a student, with what their classes add up to.

Of the students of one's own school or district, whose every registration one sees.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from accounts.models import User
from organizations.models import AcademicYear
from reports.rules.columns import Shared, Sheet, Told
from reports.rules.pathways import own_students
from students.models import Registration, person_key, records_by
from students.rules import Pathway, Taken, pathways, tidy_credits

#: Every registration of a student, as a pathway counts it.
TAKEN: Final = ArraySubquery(
    Registration._base_manager.filter(
        student__in=records_by(OuterRef(OuterRef("pk"))), high_school_course__cluster__isnull=False
    )
    .order_by("pk")
    .values_list(
        JSONObject(
            course="high_school_course",
            credits=Cast("high_school_course__high_school_credits", CharField()),
            cluster="high_school_course__cluster__name",
            status="status",
        )
    )
)


def students_with_pathways(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Students of one's own schools and districts with a live registration of a school year; of the State, all."""
    live = Registration.objects.live()
    if year is not None:
        live = live.of_year(year)
    return own_students(user).filter(pk__in=live.order_by().values_list(person_key()))


def added_up(taken: Sequence[dict[str, Any]]) -> list[Pathway]:
    """The pathways of a student's registrations as the query gives them."""
    return pathways(
        Taken(one["course"], one["credits"] and Decimal(one["credits"]), one["cluster"], one["status"])
        for one in taken
    )


def best_cluster(found: Sequence[Pathway]) -> str:
    """The cluster with the most credits Completed; empty without one."""
    return str(found[0].cluster) if found else ""


def completed(found: Sequence[Pathway]) -> str:
    """`1.5`: the credits Completed in that cluster."""
    return tidy_credits(found[0].completed) if found else "0"


def under_way(found: Sequence[Pathway]) -> str:
    """`0.5`: the credits of its classes under way."""
    return tidy_credits(found[0].under_way) if found else "0"


def every_cluster(found: Sequence[Pathway]) -> str:
    """`Finance: 1.5 of 2 credits Completed; Health Science: 0.5 ...`."""
    return "; ".join(f"{one.cluster}: {one.words}" for one in found)


#: What the columns tell of: a student's classes are asked and added up once.
ADDED_UP: Final = Shared(TAKEN, added_up)

PATHWAYS: Final = Sheet(
    "Pathway progress",
    students_with_pathways,
    (
        Told("CTE Dual Credit ID", F("sers_id"), "The student’s ID in SERS"),
        Told("Last name", F("last_name"), "Legal last name"),
        Told("First name", F("first_name"), "Legal first name"),
        Told("High school", F("school__name"), "The student’s own school today"),
        Told("School district", F("school__district__name"), "The district of that school"),
        Told("Grade level", F("grade_level"), "The grade level today"),
        Told(
            "Career cluster",
            ADDED_UP,
            "The cluster with the most high-school credits Completed",
            best_cluster,
        ),
        Told(
            "Credits Completed",
            ADDED_UP,
            "High-school credits of Completed dual credit classes in it",
            completed,
        ),
        Told(
            "Credits in class now", ADDED_UP, "High-school credits of the classes under way in it", under_way
        ),
        Told("Every cluster", ADDED_UP, "The same for each cluster of the student’s classes", every_cluster),
    ),
    student="",
)
