"""Files of students of the former system: looked at first, then saved by a worker, all of it or nothing."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


class StudentFileQuerySet(models.QuerySet["StudentFile"]):
    def of(self, user: User) -> "StudentFileQuerySet":
        """Files this person handed in; nobody else's."""
        return self.filter(handed_in_by=user)

    def lately(self) -> models.QuerySet["StudentFile", dict[str, Any]]:
        """What the page lists of the last ones; never their rows."""
        return self.order_by("-handed_in_at", "-id").values(
            "public_id", "name", "state", "handed_in_at", "accounts", "records"
        )[:10]

    def left_lying(self, before: datetime) -> "StudentFileQuerySet":
        """Files nobody decided about since then, and refused ones: their rows name people."""
        return self.filter(
            state__in=(StudentFile.State.PREVIEW, StudentFile.State.REFUSED), handed_in_at__lt=before
        )


class StudentFile(models.Model):
    """A sheet of students with their legacy IDs. Its rows are kept until they are saved; after that their number."""

    class State(models.TextChoices):
        PREVIEW = "preview", "To be checked"
        QUEUED = "queued", "Being saved"
        DONE = "done", "Saved"
        REFUSED = "refused", "Not saved"

    public_fields: ClassVar = {
        "id", "public_id", "state", "handed_in_by", "handed_in_at", "done_at", "records", "accounts", "known",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "rows", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("file name", max_length=100)
    #: Each row: its line in the sheet, then its cells in the order of the columns.
    rows = models.JSONField("rows", default=list)
    reason = models.CharField("reason", max_length=200)
    state = models.CharField("state", max_length=10, choices=State, default=State.PREVIEW)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="student_files")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now, editable=False)
    done_at = models.DateTimeField("saved at", null=True, blank=True)
    #: New records, those of them with an account, and rows whose student was here.
    records = models.PositiveIntegerField("new records", default=0)
    accounts = models.PositiveIntegerField("new accounts", default=0)
    known = models.PositiveIntegerField("here before", default=0)

    objects = StudentFileQuerySet.as_manager()

    class Meta:
        ordering = ("-handed_in_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (Q(state__in=("preview", "queued", "refused")) & Q(done_at__isnull=True)),
                name="student_file_done_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("preview", "queued", "done", "refused")),
                name="student_file_state_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"students from a file {self.pk}"
