"""Classes: a course in one year, with its teachers and its class code."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Upper

from accounts.access import ALL, Record, Role, VisibleQuerySet
from articulations.models.agreements import NOT_REGISTERED
from articulations.models.courses import HighSchoolCourse
from articulations.models.rollovers import Rollover
from organizations.models import AcademicYear, Consortium, HighSchool, Seat
from sers.lib.folding import fold

#: No 0, O, 1, I, L: a class code is read from a whiteboard.
CLASS_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_class_code() -> str:
    """Seven characters, 27 thousand million of them; guessed codes lead only to a public class."""
    return "".join(secrets.choice(CLASS_CODE_LETTERS) for _ in range(7))


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

    def in_full(self) -> "SectionQuerySet":
        """With course, school, year and teachers: what a page tells of a class."""
        return self.select_related("high_school_course__school", "year").prefetch_related("teachers__user")

    def with_code_key(self, key: str) -> "Section | None":
        """The class of this public id, as a browser remembers it; None where it remembers none."""
        return self.in_full().filter(public_id=key).first() if key else None

    def listed(self) -> models.QuerySet["Section", dict[str, Any]]:
        """What a row of a list shows, as plain values, by school and class."""
        return self.order_by(
            "high_school_course__school__name", "high_school_course__folded", "term", "label", "id"
        ).values(
            "id", "public_id", "term", "label", "class_code",
            title=F("high_school_course__title"),
            class_key=F("high_school_course__public_id"),
            course_id=F("high_school_course__local_code"),
            school=F("high_school_course__school__name"),
        )  # fmt: skip

    def without_codes(self) -> "SectionQuerySet":
        """Classes of which the Course ID or the state course code is not known."""
        return self.filter(Q(high_school_course__local_code="") | Q(high_school_course__state_code=""))

    def at(self, school: str, year: AcademicYear) -> "SectionQuerySet":
        """Classes of a school year, at one high school (its public id) when it is given."""
        found = self.filter(year=year)
        return found.filter(high_school_course__school__public_id=school) if school else found

    def of_course(self, course: int, year: int) -> "SectionQuerySet":
        """The sections of one course in a school year (ids)."""
        return self.filter(high_school_course=course, year=year)

    def at_schools(self, schools: Iterable[int]) -> "SectionQuerySet":
        """Classes taught at these schools (ids)."""
        return self.filter(high_school_course__school__in=list(schools))

    def keyed(self, keys: Iterable[str]) -> "dict[str, Section]":
        """These classes by their public ids."""
        return {str(one.public_id): one for one in self.filter(public_id__in=list(keys))}

    def of_schools(self, consortium: Consortium, school: HighSchool | None = None) -> "SectionQuerySet":
        """Classes of one school, or of every school of a consortium's districts."""
        if school is not None:
            return self.filter(high_school_course__school=school)
        return self.filter(high_school_course__school__in=HighSchool.objects.of_consortia([consortium.pk]))

    def left_alone(self, on: date, first_year: int) -> "SectionQuerySet":
        """Classes of this school year and later whose teachers have all left, or cannot sign in any more."""
        there = Seat.objects.living(on).filter(user__is_active=True, sections=OuterRef("pk"))
        return self.filter(~Exists(there), year__first_year__gte=first_year)

    def for_rolling(self) -> "list[Section]":
        """In full, by school and class."""
        rows = self.select_related("high_school_course__school__district", "year")
        return list(
            rows.prefetch_related("teachers__user").order_by(
                "high_school_course__school__name", "high_school_course__folded", "term", "label", "id"
            )
        )

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
        "id", "public_id", "high_school_course", "year", "term", "label", "class_code", "teachers", "rollover",
        "copied_from",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    high_school_course = models.ForeignKey(HighSchoolCourse, models.PROTECT, related_name="sections")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="sections")
    term = models.CharField("term", max_length=4, choices=Term, default=Term.YEAR)
    label = models.CharField("period or section", max_length=40, blank=True)
    class_code = models.CharField("class code", max_length=10, default=new_class_code)
    teachers = models.ManyToManyField(Seat, related_name="sections", verbose_name="teachers")

    #: The act of rolling over that made it, and the class it was made from.
    rollover = models.ForeignKey(Rollover, models.PROTECT, null=True, blank=True, related_name="sections")
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")

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
            models.UniqueConstraint(
                fields=("copied_from", "year"),
                name="class_rolled_over_once",
                violation_error_message="This class is in that school year already.",
            ),
            models.CheckConstraint(
                condition=Q(rollover__isnull=True, copied_from__isnull=True)
                | Q(rollover__isnull=False, copied_from__isnull=False),
                name="class_rolled_over_has_its_act",
            ),
            models.CheckConstraint(condition=Q(term__in=("year", "s1", "s2")), name="section_term_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.high_school_course_id} {self.label}".strip()
