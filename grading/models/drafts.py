"""What a person has typed on a roster and not saved yet."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Now

from accounts.models import User
from articulations.models import Section


class GradeDraft(models.Model):
    """What one person has typed on the roster of one class and not saved: never a grade, read by nobody else.

    `rows` holds each changed row by the id of its registration, as the form sent it, with what the screen showed
    then; so a draft clashes with what others saved meanwhile as the form itself would.
    """

    public_fields: ClassVar = {"id", "section", "user", "saved_at"}
    private_fields: ClassVar = {"rows"}

    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    rows = models.JSONField("rows", default=dict)
    saved_at = models.DateTimeField("saved at", db_default=Now())

    class Meta:
        ordering = ("section", "user")
        constraints = (models.UniqueConstraint(fields=("section", "user"), name="grade_draft_once"),)

    def __str__(self) -> str:
        return f"draft of {self.user_id} for {self.section_id}"


def rows_without(public_ids: list[str]) -> Func:
    """The rows of a draft but these; said in the database, so that what another window drafts meanwhile stays."""
    gone = Value(public_ids, output_field=ArrayField(models.TextField()))
    return Func(
        F("rows"), gone, template="(%(expressions)s)", arg_joiner=" - ", output_field=models.JSONField()
    )
