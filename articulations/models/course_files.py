"""Files of courses: a college's catalog, a district's codes of classes, looked at before anything is saved."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from organizations.models import College, SchoolDistrict


class CourseFile(models.Model):
    """A college's catalog as a CSV: looked at first, then saved, all of it or nothing.

    Its rows are kept as they were read until they are saved; after that only what they came to.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", "To be checked"
        DONE = "done", "Saved"

    public_fields: ClassVar = {
        "id", "public_id", "college", "name", "rows", "state", "handed_in_by", "handed_in_at", "saved_by", "saved_at",
        "added", "changed", "marked",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="course_files")
    name = models.CharField("file name", max_length=100)
    #: `[{"line": 2, "code": "ACCT& 201", ...}]`, by the names of the columns the file has.
    rows = models.JSONField("rows", default=list)
    state = models.CharField("state", max_length=10, choices=State, default=State.PREVIEW)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now, editable=False)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField("saved at", null=True, blank=True)
    added = models.PositiveIntegerField("courses added", default=0)
    changed = models.PositiveIntegerField("courses changed", default=0)
    marked = models.PositiveIntegerField("agreements marked for review", default=0)

    class Meta:
        ordering = ("-handed_in_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="preview", saved_at__isnull=True, saved_by__isnull=True)
                | Q(state="done", saved_at__isnull=False, saved_by__isnull=False),
                name="course_file_saved_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("preview", "done")), name="course_file_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ClassFile(models.Model):
    """The codes and credits of a district's classes as a spreadsheet: looked at first, then saved, all of it or nothing.

    Its rows are kept as they were read until they are saved; after that only how many classes it changed.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", "To be checked"
        DONE = "done", "Saved"

    public_fields: ClassVar = {
        "id", "public_id", "district", "name", "rows", "state", "handed_in_by", "handed_in_at", "saved_by", "saved_at",
        "changed",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(SchoolDistrict, models.PROTECT, related_name="class_files")
    name = models.CharField("file name", max_length=100)
    #: `[{"line": 2, "school": "Kamiakin High School", "title": "Accounting 1", ...}]`, by the columns the file has.
    rows = models.JSONField("rows", default=list)
    state = models.CharField("state", max_length=10, choices=State, default=State.PREVIEW)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now, editable=False)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField("saved at", null=True, blank=True)
    changed = models.PositiveIntegerField("classes changed", default=0)

    class Meta:
        ordering = ("-handed_in_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="preview", saved_at__isnull=True, saved_by__isnull=True)
                | Q(state="done", saved_at__isnull=False, saved_by__isnull=False),
                name="class_file_saved_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("preview", "done")), name="class_file_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name
