"""How far students are on the CTE Graduation Pathway, counted for many at once as `students.rules.pathways` does for one.

Counted are students with a live registration of the school year, and of them the classes Completed in it and in the four
years before: the years of high school, and one that was repeated. A counselor and a district count the students of their own
schools, whose every class they see, as the list behind the report does; a consortium the registrations of its agreements.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.access import Role, has_role, seats
from accounts.models import User
from articulations.models import HighSchoolCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear
from reports.rules.figures import grade_in
from reports.rules.finishing import seen_registrations
from students.models import (
    Registration,
    RegistrationQuerySet,
    Student,
    StudentQuerySet,
)
from students.rules import NEEDED

#: School years before the one asked for whose classes count.
YEARS_BEFORE: Final = 4
LAST_GRADE: Final = 12
PATHS: Final[Mapping[str, Any]] = {
    "school": F("student__school"), "consortium": F("articulation__consortium"), "cluster": F("high_school_course__cluster"),
}  # fmt: skip


class Credits(NamedTuple):
    """What people have Completed: credits by person and career cluster, and the clusters by person in which some class
    has none that are known."""

    sums: Mapping[int, Mapping[int, Decimal]]
    unknown: Mapping[int, Set[int]]


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
    None the whole, where each student counts once. Five queries."""
    today = timezone.localdate()
    merged = _merged()
    rows = list(_present(user, year, today, by, merged))
    credits = _credits(user, year, today, {person for person, *_ in rows}, merged)
    found: defaultdict[int | None, list[int]] = defaultdict(lambda: [0] * 8)
    counted: set[tuple[int, int | None]] = set()
    for person, graduates, group in rows:
        of, unknown = credits.sums.get(person, {}), credits.unknown.get(person, ())
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
    merged = _merged()
    present = _live(user, year, until).values_list("student_id", flat=True)
    people = {merged.get(record, record) for record in present}
    credits = _credits(user, year, until, people, merged)
    return [
        len(people),
        sum(max(of.values(), default=0) >= NEEDED for of in credits.sums.values()),
    ]


def _merged() -> Mapping[int, int]:
    """The record that stands for each that was merged away. They are few: whose a row is need not be asked of each."""
    return dict(Student.objects.merged_away().order_by().values_list("pk", "merged_into"))


def _live(user: User | None, year: AcademicYear, until: date) -> RegistrationQuerySet:
    """The live registrations of a year that were made by a day."""
    return _counted(user).live().filter(year=year.pk, registered_at__lt=_after(until)).order_by()


def _present(
    user: User, year: AcademicYear, until: date, by: str, merged: Mapping[int, int]
) -> Iterator[tuple[int, int, int | None]]:
    """The same: of each its person, when they graduate, and the group it is counted in. Two queries; what the record that
    stands for a merged one says is read once, not joined to all."""
    facts = Student.objects.filter(pk__in=merged.values()).order_by()
    stands = {pk: told for pk, *told in facts.values_list("pk", "graduation_year", "school")}
    rows = _live(user, year, until).values_list("student_id", "student__graduation_year", PATHS[by])
    for record, graduates, group in rows:
        person = merged.get(record, record)
        if person != record:
            graduates, school = stands[person]
            group = school if by == "school" else group
        yield person, graduates, group


def _after(day: date) -> datetime:
    """The moment a day is over, Pacific time: a moment compares by an index, and without asking each row's day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _credits(
    user: User | None, year: AcademicYear, until: date, people: set[int], merged: Mapping[int, int]
) -> Credits:
    """The credits of the Completed classes of these people, each class once; those of the year itself by the day of the
    grade. Two queries; of the whole State the year itself alone is held against its grades, in a query of its own."""
    first = year.first_year
    rows = _counted(user).filter(
        status=Registration.Status.COMPLETED, year__first_year__gte=first - YEARS_BEFORE
    )
    of_state = user is None or has_role(user, Role.STATE)
    if of_state:  # a list of so many keys is slower than their question asked again
        here = _live(user, year, until).values("student")
        rows = rows.filter(Q(student__in=here) | Q(student__in=[*merged, *merged.values()]))
    else:
        rows = rows.filter(student__in=people | {gone for gone, stands in merged.items() if stands in people})
    earlier = Q(year__first_year__lt=first)
    own = Q(year=year.pk)
    is_past = until < timezone.localdate()
    if is_past:
        graded = GradeEntry.objects.filter(registration=OuterRef("pk"), entered_at__lt=_after(until))
        own &= Q(Exists(graded))
    parts = [rows.filter(earlier), rows.filter(own)] if of_state and is_past else [rows.filter(earlier | own)]
    taken: dict[int, set[int]] = {}
    for found in parts:
        # Without iterator(): PostgreSQL plans a cursor for its first rows, which is three times slower for all.
        for record, course in found.order_by().values_list("student_id", "high_school_course_id"):
            person = merged.get(record, record)
            if person in people:
                taken.setdefault(person, set()).add(course)
    # What a class counts is read once a class, not with each of the State's registrations.
    counting = HighSchoolCourse.objects.filter(cluster__isnull=False).order_by()
    if not of_state:
        counting = counting.filter(pk__in={one for classes in taken.values() for one in classes})
    counts = {
        pk: (cluster, credits)
        for pk, cluster, credits in counting.values_list("pk", "cluster_id", "high_school_credits")
    }
    sums: dict[int, dict[int, Decimal]] = {}
    unknown: defaultdict[int, set[int]] = defaultdict(set)
    for person, classes in taken.items():
        of = sums[person] = {}
        for one in classes & counts.keys():
            cluster, credits = counts[one]
            if credits is None:
                unknown[person].add(cluster)
            elif cluster in of:
                of[cluster] += credits
            else:
                of[cluster] = credits
    return Credits(sums, unknown)
