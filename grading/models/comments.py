"""Remarks on a student in a class, part of the student's record."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Section
from students.models import Registration


class RosterCommentQuerySet(VisibleQuerySet):
    def on_roster(self, section: Section) -> "RosterCommentQuerySet":
        """The comments on the students of a class, oldest first."""
        return self.filter(registration__section=section).order_by("registration_id", "written_at", "id")


class RosterComment(Record):
    """A remark on a student in a class, read by programme staff and teachers; part of the student's record."""

    seen_by: ClassVar = {
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: "registration__high_school_course__school",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    MOST_LETTERS: ClassVar = 2000

    public_fields: ClassVar = {"id", "registration", "written_at", "written_by"}
    private_fields: ClassVar = {"text"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="comments")
    text = models.TextField("comment", max_length=2000)
    written_at = models.DateTimeField("written at", db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = RosterCommentQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "written_at", "id")

    def __str__(self) -> str:
        return f"comment on {self.registration_id}"
