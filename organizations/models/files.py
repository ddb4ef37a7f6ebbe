"""Files of rows that staff hand in: looked at first, then saved by a worker, all of it or nothing."""

import uuid
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

File = TypeVar("File", bound="HandedInFile")


class HandedInFileQuerySet(models.QuerySet[File]):
    def of(self, user: User) -> Self:
        """Files this person handed in; nobody else's."""
        return self.filter(handed_in_by=user)

    def left_lying(self, before: datetime) -> Self:
        """Files that nobody decided about since then, and refused ones: their rows name people."""
        states = (HandedInFile.State.PREVIEW, HandedInFile.State.REFUSED)
        return self.filter(state__in=states, handed_in_at__lt=before)


class FileOfRows(models.Model):
    """A file of rows that was handed in: by whom, when, and what stood in it until it is saved."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("file name", max_length=100)
    rows = models.JSONField("rows", default=list)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ("-handed_in_at", "-id")

    def __str__(self) -> str:
        return self.name


class HandedInFile(FileOfRows):
    """A file of rows on its way: to be checked, being saved, saved, or refused because something changed meanwhile.

    Its rows are kept as they were read until they are saved; after that only their number.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", "To be checked"
        QUEUED = "queued", "Being saved"
        DONE = "done", "Saved"
        REFUSED = "refused", "Not saved"

    public_fields: ClassVar = {"id", "public_id", "state", "handed_in_by", "handed_in_at", "done_at"}
    private_fields: ClassVar = {"name", "rows", "reason"}

    reason = models.CharField("reason", max_length=200)
    state = models.CharField("state", max_length=10, choices=State, default=State.PREVIEW)
    done_at = models.DateTimeField("saved at", null=True, blank=True)

    class Meta(FileOfRows.Meta):
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (Q(state__in=("preview", "queued", "refused")) & Q(done_at__isnull=True)),
                name="%(class)s_done_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("preview", "queued", "done", "refused")),
                name="%(class)s_state_is_known",
            ),
        )


class PeopleFile(HandedInFile):
    """A spreadsheet of new people and their seats."""

    public_fields: ClassVar = HandedInFile.public_fields | {"accounts", "seats"}

    #: New accounts, and seats given, theirs among them.
    accounts = models.PositiveIntegerField("new accounts", default=0)
    seats = models.PositiveIntegerField("seats", default=0)

    objects = HandedInFileQuerySet["PeopleFile"].as_manager()
