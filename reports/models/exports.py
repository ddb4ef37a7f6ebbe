"""Everything SERS holds about one student, made into a file on request."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models import Inspection, Student, StudentKey, records_of


class RecordExportQuerySet(VisibleQuerySet):
    def of(self, student: Student) -> "RecordExportQuerySet":
        """Files of a student's record, those of records that were merged into it among them."""
        return self.filter(student__in=records_of(student))

    def asked_by(self, user: User) -> "RecordExportQuerySet":
        return self.filter(asked_by=user)

    def for_request(self, inspection: Inspection | None) -> "RecordExportQuerySet":
        """Those made to answer this request to inspect; without one those that answer none."""
        return self.filter(inspection=inspection)

    def to_take(self, user: User) -> "RecordExportQuerySet":
        """Those this person asked for, and those made for a student who asked to inspect their record."""
        return self.filter(Q(asked_by=user) | Q(inspection__asker=Inspection.Asker.STUDENT))

    def with_request(self) -> "RecordExportQuerySet":
        return self.select_related(
            "student__school", "student__user", "asked_by", "inspection__student__user"
        )

    def fresh(self, now: datetime) -> "RecordExportQuerySet":
        """Asked for not long ago, the file not removed: who asks again is led to these."""
        return self.filter(asked_at__gt=now - RecordExport.FRESH_FOR, removed_at__isnull=True)

    def over(self, now: datetime) -> "RecordExportQuerySet":
        """Those whose file has been kept for its seven days."""
        return self.filter(made_at__lte=now - RecordExport.KEPT_FOR, removed_at__isnull=True)

    def latest_first(self) -> "RecordExportQuerySet":
        return self.select_related("asked_by", "student").order_by("-asked_at", "-id")


class RecordExport(Record):
    """One request for everything SERS holds about a student (34 CFR 99.10). Its file is kept for seven days."""

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        REMOVED = "removed", _("Not kept any more")

    KEPT_FOR: ClassVar = timedelta(days=7)
    FRESH_FOR: ClassVar = timedelta(hours=1)

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.DISTRICT: "student__school__district",
        Role.REGISTRAR: ("student__registrations__college", "student__merged__registrations__college"),
        Role.CONSORTIUM: (
            "student__registrations__articulation__consortium",
            "student__merged__registrations__articulation__consortium",
            "student__school__district__consortia",
        ),
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "asked_by", "asked_at", "done", "made_at", "removed_at", "size", "sha256",
        "inspection",
    }  # fmt: skip
    private_fields: ClassVar = {"reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="exports")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="who asked")
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    #: Whose request staff answer; empty when the student asked.
    reason = models.CharField("reason", max_length=300, blank=True)
    #: The request to inspect it answers, if it does (34 CFR 99.10).
    inspection = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exports",
        verbose_name="request to inspect",
    )
    #: Tables that are written already: how far it is.
    done = models.PositiveSmallIntegerField("tables written", default=0)
    made_at = models.DateTimeField("made at", null=True, blank=True)
    #: Also of a file that was never made: the parent's right in it ended before.
    removed_at = models.DateTimeField("file removed at", null=True, blank=True)
    size = models.PositiveIntegerField("bytes", default=0)
    #: Of the file, so that a copy can be told from it after it is gone.
    sha256 = models.CharField("fingerprint (SHA-256)", max_length=64, blank=True)

    objects = RecordExportQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(made_at__isnull=False) | Q(inspection__isnull=False),
                name="only_a_file_that_was_made_is_removed",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, sha256="", size=0)
                | (Q(made_at__isnull=False, size__gt=0) & ~Q(sha256="")),
                name="a_file_that_was_made_has_its_fingerprint",
            ),
        )
        indexes = (models.Index(fields=("student", "-asked_at"), name="export_by_student"),)

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def state(self) -> "RecordExport.State":
        if self.removed_at is not None:
            return self.State.REMOVED
        return self.State.MAKING if self.made_at is None else self.State.READY

    @property
    def goes_to_account(self) -> bool:
        """Is it taken by the student who asked to inspect their record, and not by the staff who had it made?"""
        return self.inspection is not None and self.inspection.goes_to_account

    @property
    def is_school_side(self) -> bool:
        """Does it answer a parent, who holds a right in the school's side of the record alone?"""
        return self.inspection is not None and not self.inspection.is_the_students

    @property
    def parent(self) -> str:
        """The name of the parent it answers; empty for a file of the whole record."""
        return self.inspection.asker_name if self.inspection is not None and self.is_school_side else ""

    @property
    def made_for(self) -> str:
        """For whom the file was made, by name."""
        return self.asked_by.name if self.inspection is None else self.inspection.who

    @property
    def reader(self) -> User:
        """The account that takes it."""
        found = self.inspection.reader if self.inspection is not None else None
        return found or self.asked_by

    @property
    def kept_until(self) -> datetime | None:
        """The last moment the file can be taken."""
        return None if self.made_at is None else self.made_at + self.KEPT_FOR


class RecordExportFile(models.Model):
    """The file itself; removed after seven days, while the request stays on record."""

    public_fields: ClassVar = {"export"}
    private_fields: ClassVar = {"content"}

    export = models.OneToOneField(RecordExport, models.PROTECT, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        ordering = ("export",)

    def __str__(self) -> str:
        return f"file of {self.export_id}"
