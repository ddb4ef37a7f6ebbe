"""The texts students agree to when they register and guardians sign: versions that follow each other, in ink."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from organizations.models import AcademicYear, Consortium

#: The version a migration put there; every registration before the next one was made under it.
FIRST_CONSENT = "2026-1"
#: The first text for guardians, from a migration too.
FIRST_GUARDIAN_TEXT = "G-2026-1"
#: And the first annual notice of rights.
FIRST_NOTICE = "N-2026-1"


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def latest_first(self) -> "ConsentTextQuerySet":
        return self.order_by("-published_at", "-id")

    def for_audience(self, audience: str) -> "ConsentTextQuerySet":
        return self.filter(audience=audience)

    def in_force(self, audience: str = "student") -> "ConsentText":
        """The State's text students, or guardians, agree to now: the one published last. There is always one of each;
        a migration put the first."""
        found = (
            self.for_audience(audience).filter(consortium=None).prefetch_related("wordings").latest_first()
        )
        text: ConsentText = found[0]
        return text

    def for_guardians(self, consortium: Consortium, year: AcademicYear) -> "ConsentText":
        """The text guardians sign about classes of a school year: the consortium's own, which holds from its year on
        until another one; else the State's."""
        own = Q(consortium=consortium, year__first_year__lte=year.first_year)
        found = (
            self.for_audience(ConsentText.Audience.GUARDIAN)
            .filter(own | Q(consortium=None))
            .prefetch_related("wordings")
            .order_by(F("year__first_year").desc(nulls_last=True), "-published_at", "-id")
        )
        text: ConsentText = found[0]
        return text

    def told(self) -> "ConsentTextQuerySet":
        """Each text with its wordings, its author, and its year where it is a consortium's; the newest first."""
        return self.prefetch_related("wordings").select_related("published_by", "year").latest_first()

    def with_use(self, audience: str = "student") -> models.QuerySet["ConsentText"]:
        """The State's texts of one kind, each with how many it counts for: registrations, signatures, or students who
        were told of their rights."""
        agreed = {
            ConsentText.Audience.STUDENT: "registrations",
            ConsentText.Audience.GUARDIAN: "guardian_answers",
            ConsentText.Audience.NOTICE: "yearly_notices",
        }[ConsentText.Audience(audience)]
        return (
            self.for_audience(audience).filter(consortium=None).annotate(agreed=models.Count(agreed)).told()
        )

    def with_signatures(self, consortium: Consortium) -> models.QuerySet["ConsentText"]:
        """The texts guardians of a consortium's students have signed or may sign, its own and the State's, each with
        how many of its guardians answered to it."""
        ours = Q(guardian_answers__link__consortium=consortium)
        return (
            self.for_audience(ConsentText.Audience.GUARDIAN)
            .filter(Q(consortium=consortium) | Q(consortium=None))
            .annotate(agreed=models.Count("guardian_answers", filter=ours))
            .told()
        )


class ConsentText(models.Model):
    """One version of what a student, or a guardian, agrees to, or of the notice of their rights; what was agreed, or told,
    names the version.

    The State's stand for everybody. A consortium may have its own for guardians, from a school year on.
    """

    class Audience(models.TextChoices):
        STUDENT = "student", "Students"
        GUARDIAN = "guardian", "Parents and guardians"
        #: Agreed to by nobody: what 34 CFR 99.7 has everybody told each year.
        NOTICE = "notice", "Annual notice of rights"

    public_fields: ClassVar = {
        "id", "version", "audience", "published_at", "published_by", "consortium", "year",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    version = models.CharField("version", max_length=20, unique=True)
    audience = models.CharField(
        "for", max_length=8, choices=Audience, default=Audience.STUDENT, db_default="student"
    )
    published_at = models.DateTimeField("in force since", default=timezone.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    #: Whose own text it is, and the first school year it holds in; neither where it is the State's.
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, related_name="guardian_texts")
    year = models.ForeignKey(AcademicYear, models.PROTECT, null=True, related_name="+")

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(audience__in=("student", "guardian", "notice")), name="consent_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(consortium=None, year=None)
                | Q(audience="guardian", consortium__isnull=False, year__isnull=False),
                name="own_text_is_for_guardians_from_a_year",
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
                condition=~Q(heading="") & ~Q(body=""), name="consent_wording_says_something"
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
