"""What earns what: college courses, high-school courses, the articulations between them, and classes."""

import secrets
import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Upper

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import (
    AcademicYear,
    College,
    Consortium,
    DateRange,
    HighSchool,
    Seat,
)
from sers.lib.folding import fold_parts

#: No 0, O, 1, I, L: a class code is read from a whiteboard.
CLASS_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_class_code() -> str:
    """Seven characters, 27 thousand million of them; guessed codes lead only to a public class."""
    return "".join(secrets.choice(CLASS_CODE_LETTERS) for _ in range(7))


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
        self.folded = fold_parts(self.title)
        super().save(*args, **kwargs)


class ArticulationQuerySet(models.QuerySet["Articulation"]):
    def in_force(self, on: date) -> "ArticulationQuerySet":
        """Agreements under which a student may register on that day."""
        return self.filter(valid_from__lte=on, valid_until__gte=on)


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
    def in_force(self, on: date) -> "ArticulationCourseQuerySet":
        """Course pairs under which a student may register on that day."""
        return self.filter(valid_from__lte=on, valid_until__gte=on)


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

    objects = VisibleQuerySet.as_manager()

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
