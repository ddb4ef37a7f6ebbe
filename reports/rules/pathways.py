"""How far students are on the CTE Graduation Pathway, counted for many at once as `students.rules.pathways` does for one.

Counted are students with a live registration of the school year, and of them the classes Completed in it and in the four
years before: the years of high school, and one that was repeated. A counselor and a district count the students of their own
schools, whose every class they see, as the list behind the report does; a consortium the registrations of its agreements.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.access import Role, has_role, seats
from accounts.models import User
from grading.models import GradeEntry
from organizations.models import AcademicYear
from reports.rules.figures import grade_in
from reports.rules.finishing import seen_registrations
from students.models import (
    Registration,
    RegistrationQuerySet,
    Student,
    StudentQuerySet,
    of_person,
    person_key,
)
from students.rules import NEEDED

#: School years before the one asked for whose classes count.
YEARS_BEFORE: Final = 4
LAST_GRADE: Final = 12
PATHS: Final[Mapping[str, Any]] = {
    "school": of_person("school"), "consortium": F("articulation__consortium"), "cluster": F("high_school_course__cluster"),
}  # fmt: skip

#: Credits of one person by career cluster, and the clusters in which some class of theirs has none that are known.
Credits = tuple[Mapping[int, Decimal], frozenset[int]]
NOTHING: Final[Credits] = ({}, frozenset())


def own_students(user: User) -> StudentQuerySet:
    """The students of one's own schools and districts, by the seats of counselor and district user; of the State, all."""
    found: StudentQuerySet = Student.objects.living()
    if has_role(user, Role.STATE):
        return found
    schools = [seat.anchor for seat in seats(user, Role.COUNSELOR)]
    districts = [seat.anchor for seat in seats(user, Role.DISTRICT)]
    return found.filter(Q(school__in=schools) | Q(school__district__in=districts))


def _counted(user: User | None) -> RegistrationQuerySet:
    """The registrations a reader's sums are of: never a part of a student's where a counselor would take it for all."""
    if user is None or has_role(user, Role.STATE):
        return seen_registrations(user)
    under: RegistrationQuerySet = Registration.objects.within_reach(user, Role.CONSORTIUM)
    if not has_role(user, Role.COUNSELOR, Role.DISTRICT):
        return under
    own = own_students(user).order_by().values("pk")
    merged = Student.objects.merged_away().filter(merged_into__in=own).order_by().values("pk")
    rows = Q(student__in=own.union(merged))
    if has_role(user, Role.CONSORTIUM):
        rows |= Q(pk__in=under.order_by().values("pk"))
    found: RegistrationQuerySet = Registration.objects.filter(rows)
    return found


def pathway_numbers(user: User, year: AcademicYear, by: str) -> Mapping[int | None, Sequence[int]]:
    """Students by how many high-school credits they have in their best cluster, or in the cluster of the row: all, two
    and more, one and more, less, none; of grade 12 all and with two; and with classes whose credits are not known. At
    None the whole, where each student counts once. Three queries."""
    today = timezone.localdate()
    rows = list(_present(user, year, today).values_list("person", "graduates", PATHS[by]))
    credits = _credits(user, year, today, {person for person, *_ in rows})
    found: defaultdict[int | None, list[int]] = defaultdict(lambda: [0] * 8)
    counted: set[tuple[int, int | None]] = set()
    for person, graduates, group in rows:
        of, unknown = credits.get(person, NOTHING)
        best = max(of.values(), default=Decimal(0))
        is_senior = grade_in(graduates, year.first_year + 1) == LAST_GRADE
        for row in {None, group}:
            if (person, row) not in counted:
                counted.add((person, row))
                if by == "cluster" and row is not None:
                    here, some_unknown = of.get(row, Decimal(0)), row in unknown
                else:
                    here, some_unknown = best, bool(unknown)
                _add(found[row], here, is_senior=is_senior, some_unknown=some_unknown)
    return found


def _add(numbers: list[int], credits: Decimal, *, is_senior: bool, some_unknown: bool) -> None:
    numbers[0] += 1
    numbers[1 if credits >= NEEDED else 2 if credits >= 1 else 3 if credits else 4] += 1
    numbers[5] += is_senior
    numbers[6] += is_senior and credits >= NEEDED
    numbers[7] += some_unknown


def pathway_total(user: User | None, year: AcademicYear, until: date) -> list[int]:
    """Of a year as it stood on a day: students, and those with two credits or more in one cluster."""
    people = set(_present(user, year, until).values_list("person", flat=True))
    credits = _credits(user, year, until, people)
    return [
        len(people),
        sum(max(credits[person][0].values(), default=0) >= NEEDED for person in people & credits.keys()),
    ]


def _present(user: User | None, year: AcademicYear, until: date) -> RegistrationQuerySet:
    """The live registrations of a year that were made by a day, each with its person and when they graduate."""
    found: RegistrationQuerySet = (
        _counted(user)
        .live()
        .filter(year=year.pk, registered_at__lt=_after(until))
        .annotate(person=person_key(), graduates=of_person("graduation_year"))
        .order_by()
    )
    return found


def _after(day: date) -> datetime:
    """The moment a day is over, Pacific time: a moment compares by an index, and without asking each row's day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _credits(user: User | None, year: AcademicYear, until: date, people: set[int]) -> Mapping[int, Credits]:
    """The credits of the Completed classes of these people, each class once; those of the year itself by the day of the
    grade. Two queries; of the whole State everybody's are read, which is faster than to look for each, and the year
    itself alone is held against its grades."""
    first = year.first_year
    rows = _counted(user).filter(
        status=Registration.Status.COMPLETED,
        high_school_course__cluster__isnull=False,
        year__first_year__gte=first - YEARS_BEFORE,
    )
    of_state = user is None or has_role(user, Role.STATE)
    # Merged records are few: whose a row is need not be asked of every row.
    merged = dict(Student.objects.merged_away().order_by().values_list("pk", "merged_into"))
    if not of_state:
        rows = rows.filter(student__in=people | {gone for gone, stands in merged.items() if stands in people})
    earlier = Q(year__first_year__lt=first)
    own = Q(year=year.pk)
    is_past = until < timezone.localdate()
    if is_past:
        graded = GradeEntry.objects.filter(registration=OuterRef("pk"), entered_at__lt=_after(until))
        own &= Q(Exists(graded))
    parts = [rows.filter(earlier), rows.filter(own)] if of_state and is_past else [rows.filter(earlier | own)]
    sums: dict[int, dict[int, Decimal]] = defaultdict(dict)
    unknown: defaultdict[int, set[int]] = defaultdict(set)
    counted: set[tuple[int, int]] = set()
    for found in parts:
        told = found.order_by().values_list(
            "student_id", "high_school_course_id", "high_school_course__cluster_id",
            "high_school_course__high_school_credits",
        )  # fmt: skip
        for record, course, cluster, credits in told.iterator(chunk_size=20_000):
            person = merged.get(record, record)
            if (person, course) in counted:
                continue
            counted.add((person, course))
            of = sums[person]
            if credits is None:
                unknown[person].add(cluster)
            else:
                of[cluster] = of.get(cluster, Decimal(0)) + credits
    return {person: (of, frozenset(unknown.get(person, ()))) for person, of in sums.items()}
