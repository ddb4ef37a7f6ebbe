"""What earns what: college courses, high-school courses, the articulations between them, and classes."""

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Upper

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import (
    AcademicYear,
    College,
    Consortium,
    DateRange,
    HighSchool,
    SchoolDistrict,
    Seat,
)
from sers.lib.folding import fold, fold_parts

#: No 0, O, 1, I, L: a class code is read from a whiteboard.
CLASS_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

#: Statuses of a registration that count as none; the word is `Registration.ENDED`, one floor up.
NOT_REGISTERED = ("withdrawn", "not_in_class")


def new_class_code() -> str:
    """Seven characters, 27 thousand million of them; guessed codes lead only to a public class."""
    return "".join(secrets.choice(CLASS_CODE_LETTERS) for _ in range(7))


def folded_title(title: str) -> str:
    """A class's title as it is found and sorted; cut to its column, because folding can make it longer."""
    return fold_parts(title)[:160]


class CareerClusterQuerySet(models.QuerySet["CareerCluster"]):
    def options(self) -> list[tuple[str, str]]:
        """(id, name) of the clusters that classes are coded by: the sixteen OSPI uses."""
        found = self.filter(framework=CareerCluster.Framework.LEGACY).order_by("name")
        return [(str(key), name) for key, name in found.values_list("pk", "name")]


class CareerCluster(models.Model):
    """A career cluster of one framework: OSPI still codes the legacy sixteen."""

    class Framework(models.TextChoices):
        LEGACY = "legacy16", "16 career clusters"
        MODERN = "2024", "2024 framework"

    public_fields: ClassVar = {"id", "framework", "number", "name"}
    private_fields: ClassVar[set[str]] = set()

    framework = models.CharField("framework", max_length=10, choices=Framework)
    number = models.PositiveSmallIntegerField("number")
    name = models.CharField("name", max_length=80)

    objects = CareerClusterQuerySet.as_manager()

    class Meta:
        ordering = ("framework", "number")
        constraints = (
            models.UniqueConstraint(fields=("framework", "number"), name="cluster_once"),
            models.CheckConstraint(
                condition=Q(framework__in=("legacy16", "2024")), name="cluster_framework_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class CollegeCourse(models.Model):
    """A course in a college's catalog: `ACCT& 201`, Principles of Accounting I, 5 credits."""

    public_fields: ClassVar = {"id", "public_id", "college", "code", "title", "credits", "description_url"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="courses", verbose_name="college")
    code = models.CharField(
        "course number", max_length=20, help_text="As in the catalog, for example ACCT& 201."
    )
    title = models.CharField("title", max_length=120)
    credits = models.DecimalField("credits", max_digits=3, decimal_places=1)
    description_url = models.URLField("course description", blank=True)

    class Meta:
        ordering = ("college", "code")
        constraints = (
            models.UniqueConstraint(fields=("college", "code"), name="college_course_once"),
            models.CheckConstraint(
                condition=Q(credits__gt=0, credits__lte=25),
                name="college_course_credits",
                violation_error_message="Enter credits from 0.5 to 25.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class HighSchoolCourseQuerySet(models.QuerySet["HighSchoolCourse"]):
    def taught_as(self, school: HighSchool, title: str) -> "HighSchoolCourse | None":
        """The course a school teaches under that title, whatever its capitals and spaces."""
        return self.filter(school=school, folded=folded_title(title)).order_by("id").first()

    def articulated(self, school: HighSchool, first: date, last: date) -> "HighSchoolCourseQuerySet":
        """Courses of a school with an agreement in force on some day from first to last."""
        lines = ArticulationCourse.objects.filter(valid_from__lte=last, valid_until__gte=first)
        return self.filter(school=school, pk__in=lines.values("high_school_course")).order_by("folded", "id")


class HighSchoolCourse(models.Model):
    """A course a high school teaches, named as in its handbook. Everyone may see it."""

    public_fields: ClassVar = {"id", "public_id", "school", "title", "cip", "cluster", "folded"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(HighSchool, models.PROTECT, related_name="courses", verbose_name="high school")
    title = models.CharField("class", max_length=120)
    cip = models.CharField("CIP code", max_length=6, blank=True)
    cluster = models.ForeignKey(
        CareerCluster,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name="career cluster",
    )
    folded = models.CharField(max_length=160, editable=False, default="")

    objects = HighSchoolCourseQuerySet.as_manager()

    class Meta:
        ordering = ("title", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "title"), name="high_school_course_once"),
            models.CheckConstraint(
                condition=Q(cip="") | Q(cip__regex=r"^[0-9]{6}$"),
                name="cip_has_six_digits",
                violation_error_message="Enter the six digits of the CIP code, without the dot.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = folded_title(self.title)
        super().save(*args, **kwargs)


class ArticulationQuerySet(models.QuerySet["Articulation"]):
    def in_force(self, on: date) -> "ArticulationQuerySet":
        """Agreements under which a student may register on that day."""
        return self.filter(valid_from__lte=on, valid_until__gte=on)

    def registered(self, articulation: int, year: AcademicYear) -> int:
        """How many registrations an agreement has in a school year, whoever may see them."""
        live = Q(registrations__year=year) & ~Q(registrations__status__in=NOT_REGISTERED)
        found = self.filter(pk=articulation).aggregate(number=Count("registrations", filter=live))
        return int(found["number"])


class Articulation(models.Model):
    """An agreement: these high-school courses together earn these college courses, from when until when."""

    public_fields: ClassVar = {
        "id", "public_id", "number", "consortium", "college", "valid_from", "valid_until",
        "minimum_percent", "entered_by", "entered_at",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("agreement number", max_length=20, unique=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="articulations")
    college = models.ForeignKey(College, models.PROTECT, related_name="articulations")
    valid_from = models.DateField("in force from")
    valid_until = models.DateField("in force until")
    minimum_percent = models.DecimalField(
        "minimum percent", max_digits=5, decimal_places=2, null=True, blank=True,
        help_text="Only where it differs from the college's.",
    )  # fmt: skip
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("entered at")

    objects = ArticulationQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="articulation_ends_after_it_starts",
                violation_error_message="The agreement ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(minimum_percent__isnull=True)
                | Q(minimum_percent__gte=0, minimum_percent__lte=100),
                name="articulation_minimum_is_a_percent",
            ),
        )

    def __str__(self) -> str:
        return self.number


class ArticulationCourseQuerySet(models.QuerySet["ArticulationCourse"]):
    #: What a list of lines may be sorted by, and the columns that make the order whole.
    ORDERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "class": ("high_school_course__folded", "high_school_course__school__name"),
        "school": ("high_school_course__school__name", "high_school_course__folded"),
        "college": ("articulation__college__name", "college_course__code"),
        "course": ("college_course__code", "articulation__college__name"),
        "credits": ("credits", "high_school_course__folded"),
    }

    def between(self, first: date, last: date) -> "ArticulationCourseQuerySet":
        """Lines in force on any of these days."""
        return self.filter(valid_from__lte=last, valid_until__gte=first)

    def in_force(self, on: date) -> "ArticulationCourseQuerySet":
        """Course pairs under which a student may register on that day."""
        return self.filter(valid_from__lte=on, valid_until__gte=on)

    def current_or_coming(self, on: date) -> "ArticulationCourseQuerySet":
        """Course pairs in force on that day or later: what a search finds."""
        return self.filter(valid_until__gte=on)

    def worded(self, words: str) -> "ArticulationCourseQuerySet":
        """Lines of whose class, course, CIP code, college or school each word begins some word."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded__contains=f" {word}")
        return found

    def at(
        self, *, district: str = "", school: str = "", college: str = "", cluster: str = ""
    ) -> "ArticulationCourseQuerySet":
        """Lines of one school district, high school, college (public ids), career cluster (id)."""
        places = {
            "high_school_course__school__district__public_id": district,
            "high_school_course__school__public_id": school,
            "articulation__college__public_id": college,
            "high_school_course__cluster": cluster,
        }
        return self.filter(**{path: place for path, place in places.items() if place})

    def of_consortia(self, consortia: Iterable[int]) -> "ArticulationCourseQuerySet":
        """Lines of the agreements of these consortia, and of every class at their districts' schools."""
        consortia = list(consortia)
        districts = SchoolDistrict.objects.filter(consortia__in=consortia)
        return self.filter(
            Q(articulation__consortium__in=consortia) | Q(high_school_course__school__district__in=districts)
        )

    def asking_at_most(
        self, percent: Decimal, minimums: Mapping[int, Decimal]
    ) -> "ArticulationCourseQuerySet":
        """Lines whose minimum is at most this percent: the agreement's own, or else its college's."""
        colleges = [college for college, minimum in minimums.items() if minimum <= percent]
        return self.filter(
            Q(articulation__minimum_percent__lte=percent)
            | Q(articulation__minimum_percent=None, articulation__college__in=colleges)
        )

    def in_order(self, sort: str) -> "ArticulationCourseQuerySet":
        """Sorted by one of ORDERS, downwards with a minus before it; equals in a fixed order."""
        columns = self.ORDERS[sort.removeprefix("-")]
        first = F(columns[0]).desc() if sort.startswith("-") else F(columns[0]).asc()
        return self.order_by(first, *columns[1:], "id")

    def listed(self) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """What a row of a list shows, as plain values."""
        return self.values(
            "id", "credits", "valid_from", "valid_until", "articulation_id", "high_school_course_id",
            agreement=F("articulation__public_id"),
            number=F("articulation__number"),
            consortium=F("articulation__consortium__name"),
            college_id=F("articulation__college_id"),
            college=F("articulation__college__name"),
            own_minimum=F("articulation__minimum_percent"),
            title=F("high_school_course__title"),
            cip=F("high_school_course__cip"),
            school=F("high_school_course__school__name"),
            school_key=F("high_school_course__school__public_id"),
            code=F("college_course__code"),
            course=F("college_course__title"),
            description_url=F("college_course__description_url"),
        )  # fmt: skip

    def lines(self, keys: Sequence[int]) -> list[dict[str, Any]]:
        """These lines as a list shows them, in the order of the keys.

        A page of a long list is sorted by keys first, so that not every line is joined with all it shows.
        """
        found = {line["id"]: line for line in self.filter(pk__in=keys).order_by().listed()}
        return [found[key] for key in keys if key in found]

    def line(self, key: str) -> dict[str, Any] | None:
        """One line as a list shows it; None when the key is none."""
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        return self.filter(pk=int(key)).listed().first()

    def of_agreement(self, articulation: int) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """Every line of an agreement, by class and course."""
        return (
            self.filter(articulation=articulation)
            .order_by("high_school_course__folded", "college_course__code", "id")
            .listed()
        )

    def beside(
        self, articulation: int, college: int
    ) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """Lines by which other colleges articulate a class of this agreement, by college and course."""
        classes = ArticulationCourse.objects.filter(articulation=articulation).values("high_school_course")
        others = self.filter(high_school_course__in=classes).exclude(articulation__college=college)
        return others.in_order("college").listed()


class ArticulationCourse(models.Model):
    """One line of an agreement: this high-school course counts toward this college course.

    A college course is earned when every high-school course that the agreement names for it is
    Completed: several classes may be needed for one course, and one class may earn several courses.
    """

    public_fields: ClassVar = {
        "id", "articulation", "high_school_course", "college_course", "credits", "valid_from",
        "valid_until", "folded",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="courses")
    high_school_course = models.ForeignKey(HighSchoolCourse, models.PROTECT, related_name="articulated")
    college_course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="articulated")
    credits = models.DecimalField("credits", max_digits=3, decimal_places=1)
    # Copied from the agreement, because a constraint cannot look into another table.
    valid_from = models.DateField(editable=False)
    valid_until = models.DateField(editable=False)
    folded = models.CharField(max_length=400, editable=False, default="")

    objects = ArticulationCourseQuerySet.as_manager()

    class Meta:
        ordering = ("high_school_course", "college_course", "id")
        constraints = (
            ExclusionConstraint(
                name="one_agreement_for_a_course_pair_at_a_time",
                expressions=(
                    (F("high_school_course"), RangeOperators.EQUAL),
                    (F("college_course"), RangeOperators.EQUAL),
                    (DateRange(F("valid_from"), F("valid_until"), Value("[]")), RangeOperators.OVERLAPS),
                ),
                violation_error_message="Another agreement covers this class and this college course in some of these years.",
            ),
            models.CheckConstraint(
                condition=Q(credits__gt=0, credits__lte=25), name="articulation_course_credits"
            ),
        )
        indexes = (GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="articulation_course_words"),)

    def __str__(self) -> str:
        return f"{self.high_school_course_id} > {self.college_course_id}"


class SectionQuerySet(VisibleQuerySet):
    def worded(self, words: str) -> "SectionQuerySet":
        """Classes whose title, class code or teacher's name has these words: each begins some word of one."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(
                Q(high_school_course__folded__contains=f" {word}")
                | Q(class_code__istartswith=word)
                | Q(pk__in=Section.teachers.through.objects.filter(
                    Q(seat__user__first_name__istartswith=word) | Q(seat__user__last_name__istartswith=word)
                ).values("section"))
            )  # fmt: skip
        return found

    def listed(self) -> models.QuerySet["Section", dict[str, Any]]:
        """What a row of a list shows, as plain values, by school and class."""
        return self.order_by(
            "high_school_course__school__name", "high_school_course__folded", "term", "label", "id"
        ).values(
            "id", "public_id", "term", "label", "class_code",
            title=F("high_school_course__title"),
            school=F("high_school_course__school__name"),
        )  # fmt: skip

    def at(self, school: str, year: AcademicYear) -> "SectionQuerySet":
        """Classes of a school year, at one high school (its public id) when it is given."""
        found = self.filter(year=year)
        return found.filter(high_school_course__school__public_id=school) if school else found

    def school_options(self) -> list[tuple[str, str]]:
        """The schools of these classes, for a choice."""
        schools = self.order_by().values("high_school_course__school")
        return HighSchool.objects.filter(pk__in=schools).options()

    def registered(self, sections: Iterable[int]) -> dict[int, int]:
        """How many students are registered in each of these classes, by id."""
        live = ~Q(registrations__status__in=NOT_REGISTERED)
        rows = self.filter(pk__in=list(sections)).order_by()
        return dict(rows.annotate(number=Count("registrations", filter=live)).values_list("pk", "number"))

    def taught_by(self, sections: Iterable[int]) -> dict[int, list[str]]:
        """The names of the teachers of each of these classes, by id."""
        names: dict[int, list[str]] = {}
        rows = (
            Section.teachers.through.objects.filter(section__in=list(sections))
            .order_by("seat__user__last_name", "seat__user__first_name", "id")
            .values_list("section_id", "seat__user__first_name", "seat__user__last_name")
        )
        for section, first_name, last_name in rows:
            names.setdefault(section, []).append(f"{first_name} {last_name}".strip())
        return names


class Section(Record):
    """A class: one high-school course in one year with its teachers. What is open is told by windows."""

    class Term(models.TextChoices):
        YEAR = "year", "Whole year"
        FIRST = "s1", "First semester"
        SECOND = "s2", "Second semester"

    seen_by: ClassVar = {
        Role.TEACHER: "teachers",
        Role.COUNSELOR: "high_school_course__school",
        Role.DISTRICT: "high_school_course__school__district",
        Role.FACULTY: "high_school_course__articulated__articulation__college",
        Role.REGISTRAR: "high_school_course__articulated__articulation__college",
        Role.CONSORTIUM: "high_school_course__articulated__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "high_school_course", "year", "term", "label", "class_code", "teachers",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    high_school_course = models.ForeignKey(HighSchoolCourse, models.PROTECT, related_name="sections")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="sections")
    term = models.CharField("term", max_length=4, choices=Term, default=Term.YEAR)
    label = models.CharField("period or section", max_length=40, blank=True)
    class_code = models.CharField("class code", max_length=10, default=new_class_code)
    teachers = models.ManyToManyField(Seat, related_name="sections", verbose_name="teachers")

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ("high_school_course__title", "label", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("high_school_course", "year", "term", "label"),
                name="section_once",
                violation_error_message="This class is there already. Give it another period or section.",
            ),
            models.UniqueConstraint(Upper("class_code"), name="class_code_once"),
            models.CheckConstraint(condition=Q(term__in=("year", "s1", "s2")), name="section_term_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.high_school_course_id} {self.label}".strip()
