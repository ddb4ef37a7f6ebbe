"""Worksheets for ctcLink's *Other Credits - Manual*: how a college wants them, what was exported, what came back."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import CollegeCourse
from organizations.models import AcademicYear, College
from students.models import of_person
from transcripts.models.awards import CreditAward
from transcripts.models.imports import SheetImport
from transcripts.models.replacements import NINE_DIGITS


class CtcLinkCourse(models.Model):
    """The Course ID by which ctcLink knows a college course: six digits; it fills units, grading scheme and basis."""

    public_fields: ClassVar = {"id", "college_course", "course_id"}
    private_fields: ClassVar[set[str]] = set()

    college_course = models.OneToOneField(CollegeCourse, models.PROTECT, related_name="ctclink")
    course_id = models.CharField("Course ID", max_length=6)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(course_id__regex=r"^[0-9]{6}$"), name="ctclink_course_id_has_six_digits"
            ),
        )

    def __str__(self) -> str:
        return self.course_id


class WorksheetColumn(models.Model):
    """One column as a college wants it: where it stands, what its head says, and what it holds if always the same."""

    class Field(models.TextChoices):
        """The fields of *Other Credits - Manual*, in the order a person meets them there."""

        SID = "sid", "ID"
        CAREER = "career", "Academic Career"
        INSTITUTION = "institution", "Academic Institution"
        LEVEL = "level", "Transcript Level"
        PROGRAM = "program", "Academic Program"
        PLAN = "plan", "Academic Plan"
        TERM = "term", "Articulation Term"
        OTHER_CREDIT = "other_credit", "Other Credit"
        SHORT_DESC = "short_desc", "Short Desc"
        LONG_DESC = "long_desc", "Long Desc"
        EVALUATED = "evaluated", "Evaluation Date"
        COURSE = "course", "Course ID"
        GRADE = "grade", "Official Grade"
        STATS = "stats", "Include in FA WI Stats"
        #: No field of the page but a word for the person who keys it in: what is there already must be changed, not added.
        POSTING = "posting", "New or Re-post"

    public_fields: ClassVar = {"id", "college", "field", "position", "heading", "value"}
    private_fields: ClassVar[set[str]] = set()

    college = models.ForeignKey(College, models.PROTECT, related_name="worksheet_columns")
    field = models.CharField("field", max_length=12, choices=Field)
    position = models.PositiveSmallIntegerField("order")
    heading = models.CharField("head", max_length=60)
    value = models.CharField("always", max_length=60, blank=True)

    class Meta:
        ordering = ("college", "position")
        constraints = (
            models.UniqueConstraint(fields=("college", "field"), name="worksheet_field_once_in_a_college"),
            models.UniqueConstraint(
                fields=("college", "position"),
                name="worksheet_place_once_in_a_college",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(
                    field__in=(
                        "sid", "career", "institution", "level", "program", "plan", "term", "other_credit",
                        "short_desc", "long_desc", "evaluated", "course", "grade", "stats", "posting",
                    )
                ),
                name="worksheet_field_is_known",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.college_id}: {self.field}"


class TermActivation(Record):
    """Ink: a college ID is active in a term of ctcLink; without that credit does not post."""

    seen_by: ClassVar = {Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "college", "term", "sheet", "said_by", "said_at"}
    private_fields: ClassVar = {"sid"}

    college = models.ForeignKey(College, models.PROTECT, related_name="+")
    term = models.CharField("term", max_length=4)
    sid = models.CharField("college ID", max_length=9)
    #: The sheet it came by; without one the registrar said so.
    sheet = models.ForeignKey(SheetImport, models.PROTECT, null=True, blank=True, related_name="activations")
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField("said at", default=timezone.now)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ("college", "term", "sid")
        constraints = (
            models.UniqueConstraint(fields=("college", "term", "sid"), name="term_activation_once"),
            models.CheckConstraint(condition=Q(sid__regex=NINE_DIGITS), name="activated_sid_has_nine_digits"),
        )
        triggers = (
            pgtrigger.Protect(name="term_activation_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"activation {self.pk}"


class WorksheetBatchQuerySet(VisibleQuerySet):
    def listed(self) -> "WorksheetBatchQuerySet":
        """With college, year and maker, and how many rows each holds, the latest first."""
        return self.select_related("college", "year", "made_by").order_by("-made_at", "-id")

    def of(self, college: College, year: AcademicYear) -> "WorksheetBatchQuerySet":
        return self.filter(college=college, year=year)


class WorksheetBatch(Record):
    """Ink: one worksheet as it was exported. Its fingerprint covers every byte of the CSV."""

    seen_by: ClassVar = {Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "college", "year", "number", "term", "made_by", "made_at", "size", "students", "sha256",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="worksheets")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="worksheets")
    number = models.PositiveIntegerField("number")
    term = models.CharField("term", max_length=4)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("made at", default=timezone.now)
    size = models.PositiveIntegerField("rows")
    students = models.PositiveIntegerField("students")
    sha256 = models.CharField(max_length=64)

    objects = WorksheetBatchQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name_plural = "worksheet batches"
        constraints = (
            models.UniqueConstraint(fields=("college", "number"), name="worksheet_number_once_in_a_college"),
            models.CheckConstraint(condition=Q(size__gt=0, students__gt=0), name="worksheet_is_not_empty"),
        )
        triggers = (
            pgtrigger.Protect(name="worksheet_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"worksheet {self.number}"

    @property
    def file_name(self) -> str:
        """`other-credits-WA190-2265-3`: college, term, number; no name of a person."""
        return f"other-credits-{self.college.code}-{self.term}-{self.number}"


class WorksheetFile(models.Model):
    """Ink: the CSV of a worksheet, apart from its row so that lists do not carry it."""

    public_fields: ClassVar = {"id", "batch"}
    private_fields: ClassVar = {"csv"}

    batch = models.OneToOneField(WorksheetBatch, models.PROTECT, related_name="file")
    csv = models.BinaryField()

    class Meta:
        triggers = (
            pgtrigger.Protect(name="worksheet_file_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"file of {self.batch_id}"


class WorksheetRowQuerySet(VisibleQuerySet):
    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What the page of a worksheet shows of each row, in its order."""
        return self.order_by("position").values(
            "position", "sid", "course_id", "grade", "replaces",
            student_public_id=of_person("public_id", path="award__student"),
            first_name=of_person("first_name", path="award__student"),
            last_name=of_person("last_name", path="award__student"),
            course_code=F("award__course_code"),
        )  # fmt: skip


class WorksheetRow(Record):
    """Ink: one award in one worksheet, with what was written there to find it by when ctcLink answers."""

    seen_by: ClassVar = {Role.REGISTRAR: "batch__college", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "batch", "award", "position", "course_id"}
    private_fields: ClassVar = {"sid", "grade", "replaces"}

    batch = models.ForeignKey(WorksheetBatch, models.PROTECT, related_name="rows")
    award = models.ForeignKey(CreditAward, models.PROTECT, related_name="worksheet_rows")
    position = models.PositiveIntegerField("row")
    sid = models.CharField("college ID", max_length=9)
    course_id = models.CharField("Course ID", max_length=6)
    grade = models.CharField("Official Grade", max_length=6)
    #: The grade ctcLink holds of this credit: the row is a re-post. Empty for a credit that is new there.
    replaces = models.CharField("replaces", max_length=6, default="", db_default="", blank=True)

    objects = WorksheetRowQuerySet.as_manager()

    class Meta:
        ordering = ("batch", "position")
        constraints = (
            models.UniqueConstraint(fields=("batch", "award"), name="award_once_in_a_worksheet"),
            models.UniqueConstraint(fields=("batch", "position"), name="row_once_in_a_worksheet"),
        )
        indexes = (models.Index(fields=("sid", "course_id"), name="worksheet_row_by_sid"),)
        triggers = (
            pgtrigger.Protect(name="worksheet_row_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.position}"


class PostingEventQuerySet(VisibleQuerySet):
    def unmatched(self) -> "PostingEventQuerySet":
        """What ctcLink said of credit that no worksheet of ours holds."""
        return self.filter(award__isnull=True)


class PostingEvent(Record):
    """Ink: ctcLink accepted, posted or did not take a credit; or the registrar says what to do or was done about it.

    What fits no worksheet is kept, and matched later.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        POSTED = "posted", "Posted"
        RETURNED = "returned", "Not taken"
        # Said by the registrar, not by ctcLink.
        AGAIN = "again", "To be exported again"
        REMOVED = "removed", "Deleted in ctcLink"

    seen_by: ClassVar = {Role.STUDENT: "award__student__user", Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "college", "award", "kind", "on", "sheet", "line", "said_by", "said_at", "term",
        "course_id",
    }  # fmt: skip
    private_fields: ClassVar = {"sid", "grade"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="+")
    award = models.ForeignKey(CreditAward, models.PROTECT, null=True, blank=True, related_name="postings")
    kind = models.CharField("what ctcLink says", max_length=8, choices=Kind)
    on = models.DateField("on")
    sid = models.CharField("college ID", max_length=9)
    term = models.CharField("term", max_length=4)
    course_id = models.CharField("Course ID", max_length=6)
    grade = models.CharField("Official Grade", max_length=6, blank=True)
    #: The sheet and line it came by; without one the registrar said so.
    sheet = models.ForeignKey(SheetImport, models.PROTECT, null=True, blank=True, related_name="postings")
    line = models.PositiveIntegerField("line", null=True, blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField("said at", default=timezone.now)

    objects = PostingEventQuerySet.as_manager()

    class Meta:
        ordering = ("said_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("college", "sid", "term", "course_id", "kind", "on", "grade"),
                name="ctclink_says_a_thing_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("accepted", "posted", "returned", "again", "removed")),
                name="posting_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(sid__regex=NINE_DIGITS), name="posting_sid_has_nine_digits"),
        )
        triggers = (
            pgtrigger.Protect(name="posting_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="posting_is_ink",
                fields=[
                    "college", "kind", "on", "sid", "term", "course_id", "grade", "sheet", "line", "said_by", "said_at",
                ],
            ),
            pgtrigger.Protect(
                name="matched_posting_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__award__isnull=False),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
