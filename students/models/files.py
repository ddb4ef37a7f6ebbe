"""Files of students of the former system."""

from typing import Any, ClassVar

from django.db import models

from organizations.models import HandedInFile, HandedInFileQuerySet


class StudentFileQuerySet(HandedInFileQuerySet["StudentFile"]):
    def lately(self) -> models.QuerySet["StudentFile", Any]:
        """What the page lists of the last ones; never their rows."""
        return self.order_by("-handed_in_at", "-id").values(
            "public_id", "name", "state", "handed_in_at", "accounts", "records"
        )[:10]


class StudentFile(HandedInFile):
    """A sheet of students with their legacy IDs. Each row: its line in the sheet, then its cells by the columns."""

    public_fields: ClassVar = HandedInFile.public_fields | {"records", "accounts", "known"}

    #: New records, those of them with an account, and rows whose student was here.
    records = models.PositiveIntegerField("new records", default=0)
    accounts = models.PositiveIntegerField("new accounts", default=0)
    known = models.PositiveIntegerField("here before", default=0)

    objects = StudentFileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"students from a file {self.pk}"
