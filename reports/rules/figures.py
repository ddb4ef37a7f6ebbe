"""Figures: what is counted, by what, and for which area. One count stands behind reports, files and lists.

A registration is counted where it stands: at the student's own school and its district, at the college that gives the
credit, under the consortium of its agreement. It counts while it is live. Grade level is that of the year counted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db.models import Case, Count, F, IntegerField, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from articulations.models import ArticulationCourse
from organizations.models import AcademicYear, CollegeYear
from reports.models import Figure
from students.models import Registration, RosterEntry
from transcripts.models import AwardSource, CreditAward

Area = Figure.Area
By = Figure.By
Status = Registration.Status

#: How far a registration came. Each stage holds those of the later ones too when it is told as a figure.
STAGES: Final = ("registered", "graded", "completed", "transcribed")
#: Transcribed is a class whose credit SERS has awarded; only completed ones can be.
STAGE: Final = Case(
    When(awarded_at__isnull=False, then=Value(3)),
    When(status=Status.COMPLETED, then=Value(2)),
    When(status=Status.NOT_ATTAINED, then=Value(1)),
    default=Value(0),
    output_field=IntegerField(),
)
#: A record that was merged into another is the same person.
PERSON: Final = Coalesce(F("student__merged_into"), F("student"))


class Counted(NamedTuple):
    """One live registration, as figures count it."""

    person: int
    stage: int
    consortium: int
    college: int
    district: int
    school: int
    taught_district: int
    taught_school: int
    cluster: int | None
    course: str
    grade: int | None
    gender: str
    ethnicity: str
    credits: Decimal = Decimal(0)
    tuition: Decimal = Decimal(0)
    credits_unpriced: Decimal = Decimal(0)


@dataclass(slots=True)
class Sums:
    """What is added up of registrations."""

    at: list[int] = field(default_factory=lambda: [0] * len(STAGES))
    credits: Decimal = Decimal(0)
    tuition: Decimal = Decimal(0)
    credits_unpriced: Decimal = Decimal(0)

    def add(self, row: Counted) -> None:
        self.at[row.stage] += 1
        self.credits += row.credits
        self.tuition += row.tuition
        self.credits_unpriced += row.credits_unpriced

    def take_in(self, other: "Sums") -> None:
        self.at = [mine + theirs for mine, theirs in zip(self.at, other.at, strict=True)]
        self.credits += other.credits
        self.tuition += other.tuition
        self.credits_unpriced += other.credits_unpriced

    @property
    def registered(self) -> int:
        return sum(self.at)

    @property
    def stages(self) -> dict[str, int]:
        """Registered, graded, completed, transcribed: each with those that came further."""
        return {name: sum(self.at[number:]) for number, name in enumerate(STAGES)}


class Key(NamedTuple):
    """Which figure: of which area, by what, which group."""

    area: str
    place: int
    by: str
    value: str


@dataclass(slots=True)
class Group:
    """One figure before it is written."""

    sums: Sums
    together: int = 0
    students: int | None = None
    not_registered: int | None = None


#: How a registration is told apart by each breakdown.
VALUES: Final[dict[str, Callable[[Counted], Hashable]]] = {
    By.WHOLE: lambda row: "",
    By.CONSORTIUM: lambda row: row.consortium,
    By.COLLEGE: lambda row: row.college,
    By.DISTRICT: lambda row: row.district,
    By.SCHOOL: lambda row: row.school,
    By.CLUSTER: lambda row: row.cluster or "none",
    By.COURSE: lambda row: row.course,
    By.GRADE: lambda row: row.grade or "none",
    By.GENDER: lambda row: row.gender or "none",
    By.ETHNICITY: lambda row: row.ethnicity or "none",
}
GROUPS: Final = (By.GRADE, By.GENDER, By.ETHNICITY)
#: By what the figures of an area may be broken down: nothing has a part that is larger than itself.
BREAKDOWNS: Final[dict[str, tuple[By, ...]]] = {
    Area.STATE: (By.CONSORTIUM, By.COLLEGE, By.DISTRICT, By.CLUSTER, *GROUPS),
    Area.CONSORTIUM: (By.COLLEGE, By.DISTRICT, By.SCHOOL, By.CLUSTER, By.COURSE, *GROUPS),
    Area.COLLEGE: (By.CONSORTIUM, By.DISTRICT, By.SCHOOL, By.CLUSTER, By.COURSE, *GROUPS),
    Area.DISTRICT: (By.SCHOOL, By.COLLEGE, By.CLUSTER, By.COURSE, *GROUPS),
    Area.SCHOOL: (By.COLLEGE, By.CLUSTER, By.COURSE, *GROUPS),
}
#: Of these the published figures tell, see `small_groups`.
PUBLISHED: Final[dict[str, tuple[By, ...]]] = {
    Area.STATE: BREAKDOWNS[Area.STATE],
    Area.CONSORTIUM: (By.COLLEGE, By.CLUSTER),
    Area.COLLEGE: (By.CLUSTER,),
    Area.DISTRICT: (By.SCHOOL,),
    Area.SCHOOL: (),
}


def keys_of(row: Counted) -> Iterator[Key]:
    """Every figure a registration is counted in."""
    values = {by: str(value(row)) for by, value in VALUES.items()}
    places = {
        Area.STATE: 0, Area.CONSORTIUM: row.consortium, Area.COLLEGE: row.college, Area.DISTRICT: row.district,
        Area.SCHOOL: row.school,
    }  # fmt: skip
    for area, place in places.items():
        for by in (By.WHOLE, *BREAKDOWNS[area]):
            yield Key(area, place, by, values[by])


#: How many are in class and not registered, by area and place; a place of which no roster is known is not in it.
Missing = Mapping[tuple[str, int], int]


def count_in_full(rows: Sequence[Counted], missing: Missing) -> Iterator[tuple[Key, Group]]:
    """All figures of a year with their different students, in one pass; the rows come person by person."""
    found: dict[Key, Group] = {
        Key(area, place, By.WHOLE, ""): Group(Sums(), students=0, not_registered=number)
        for (area, place), number in missing.items()
    }
    for _, of_one in groupby(rows, key=lambda row: row.person):
        touched: set[Key] = set()
        for row in of_one:
            for key in keys_of(row):
                group = found.get(key)
                if group is None:
                    group = found[key] = Group(Sums(), students=0)
                group.sums.add(row)
                touched.add(key)
        for key in touched:
            found[key].students = (found[key].students or 0) + 1
    yield from found.items()


def registrations_counted(year: AcademicYear) -> list[Counted]:
    """The live registrations of a school year as figures count them, person by person. Two queries."""
    earned = _earned(year)
    nothing = (Decimal(0), Decimal(0), Decimal(0))
    last = year.first_year + 1
    live: Any = Registration.objects.live().of_year(year).order_by()
    rows = live.annotate(person=PERSON, stage=STAGE).values_list(
        "pk", "person", "stage", "articulation__consortium", "college", "student__school__district", "student__school",
        "high_school_course__school__district", "high_school_course__school", "high_school_course__cluster",
        "high_school_course__title", "student__graduation_year", "student__gender", "student__ethnicity",
    ).order_by("person", "pk")  # fmt: skip
    return [
        Counted._make((*facts, grade_in(graduates, last), gender, ethnicity, *earned.get(pk, nothing)))
        for pk, *facts, graduates, gender, ethnicity in rows.iterator(chunk_size=20_000)
    ]


def missing_from_rosters(year: AcademicYear) -> Missing:
    """How many students the rosters of schools name in a class who are not registered in it: at the school that teaches
    it and its district, and at each college and consortium whose agreement covers the class. Two queries."""
    rostered = list(
        RosterEntry.objects.standing()
        .filter(section__year=year)
        .order_by()
        .values_list(
            "section__high_school_course",
            "section__high_school_course__school",
            "section__high_school_course__school__district",
        )
        .annotate(
            missing=Count("pk", filter=Q(pk__in=RosterEntry.objects.unregistered().order_by().values("pk")))
        )
    )
    covered: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    lines = ArticulationCourse.objects.between(year.starts_on, year.ends_on).filter(
        high_school_course__in={course for course, *_ in rostered}
    )
    for course, college, consortium in lines.order_by().values_list(
        "high_school_course", "articulation__college", "articulation__consortium"
    ):
        covered[course] |= {(Area.COLLEGE, college), (Area.CONSORTIUM, consortium)}
    found: Counter[tuple[str, int]] = Counter()
    for course, school, district, missing in rostered:
        for place in {(Area.STATE, 0), (Area.SCHOOL, school), (Area.DISTRICT, district), *covered[course]}:
            found[place] += missing
    return found


def grade_in(graduates: int, last: int) -> int | None:
    """The grade level in a school year that ends in calendar year `last`, by the year of graduation; 9 to 12."""
    grade = 12 - (graduates - last)
    return grade if 9 <= grade <= 12 else None


def _earned(year: AcademicYear) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Credits, their tuition, and credits without a price, by registration of a year.

    Standing credit alone. A credit that several classes earned is counted once, with the first of them. Tuition is
    what one credit costs at that college in the year of the award.
    """
    standing: Any = CreditAward.objects.standing()
    first = (
        AwardSource.objects.filter(award__in=standing.order_by().values("pk"), registration__year=year)
        .order_by()
        .values("award")
        .annotate(first=Min("pk"))
        .values("first")
    )
    price = CollegeYear.objects.filter(college=OuterRef("award__college"), year=OuterRef("award__year"))
    rows = (
        AwardSource.objects.filter(pk__in=first)
        .order_by("pk")
        .values_list("registration", "award__credits", Subquery(price.values("tuition_per_credit")[:1]))
    )
    found: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for registration, credits, each in rows.iterator(chunk_size=20_000):
        known = found.get(registration, (Decimal(0), Decimal(0), Decimal(0)))
        more = (credits, credits * (each or 0), credits if each is None else Decimal(0))
        found[registration] = (known[0] + more[0], known[1] + more[1], known[2] + more[2])
    return found


def as_figure(key: Key, group: Group, label: str) -> Figure:
    """The row of a figure, still without its year."""
    return Figure(
        area=key.area,
        place=key.place,
        by=key.by,
        value=key.value,
        label=label,
        together=group.together,
        students=group.students,
        not_registered=group.not_registered,
        credits=group.sums.credits,
        tuition=group.sums.tuition,
        credits_unpriced=group.sums.credits_unpriced,
        **group.sums.stages,
    )
