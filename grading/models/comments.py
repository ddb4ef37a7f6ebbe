"""Remarks on a student in a class, part of the student's record."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Section
from students.models import Registration


class RosterCommentQuerySet(VisibleQuerySet):
    def standing(self) -> "RosterCommentQuerySet":
        """Comments that count: no later one corrects them."""
        return self.filter(superseded_by__isnull=True)

    def on(self, registration: Registration) -> "RosterCommentQuerySet":
        return self.filter(registration=registration)

    def with_writer(self) -> "RosterCommentQuerySet":
        """The latest first, each with who wrote it."""
        return self.select_related("written_by").order_by("-written_at", "-id")

    def on_roster(self, section: Section) -> "RosterCommentQuerySet":
        """The comments that count on the students of a class, oldest first."""
        return (
            self.standing()
            .filter(registration__section=section)
            .order_by("registration_id", "written_at", "id")
        )


class RosterComment(Record):
    """Ink: a remark on a student in a class, read by programme staff and teachers; part of the student's record.

    A correction is a new comment that supersedes; what it corrects stays to be read.
    """

    seen_by: ClassVar = {
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: "registration__high_school_course__school",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    MOST_LETTERS: ClassVar = 2000

    public_fields: ClassVar = {"id", "public_id", "registration", "written_at", "written_by", "supersedes"}
    private_fields: ClassVar = {"text"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="comments")
    text = models.TextField("comment", max_length=2000)
    written_at = models.DateTimeField("written at", db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = RosterCommentQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="no_comment_supersedes_itself",
            ),
        )
        triggers = (pgtrigger.Protect(name="comment_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"comment on {self.registration_id}"
