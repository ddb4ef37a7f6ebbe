"""Who was told of their rights in which school year, by which version of the notice (34 CFR 99.7)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from organizations.models import AcademicYear
from students.models.consents import ConsentText
from students.models.kin import StudentKey, records_of
from students.models.people import Student
from students.models.registrations import Registration


class YearlyNoticeQuerySet(VisibleQuerySet):
    def of(self, student: Student) -> "YearlyNoticeQuerySet":
        return self.filter(student__in=records_of(student))

    def latest_first(self) -> "YearlyNoticeQuerySet":
        return self.select_related("year", "text").order_by("-told_at", "-id")


class YearlyNotice(Record):
    """Ink: a student was told of their rights, once a school year; a parent too where SERS has their address."""

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.DISTRICT: "student__school__district",
        Role.CONSORTIUM: "student__school__district__consortia",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "student", "year", "text", "told_at", "guardian_too"}
    private_fields: ClassVar[set[str]] = set()

    student = StudentKey(Student, models.PROTECT, related_name="yearly_notices")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+", verbose_name="school year")
    text = models.ForeignKey(
        ConsentText, models.PROTECT, related_name="yearly_notices", verbose_name="version of the notice"
    )
    told_at = models.DateTimeField("told at", default=timezone.now)
    guardian_too = models.BooleanField("a parent or guardian too", default=False)

    objects = YearlyNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-told_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("student", "year"), name="told_of_rights_once_a_year"),
        )
        triggers = (
            pgtrigger.Protect(name="yearly_notice_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"notice to {self.student_id}"


def to_be_told(year: AcademicYear) -> models.QuerySet[Any]:
    """Students in attendance in a school year, by a live registration on any record of theirs, who were not told of
    their rights in it and can be written to."""
    classes = Registration.objects.live().filter(year=year).order_by()
    there = Q(Exists(classes.filter(student=OuterRef("pk")))) | Q(
        pk__in=classes.filter(student__merged_into__isnull=False).values("student__merged_into")
    )
    told = YearlyNotice.objects.filter(
        Q(student=OuterRef("pk")) | Q(student__merged_into=OuterRef("pk")), year=year
    ).order_by()
    reached = Q(user__isnull=False) | ~Q(imported_email="")
    return (
        Student.objects.living()
        .filter(there, reached, ~Exists(told), died_on__isnull=True)
        .select_related("user")
        .order_by("pk")
    )
