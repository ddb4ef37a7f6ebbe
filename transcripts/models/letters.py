"""What a college's documents look like and say, and the letters that were written with it."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import College
from sers.lib.codes import in_groups, new_code
from transcripts.models.transcripts import Transcript


class Language(models.TextChoices):
    """The languages letters are written in."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class LetterheadQuerySet(models.QuerySet["Letterhead"]):
    def of(self, college: College) -> "Letterhead | None":
        """What a college has set for its documents; None when it has set nothing."""
        return self.filter(college=college).first()


class Letterhead(models.Model):
    """The head and the signer of a college's transcripts and letters."""

    LOGO_KIND: ClassVar = "image/png"

    public_fields: ClassVar = {
        "id", "college", "office", "street", "city", "state", "postal_code", "phone", "signer_name",
        "signer_title", "signer_title_es", "logo", "updated_at", "updated_by",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    college = models.OneToOneField(College, models.PROTECT, related_name="letterhead")
    office = models.CharField("office", max_length=80, blank=True)
    street = models.CharField("street address", max_length=120, blank=True)
    city = models.CharField("city", max_length=60, blank=True)
    state = models.CharField("state", max_length=20, blank=True)
    postal_code = models.CharField("ZIP code", max_length=10, blank=True)
    phone = models.CharField("phone", max_length=30, blank=True)
    signer_name = models.CharField("signer", max_length=80, blank=True)
    signer_title = models.CharField("title of the signer", max_length=80, blank=True)
    signer_title_es = models.CharField("title of the signer in Spanish", max_length=80, blank=True)
    #: A PNG that SERS has drawn anew from the picture that was handed in.
    logo = models.BinaryField("logo", null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LetterheadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"letterhead of {self.college_id}"

    @property
    def address(self) -> str:
        """`2600 North 20th Avenue, Pasco, Washington 99301`, as much of it as there is."""
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.street, self.city, place) if part)

    def title_in(self, language: str) -> str:
        """The signer's title in the language of a letter; the English one where there is no Spanish."""
        spanish = self.signer_title_es if language == Language.SPANISH else ""
        return spanish or self.signer_title


class LetterWordingQuerySet(models.QuerySet["LetterWording"]):
    def latest_of(self, college: College, language: str) -> "LetterWording | None":
        """What a college's letters say now in a language; None when it has written nothing of its own."""
        return self.filter(college=college, language=language).order_by("-number").first()

    def history_of(self, college: College, language: str) -> "LetterWordingQuerySet":
        """Every version with who saved it, the latest first."""
        return self.filter(college=college, language=language).select_related("saved_by").order_by("-number")


class LetterWording(models.Model):
    """Ink: one version of what a college's letters say in one language."""

    public_fields: ClassVar = {
        "id", "college", "language", "number", "heading", "opening", "steps", "closing", "saved_at", "saved_by",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    college = models.ForeignKey(College, models.PROTECT, related_name="wordings")
    language = models.CharField("language", max_length=2, choices=Language)
    number = models.PositiveSmallIntegerField("version")
    heading = models.CharField("heading", max_length=120)
    opening = models.TextField("opening", max_length=1500)
    steps = models.TextField("what to do now", max_length=1500, blank=True)
    closing = models.TextField("closing", max_length=1500, blank=True)
    saved_at = models.DateTimeField("saved at", default=timezone.now)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = LetterWordingQuerySet.as_manager()

    class Meta:
        ordering = ("college", "language", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("college", "language", "number"), name="wording_once_a_college_and_version"
            ),
            models.CheckConstraint(condition=Q(language__in=("en", "es")), name="wording_language_is_known"),
        )
        triggers = (pgtrigger.Protect(name="wording_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"wording {self.language} {self.number} of {self.college_id}"


class LetterQuerySet(VisibleQuerySet):
    def with_file(self) -> "LetterQuerySet":
        """With the PDF itself, and what its file is named after."""
        return self.select_related("file", "transcript__college", "transcript__student")


class Letter(Record):
    """The congratulatory letter that was issued with a transcript: replaced and revoked with it."""

    seen_by: ClassVar = {
        Role.STUDENT: "transcript__student__user",
        Role.REGISTRAR: "transcript__college",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "transcript", "language", "wording", "sha256"}
    private_fields: ClassVar = {"code", "address"}

    transcript = models.OneToOneField(Transcript, models.PROTECT, related_name="letter")
    code = models.CharField("verification code", max_length=26, unique=True, default=new_code)
    language = models.CharField("language", max_length=2, choices=Language, default=Language.ENGLISH)
    #: The version it was written with; empty when the college had no words of its own.
    wording = models.ForeignKey(LetterWording, models.PROTECT, null=True, blank=True, related_name="letters")
    sha256 = models.CharField(max_length=64)
    #: The lines of the address as the paper shows them; empty when it shows the name alone.
    address = models.TextField("address on it", max_length=400, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(language__in=("en", "es")), name="letter_language_is_known"),
        )

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def code_in_groups(self) -> str:
        return in_groups(self.code)

    @property
    def address_lines(self) -> list[str]:
        """The address it was written to."""
        return self.address.splitlines()

    @property
    def file_name(self) -> str:
        """`letter-columbia-basin-college-2026-08-21.pdf`: no name of a person, plain letters."""
        college, issued = self.transcript.college.name, self.transcript.issued_at
        return f"letter-{slugify(college)}-{timezone.localdate(issued)}.pdf"


class LetterFile(models.Model):
    """The PDF itself, apart from its row so that lists do not carry it."""

    public_fields: ClassVar = {"id", "letter"}
    private_fields: ClassVar = {"pdf"}

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="file")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.letter_id}"
