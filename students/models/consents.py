"""The consent text students agree to when they register: versions that follow each other, in ink."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils import timezone

from accounts.models import User

#: The version a migration put there; every registration before the next one was made under it.
FIRST_CONSENT = "2026-1"
#: The first text for guardians, from a migration too.
FIRST_GUARDIAN_TEXT = "G-2026-1"


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def latest_first(self) -> "ConsentTextQuerySet":
        return self.order_by("-published_at", "-id")

    def for_audience(self, audience: str) -> "ConsentTextQuerySet":
        return self.filter(audience=audience)

    def in_force(self, audience: str = "student") -> "ConsentText":
        """The text students, or guardians, agree to now: the one published last. There is always one of each; a
        migration put the first."""
        found = self.for_audience(audience).prefetch_related("wordings").latest_first()
        text: ConsentText = found[0]
        return text

    def with_use(self) -> models.QuerySet["ConsentText"]:
        """Each with its wordings, its author, and how many registrations agreed to it."""
        return (
            self.prefetch_related("wordings")
            .select_related("published_by")
            .annotate(agreed=models.Count("registrations"))
            .latest_first()
        )


class ConsentText(models.Model):
    """One version of what a student, or a guardian, agrees to; what was agreed names the version it was made under."""

    class Audience(models.TextChoices):
        STUDENT = "student", "Students"
        GUARDIAN = "guardian", "Parents and guardians"

    public_fields: ClassVar = {"id", "version", "audience", "published_at", "published_by"}
    private_fields: ClassVar[set[str]] = set()

    version = models.CharField("version", max_length=20, unique=True)
    audience = models.CharField(
        "for", max_length=8, choices=Audience, default=Audience.STUDENT, db_default="student"
    )
    published_at = models.DateTimeField("in force since", default=timezone.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(audience__in=("student", "guardian")), name="consent_audience_is_known"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="consent_text_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.version

    def wording(self, language: str) -> "ConsentWording":
        """The text in this language; in English where it is not there. Ask `prefetch_related` for many."""
        by_language = {one.language: one for one in self.wordings.all()}
        return by_language.get(language) or by_language["en"]


class ConsentWording(models.Model):
    """A version of the consent text in one language; paragraphs part by an empty line."""

    public_fields: ClassVar = {"id", "text", "language", "heading", "body"}
    private_fields: ClassVar[set[str]] = set()

    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="wordings")
    language = models.CharField("language", max_length=10)
    heading = models.CharField("heading", max_length=120)
    body = models.TextField("text")

    class Meta:
        ordering = ("text", "language")
        constraints = (
            models.UniqueConstraint(fields=("text", "language"), name="consent_wording_once"),
            models.CheckConstraint(
                condition=~models.Q(heading="") & ~models.Q(body=""), name="consent_wording_says_something"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="consent_wording_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.text_id} {self.language}"

    @property
    def paragraphs(self) -> list[str]:
        """The text, paragraph by paragraph."""
        return [
            " ".join(part.split()) for part in self.body.replace("\r\n", "\n").split("\n\n") if part.strip()
        ]
