"""Files of courses: a college's catalog, a district's codes of classes, looked at before anything is saved."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from organizations.models import College, FileOfRows, SchoolDistrict


class LookedAtFile(FileOfRows):
    """A file that is looked at first, then saved by who looked at it, all of it or nothing.

    Its rows are kept as they were read until they are saved; after that only what they came to.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", "To be checked"
        DONE = "done", "Saved"

    public_fields: ClassVar = {
        "id", "public_id", "name", "rows", "state", "handed_in_by", "handed_in_at", "saved_by", "saved_at",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    state = models.CharField("state", max_length=10, choices=State, default=State.PREVIEW)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField("saved at", null=True, blank=True)

    class Meta(FileOfRows.Meta):
        abstract = True


def constraints_of(what: str) -> tuple[models.BaseConstraint, ...]:
    """What holds for each kind of file, under names of its own."""
    return (
        models.CheckConstraint(
            condition=Q(state="preview", saved_at__isnull=True, saved_by__isnull=True)
            | Q(state="done", saved_at__isnull=False, saved_by__isnull=False),
            name=f"{what}_saved_has_its_moment",
        ),
        models.CheckConstraint(condition=Q(state__in=("preview", "done")), name=f"{what}_state_is_known"),
    )


class CourseFile(LookedAtFile):
    """A college's catalog as a CSV. Its rows: `[{"line": 2, "code": "ACCT& 201", ...}]`, by the columns the file has."""

    public_fields: ClassVar = LookedAtFile.public_fields | {"college", "added", "changed", "marked"}

    college = models.ForeignKey(College, models.PROTECT, related_name="course_files")
    added = models.PositiveIntegerField("courses added", default=0)
    changed = models.PositiveIntegerField("courses changed", default=0)
    marked = models.PositiveIntegerField("agreements marked for review", default=0)

    class Meta(LookedAtFile.Meta):
        constraints = constraints_of("course_file")


class ClassFile(LookedAtFile):
    """The codes and credits of a district's classes as a spreadsheet. Its rows: `[{"line": 2, "school": "Kamiakin High
    School", "title": "Accounting 1", ...}]`, by the columns the file has."""

    public_fields: ClassVar = LookedAtFile.public_fields | {"district", "changed"}

    district = models.ForeignKey(SchoolDistrict, models.PROTECT, related_name="class_files")
    changed = models.PositiveIntegerField("classes changed", default=0)

    class Meta(LookedAtFile.Meta):
        constraints = constraints_of("class_file")
