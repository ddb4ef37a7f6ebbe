"""Courses of high schools and of colleges, and the clusters they are coded by."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Count, F, Q

from organizations.models import College, HighSchool, SchoolDistrict
from sers.lib.folding import fold, fold_parts
from sers.lib.lexemes import any_of


def folded_title(title: str) -> str:
    """A class's title as it is found and sorted; cut to its column, because folding can make it longer."""
    return fold_parts(title)[:160]


class CareerClusterQuerySet(models.QuerySet["CareerCluster"]):
    def options(self) -> list[tuple[str, str]]:
        """(id, name) of the clusters that classes are coded by."""
        return [(str(key), name) for key, name in self.legacy().values_list("pk", "name")]

    def legacy(self) -> "CareerClusterQuerySet":
        """The clusters that classes are coded by, by name: the sixteen OSPI uses."""
        return self.filter(framework=CareerCluster.Framework.LEGACY).order_by("name")


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


#: How texts are taken apart into the words they are compared by: plurals and endings do not matter.
LANGUAGE = "english"


class CollegeCourseQuerySet(models.QuerySet["CollegeCourse"]):
    def of_colleges(self, colleges: Iterable[College]) -> "CollegeCourseQuerySet":
        """The courses of these colleges, by college and number."""
        return self.filter(college__in=list(colleges)).order_by("college__name", "code")

    def offered(self, on: date) -> "CollegeCourseQuerySet":
        """Courses a college teaches on that day or later: an agreement may be asked for."""
        return self.filter(Q(active_until=None) | Q(active_until__gte=on))

    def ended(self, on: date) -> "CollegeCourseQuerySet":
        """Courses a college no longer teaches."""
        return self.filter(active_until__lt=on)

    def worded(self, words: str) -> "CollegeCourseQuerySet":
        """Courses of whose number, title and CIP code each word begins some word."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded__contains=f" {word}")
        return found

    def alike(self, words: Sequence[str]) -> "CollegeCourseQuerySet":
        """Courses with one of these words (lexemes) in title, content or outcomes."""
        return self.filter(terms=any_of(words)) if words else self.none()

    def listed(self) -> models.QuerySet["CollegeCourse", dict[str, Any]]:
        """What a row of the list shows, as plain values; with how many agreements name each."""
        return self.values(
            "public_id", "code", "title", "credits", "active_from", "active_until",
            college_name=F("college__name"), has_outcomes=~Q(outcomes=""),
        ).annotate(agreements=Count("articulated__articulation", distinct=True))  # fmt: skip

    def by_number(self, college: College) -> "dict[str, CollegeCourse]":
        """The courses of a college by their number as it is compared: in capitals, spaces tidied."""
        return {course_number(one.code): one for one in self.filter(college=college).order_by("code")}


def course_number(typed: str) -> str:
    """A course number as two are compared: `acct&  201` is `ACCT& 201`."""
    return " ".join(typed.upper().split())


def cip_in_words(cip: str) -> str:
    """A CIP code as people write and read it: `52.0301`. It is kept, and given to other systems, as its six digits."""
    return f"{cip[:2]}.{cip[2:]}" if len(cip) == 6 and cip.isdigit() else cip


class CollegeCourse(models.Model):
    """A course in a college's catalog: `ACCT& 201`, Principles of Accounting I, 5 credits."""

    public_fields: ClassVar = {
        "id", "public_id", "college", "code", "title", "credits", "description_url", "site_url", "description", "outcomes",
        "structure", "faculty", "cip", "active_from", "active_until", "folded", "terms",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="courses", verbose_name="college")
    code = models.CharField(
        "course number", max_length=20, help_text="As in the catalog, for example ACCT& 201."
    )
    title = models.CharField("title", max_length=120)
    credits = models.DecimalField("credits", max_digits=3, decimal_places=1)
    description_url = models.URLField("course description", blank=True)
    site_url = models.URLField("college site", blank=True)
    #: What its agreements rest on: a change of any of it calls for their review.
    description = models.TextField("description", max_length=4000, blank=True)
    #: One a line: their numbers are their places.
    outcomes = models.TextField("outcomes", max_length=4000, blank=True)
    structure = models.CharField("structure", max_length=300, blank=True)
    faculty = models.CharField("faculty", max_length=300, blank=True)
    cip = models.CharField("CIP code", max_length=6, blank=True)
    #: Between which days the college teaches it; empty is always.
    active_from = models.DateField("taught from", null=True, blank=True)
    active_until = models.DateField("taught until", null=True, blank=True)
    folded = models.CharField(max_length=200, editable=False, default="")
    #: The words of title, description and outcomes, which alternatives are found and compared by.
    terms = models.GeneratedField(
        expression=SearchVector("title", "description", "outcomes", config=LANGUAGE),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CollegeCourseQuerySet.as_manager()

    class Meta:
        ordering = ("college", "code")
        constraints = (
            models.UniqueConstraint(fields=("college", "code"), name="college_course_once"),
            models.CheckConstraint(
                condition=Q(credits__gt=0, credits__lte=25),
                name="college_course_credits",
                violation_error_message="Enter credits from 0.5 to 25.",
            ),
            models.CheckConstraint(
                condition=Q(cip="") | Q(cip__regex=r"^[0-9]{6}$"),
                name="college_course_cip_has_six_digits",
                violation_error_message="Enter the six digits of the CIP code, without the dot.",
            ),
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(active_until=None) | Q(active_until__gte=F("active_from")),
                name="college_course_ends_after_it_begins",
                violation_error_message="The course ends before it begins.",
            ),
        )
        indexes = (
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="college_course_words"),
            GinIndex(fields=("terms",), name="college_course_terms"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    def fold(self) -> None:
        """Set what it is found by; cut to its column, because folding can make it longer."""
        self.folded = fold_parts(self.code, self.title, self.cip)[:200]

    @property
    def cip_in_words(self) -> str:
        """`52.0301`; empty where it is not coded."""
        return cip_in_words(self.cip)

    @property
    def last_change(self) -> int:
        """The id of the last change that was made to it, 0 before the first; one query."""
        return self.changes.order_by("-pk").values_list("pk", flat=True).first() or 0

    def is_offered(self, on: date) -> bool:
        """Does its college teach it on that day?"""
        begun = self.active_from is None or self.active_from <= on
        return begun and (self.active_until is None or on <= self.active_until)

    @property
    def numbered_outcomes(self) -> list[str]:
        """Its outcomes in their order."""
        return [line for line in self.outcomes.splitlines() if line.strip()]


class HighSchoolCourseQuerySet(models.QuerySet["HighSchoolCourse"]):
    def taught_as(self, school: HighSchool, title: str) -> "HighSchoolCourse | None":
        """The course a school teaches under that title, whatever its capitals and spaces."""
        return self.filter(school=school, folded=folded_title(title)).order_by("id").first()

    def of_district(self, district: SchoolDistrict) -> "HighSchoolCourseQuerySet":
        """The classes of a district's schools, by school and title."""
        found = self.filter(school__district=district).select_related("school")
        return found.order_by("school__name", "school_id", "folded", "id")

    def titled(self, told: Mapping[int, str]) -> list[tuple[str, str, str]]:
        """(class, school, what is told of it) of these classes by their ids, by school and class; no query for none."""
        if not told:
            return []
        found = self.filter(pk__in=told).order_by("school__name", "folded", "id")
        return [
            (title, school, told[key])
            for key, title, school in found.values_list("pk", "title", "school__name")
        ]

    def alike(self, words: Sequence[str], cip: str) -> "HighSchoolCourseQuerySet":
        """Courses with one of these words (lexemes) in title or competencies, or of the same two-digit CIP series."""
        asked = Q(cip__startswith=cip[:2]) if cip else Q()
        if words:
            asked |= Q(terms=any_of(words))
        return self.filter(asked) if asked else self.none()

    def articulated(self, school: HighSchool, first: date, last: date) -> "HighSchoolCourseQuerySet":
        """Courses of a school with an agreement in force on some day from first to last."""
        in_force = self.filter(articulated__valid_from__lte=last, articulated__valid_until__gte=first)
        return self.filter(school=school, pk__in=in_force.order_by().values("pk")).order_by("folded", "id")


class HighSchoolCourse(models.Model):
    """A course a high school teaches, named as in its handbook. Everyone may see it."""

    public_fields: ClassVar = {
        "id", "public_id", "school", "title", "cip", "cluster", "folded", "competencies", "terms", "local_code",
        "state_code", "high_school_credits",
    }  # fmt: skip
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
    #: What the district's own system calls it, its Course ID in CEDARS. Two classes may share one.
    local_code = models.CharField("course ID", max_length=30, blank=True)
    state_code = models.CharField("state course code", max_length=6, blank=True)
    #: What the whole class counts toward graduation: 0.5 where it takes a semester; none where not known.
    high_school_credits = models.DecimalField(
        "high-school credits", max_digits=3, decimal_places=2, null=True, blank=True
    )
    folded = models.CharField(max_length=160, editable=False, default="")
    #: One a line, as the request that was entered last lists them; empty where an agreement was entered by hand.
    competencies = models.TextField("competencies", max_length=8000, blank=True)
    #: The words of title and competencies, which alternatives are found and compared by.
    terms = models.GeneratedField(
        expression=SearchVector("title", "competencies", config=LANGUAGE),
        output_field=SearchVectorField(),
        db_persist=True,
    )

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
            models.CheckConstraint(
                condition=Q(state_code="") | Q(state_code__regex=r"^[0-9A-Z]{5,6}$"),
                name="state_course_code_is_one",
                violation_error_message="Enter the state course code, for example 12104.",
            ),
            models.CheckConstraint(
                condition=Q(high_school_credits=None)
                | Q(high_school_credits__gte=Decimal("0.25"), high_school_credits__lte=3),
                name="high_school_credits_of_a_class",
                violation_error_message="Enter high-school credits from 0.25 to 3.",
            ),
        )
        indexes = (
            models.Index(
                fields=("cip",), name="high_school_course_by_cip", opclasses=("varchar_pattern_ops",)
            ),
            GinIndex(fields=("terms",), name="high_school_course_terms"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = folded_title(self.title)
        super().save(*args, **kwargs)

    @property
    def cip_in_words(self) -> str:
        """`52.0301`; empty where it is not coded."""
        return cip_in_words(self.cip)

    @property
    def numbered_competencies(self) -> list[str]:
        """Its competencies in their order."""
        return [line for line in self.competencies.splitlines() if line.strip()]
