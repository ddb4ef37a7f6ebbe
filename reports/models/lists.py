"""Lists that staff take away as files: asked for, made by a worker, kept for seven days."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import AcademicYear


class ListExportQuerySet(VisibleQuerySet):
    def opened_to(self, user: Any) -> Q:
        """Who asked for a file finds it, from whichever seat."""
        return Q(asked_by=user)

    def asked_by(self, user: User) -> "ListExportQuerySet":
        return self.filter(asked_by=user)

    def being_made(self) -> "ListExportQuerySet":
        """Asked for, and neither ready nor given up."""
        return self.filter(made_at__isnull=True, given_up_at__isnull=True)

    def over(self, now: datetime) -> "ListExportQuerySet":
        """Those whose file has been kept for its seven days."""
        return self.filter(made_at__lte=now - ListExport.KEPT_FOR, removed_at__isnull=True)

    def latest_first(self) -> "ListExportQuerySet":
        return self.select_related("asked_by", "year").order_by("-asked_at", "-id")

    def large(self, rows: int) -> "ListExportQuerySet":
        """Files of at least so many rows."""
        return self.filter(total__gte=rows)


class ListExport(Record):
    """One request for a list of what a person's seats may see, as a file."""

    class Kind(models.TextChoices):
        REGISTRATIONS = "registrations", "Registrations"
        GRADES = "grades", "Grades"
        AWARDS = "awards", "Credit awarded"
        CREDENTIALS = "credentials", "Industry credentials"
        PATHWAYS = "pathways", "Pathway progress"
        CEDARS = "cedars", "Dual credit classes for CEDARS"
        RESULTS = "results", "Results for a school’s system (OneRoster 1.2)"
        RESEARCH = "research", "Extract for the State’s research center"

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        ZIP = "zip", "ZIP of CSV files"

    class State(models.TextChoices):
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        REMOVED = "removed", "Not kept any more"
        GIVEN_UP = "given_up", "Not made"

    KEPT_FOR: ClassVar = timedelta(days=7)

    seen_by: ClassVar = {Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "kind", "form", "year", "asked_by", "asked_at", "seat_id", "destroy_by", "total", "done",
        "students", "made_at", "removed_at", "given_up_at", "size", "sha256",
    }  # fmt: skip
    private_fields: ClassVar = {"purpose"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("list", max_length=13, choices=Kind)
    form = models.CharField("form", max_length=4, choices=Form)
    #: One school year; none is every year.
    year = models.ForeignKey(AcademicYear, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="who asked")
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    #: The one seat they worked from, by number, since seats end; none is all their seats.
    seat_id = models.BigIntegerField("seat", null=True, blank=True)
    purpose = models.CharField("what it is for", max_length=300)
    #: Whoever takes the extract destroys it by then.
    destroy_by = models.DateField("to be destroyed by", null=True, blank=True)
    #: Rows there are, rows written, and whose they are: how far it is, and how much it was.
    total = models.PositiveIntegerField("rows", default=0)
    done = models.PositiveIntegerField("rows written", default=0)
    students = models.PositiveIntegerField("students", default=0)
    made_at = models.DateTimeField("made at", null=True, blank=True)
    removed_at = models.DateTimeField("file removed at", null=True, blank=True)
    #: The seat it was asked from ended before it was made.
    given_up_at = models.DateTimeField("given up at", null=True, blank=True)
    size = models.PositiveBigIntegerField("bytes", default=0)
    sha256 = models.CharField("fingerprint", max_length=64, blank=True)

    objects = ListExportQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        "registrations",
                        "grades",
                        "awards",
                        "credentials",
                        "pathways",
                        "cedars",
                        "results",
                        "research",
                    )
                ),
                name="list_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(form__in=("csv", "xlsx", "zip")), name="list_form_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=("results", "research"), form="zip")
                | Q(
                    kind__in=("registrations", "grades", "awards", "credentials", "pathways", "cedars"),
                    form__in=("csv", "xlsx"),
                ),
                name="list_kind_has_its_form",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="list_says_what_it_is_for"),
            models.CheckConstraint(
                condition=~Q(kind="research") | Q(destroy_by__isnull=False),
                name="research_extract_is_destroyed",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(made_at__isnull=False),
                name="only_a_list_that_was_made_is_removed",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(given_up_at__isnull=True),
                name="list_is_made_or_given_up",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, sha256="", size=0)
                | (Q(made_at__isnull=False, size__gt=0) & ~Q(sha256="")),
                name="a_list_that_was_made_has_its_fingerprint",
            ),
        )
        indexes = (
            models.Index(fields=("asked_by", "-asked_at"), name="list_by_who_asked"),
            models.Index(fields=("-asked_at",), name="list_by_moment"),
        )

    def __str__(self) -> str:
        return f"list {self.pk}"

    @property
    def state(self) -> "ListExport.State":
        if self.removed_at is not None:
            return self.State.REMOVED
        if self.given_up_at is not None:
            return self.State.GIVEN_UP
        return self.State.MAKING if self.made_at is None else self.State.READY

    @property
    def kept_until(self) -> datetime | None:
        """The last moment the file can be taken."""
        return None if self.made_at is None else self.made_at + self.KEPT_FOR

    @property
    def of_year(self) -> str:
        return "All school years" if self.year is None else str(self.year)


class ListPartQuerySet(models.QuerySet["ListPart"]):
    def content_of(self, export: ListExport) -> Iterator[bytes]:
        """The bytes of a file, a part at a time: however large, one part is in memory."""
        for number in self.filter(export=export).order_by("number").values_list("number", flat=True):
            yield bytes(self.get(export=export, number=number).content)


class ListPart(models.Model):
    """A megabyte of a file; removed after seven days, while the request stays on record."""

    SIZE: ClassVar = 1024 * 1024

    public_fields: ClassVar = {"id", "export", "number"}
    private_fields: ClassVar = {"content"}

    export = models.ForeignKey(ListExport, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField("number")
    content = models.BinaryField()

    objects = ListPartQuerySet.as_manager()

    class Meta:
        ordering = ("export", "number")
        constraints = (models.UniqueConstraint(fields=("export", "number"), name="list_part_once"),)

    def __str__(self) -> str:
        return f"{self.export_id} #{self.number}"
