"""Links that are mailed to a parent or guardian, and what they answered, in ink."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import AcademicYear, Consortium
from students.models.consents import ConsentText, ConsentWording
from students.models.kin import StudentKey
from students.models.people import Student
from students.models.registrations import Registration
from students.models.requirements import Requirement


class GuardianLinkQuerySet(VisibleQuerySet):
    def open_at(self, moment: datetime) -> "GuardianLinkQuerySet":
        """Links that still open something: not answered, not ended by a newer one, not too old."""
        return self.filter(answer__isnull=True, ended_at__isnull=True, expires_at__gt=moment)

    def in_full(self) -> "GuardianLinkQuerySet":
        """With the student and the classes it asks about."""
        return self.select_related("student__user", "consortium", "asked_by").prefetch_related(
            models.Prefetch("requirements", Requirement.objects.told())
        )

    def of_registration(self, registration: Registration) -> "GuardianLinkQuerySet":
        """Links about one registration, the newest first, each with its answer."""
        return (
            self.filter(requirements__registration=registration)
            .select_related("answer", "asked_by")
            .order_by("-created_at", "-pk")
        )


class GuardianLink(Record):
    """A link that was mailed to a guardian and is answered once. Kept is a fingerprint of its token, never the token."""

    #: A family reads its mail at its own pace; the link can be sent anew at any time.
    LIFETIME: ClassVar = timedelta(days=14)

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.CONSORTIUM: "consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "consortium", "language", "created_at", "expires_at", "ended_at",
        "asked_by", "requirements",
    }  # fmt: skip
    private_fields: ClassVar = {"address", "token_hash"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="guardian_links")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+")
    #: What the guardian is asked about: the signatures that were Pending when it was mailed.
    requirements = models.ManyToManyField(Requirement, related_name="guardian_links")
    language = models.CharField("language", max_length=10)
    address = models.EmailField("mailed to", max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    #: Ended before it was answered: by a newer link, or because the student has left the classes.
    ended_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GuardianLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="guardian_link_ends_after_it_begins"
            ),
        )
        indexes = (models.Index(fields=("student", "-created_at"), name="guardian_link_of_student"),)

    def __str__(self) -> str:
        return f"guardian link {self.pk}"

    @property
    def year(self) -> AcademicYear:
        """The school year of the classes it asks about."""
        years: list[AcademicYear] = [one.registration.year for one in self.requirements.all()]
        return max(years, key=lambda one: one.first_year)

    @property
    def answered(self) -> Any:
        """The guardian's answer; None before there is one."""
        return getattr(self, "answer", None)


class GuardianAnswer(Record):
    """Ink: a guardian signed or declined, by typing their name; bound to the version and language of the text they
    read, and to the classes as they were shown."""

    class Answer(models.TextChoices):
        SIGNED = "signed", _("Signed")
        DECLINED = "declined", _("Declined")

    seen_by: ClassVar = {
        Role.STUDENT: "link__student__user",
        Role.CONSORTIUM: "link__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "link", "at", "language", "text"}
    private_fields: ClassVar = {"answer", "name", "shown", "words"}

    link = models.OneToOneField(GuardianLink, models.PROTECT, related_name="answer")
    answer = models.CharField("answer", max_length=8, choices=Answer)
    name = models.CharField("name as typed", max_length=150)
    text = models.ForeignKey(
        ConsentText,
        models.PROTECT,
        to_field="version",
        db_column="consent_version",
        related_name="guardian_answers",
    )
    language = models.CharField("read in", max_length=10)
    #: The sentence beside the box that was ticked, and the classes, word for word.
    words = models.CharField("what was agreed to", max_length=300)
    shown = models.JSONField("classes as shown", default=list)
    at = models.DateTimeField("at", db_default=Now())

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer__in=("signed", "declined")), name="guardian_answer_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(words=""), name="guardian_answer_has_name_and_words"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="guardian_answer_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.answer} {self.link_id}"

    @property
    def wording(self) -> ConsentWording:
        """The words that were read."""
        return self.text.wording(self.language)
