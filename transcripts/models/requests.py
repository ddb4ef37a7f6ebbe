"""Requests of students at colleges that transcribe when they are asked."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models import Registration, RegistrationQuerySet, Student, records_of


class TranscriptRequestQuerySet(VisibleQuerySet):
    def live(self) -> "TranscriptRequestQuerySet":
        """Requests that stand: not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def of(self, student: Student) -> "TranscriptRequestQuerySet":
        return self.filter(registration__student__in=records_of(student))


class TranscriptRequest(Record):
    """A student asks a college to transcribe one class. It can be withdrawn until the credit is awarded."""

    seen_by: ClassVar = {
        Role.STUDENT: "registration__student__user",
        Role.COUNSELOR: "registration__student__school",
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "registration", "asked_at", "asked_by", "consent_version", "withdrawn_at", "withdrawn_by",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="transcript_requests")
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: Which text about the permanent record the student agreed to.
    consent_version = models.CharField("consent text", max_length=20)
    withdrawn_at = models.DateTimeField("withdrawn at", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TranscriptRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_request_a_class",
                violation_error_message="You have asked for this class already.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="withdrawn_request_has_its_moment",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="request_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="request_is_ink", fields=["registration", "asked_at", "asked_by", "consent_version"]
            ),
            pgtrigger.Protect(
                name="withdrawn_request_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"request {self.pk}"


def asked_for(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those of these classes that their students have asked a college to transcribe."""
    live = TranscriptRequest.objects.live().filter(registration=OuterRef("pk"))
    return registrations.filter(Exists(live))
