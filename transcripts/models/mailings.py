"""Letters on paper: one print-ready file for each mailing of a college, made in parts, with what it leaves out."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import AcademicYear, College
from students.models import of_person
from transcripts.models.transcripts import Transcript, printable

#: Students in one part: what a worker puts together before it keeps it. A bound on memory and on work lost.
PART: int = 50


class PaperMailingQuerySet(VisibleQuerySet):
    def with_names(self) -> "PaperMailingQuerySet":
        """With the college, the year and who started it."""
        return self.select_related("college", "year", "started_by", "mailed_by")

    def listed(self) -> "PaperMailingQuerySet":
        """Mailings with how many letters they hold and leave out, the latest first."""
        return (
            self.with_names()
            .annotate(
                letters=Count("items", filter=Q(items__left_out="")),
                left_out=Count("items", filter=~Q(items__left_out="")),
            )
            .order_by("-started_at", "-id")
        )


class PaperMailing(Record):
    """Letters and transcripts of one college and year for the printer: one file, sorted by ZIP code."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Preparing"
        READY = "ready", "Ready to print"
        MAILED = "mailed", "Mailed"

    seen_by: ClassVar = {Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "college", "year", "state", "mail_by", "started_at", "started_by", "ready_at",
        "pages", "mailed_on", "mailed_by", "makings",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="paper_mailings")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    state = models.CharField("state", max_length=10, choices=State, default=State.PREPARING)
    mail_by = models.DateField("mailed by")
    started_at = models.DateTimeField("started at", default=timezone.now)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: How often it was set going: once, and once more each time somebody has it made again.
    makings = models.PositiveSmallIntegerField("times it was set going", default=1)
    ready_at = models.DateTimeField("ready at", null=True, blank=True)
    pages = models.PositiveIntegerField("pages", default=0)
    mailed_on = models.DateField("mailed on", null=True, blank=True)
    mailed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PaperMailingQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("college", "year"),
                condition=Q(state="preparing"),
                name="one_mailing_in_the_making",
                violation_error_message="A mailing of this college and year is being made.",
            ),
            models.CheckConstraint(
                condition=Q(state="preparing", ready_at__isnull=True, mailed_on__isnull=True, mailed_by=None)
                | Q(state="ready", ready_at__isnull=False, mailed_on__isnull=True, mailed_by=None)
                | Q(
                    state="mailed",
                    ready_at__isnull=False,
                    mailed_on__isnull=False,
                    mailed_by__isnull=False,
                ),
                name="mailing_state_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("preparing", "ready", "mailed")), name="mailing_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"mailing {self.pk}"

    @property
    def file_name(self) -> str:
        """`letters-2026-08-22.pdf`."""
        return f"letters-{timezone.localdate(self.started_at)}.pdf"

    @property
    def job_key(self) -> str:
        """The key of the work that makes it now: each time it is set going the next one."""
        return f"mailing-{self.pk}" + (f"-{self.makings}" if self.makings > 1 else "")


class MailingItemQuerySet(VisibleQuerySet):
    def printed(self) -> "MailingItemQuerySet":
        """Letters that are in the file."""
        return self.filter(left_out="")

    def out(self) -> "MailingItemQuerySet":
        """Letters that are not, each with its reason."""
        return self.exclude(left_out="")

    def of_part(self, part: int) -> "MailingItemQuerySet":
        """The letters of one part in the order of the file, with the documents themselves."""
        return (
            self.printed()
            .filter(part=part)
            .select_related(
                "transcript__file", "transcript__letter__file", "transcript__student", "transcript__college"
            )
            .order_by("position")
        )

    def changed_since(self) -> "MailingItemQuerySet":
        """Letters in the file that would be left out if it were made now, `why_left_out` says why; or that would go to
        another address."""
        student = "transcript__student__"
        today = Concat(
            F(f"{student}street"), Value("\n"), F(f"{student}city"), Value(", "), F(f"{student}state"), Value(" "),
            F(f"{student}postal_code"),
        )  # fmt: skip
        return self.printed().filter(
            ~printable("transcript__")
            | (~Q(address="") & ~Q(address=today))
            | Q(transcript__revoked_at__isnull=False)
            | Q(transcript__replaced_by__isnull=False)
        )

    def with_people(self) -> "MailingItemQuerySet":
        """With what says whether a letter is to be printed, by name."""
        return self.select_related("transcript__student__merged_into", "transcript__letter").order_by(
            of_person("sort_name", path="transcript__student"), "id"
        )

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What the list of those left out shows, as plain values, by name."""
        return self.order_by(of_person("sort_name", path="transcript__student"), "id").values(
            "left_out", "transcript__public_id", "transcript__name",
            sers_id=of_person("sers_id", path="transcript__student"),
            student_public_id=of_person("public_id", path="transcript__student"),
        )  # fmt: skip


class MailingItem(Record):
    """One transcript, with its letter, in one mailing: printed at its place, or left out and why."""

    class Reason(models.TextChoices):
        """Why a letter is not printed, in the words the registrar reads."""

        DIED = "died", "The student has died"
        NO_PAPER = "no_paper", "Wants no letters on paper"
        NO_ADDRESS = "no_address", "No full address"
        NO_LETTER = "no_letter", "No letter was written"
        REVOKED = "revoked", "Revoked since"
        REPLACED = "replaced", "Replaced by a newer one"

    seen_by: ClassVar = {Role.REGISTRAR: "mailing__college", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "mailing", "transcript", "position", "part"}
    private_fields: ClassVar = {"left_out", "address"}

    mailing = models.ForeignKey(PaperMailing, models.PROTECT, related_name="items")
    transcript = models.ForeignKey(Transcript, models.PROTECT, related_name="mailing_items")
    position = models.PositiveIntegerField("place in the file", null=True, blank=True)
    part = models.PositiveIntegerField("part", null=True, blank=True)
    left_out = models.CharField("why it is left out", max_length=12, choices=Reason, blank=True)
    #: The lines of the address it went into the file with.
    address = models.TextField("address in the file", max_length=400, blank=True)

    objects = MailingItemQuerySet.as_manager()

    class Meta:
        ordering = ("mailing", "position", "id")
        constraints = (
            models.UniqueConstraint(fields=("mailing", "transcript"), name="transcript_once_in_a_mailing"),
            models.UniqueConstraint(
                fields=("transcript",), condition=Q(left_out=""), name="transcript_is_printed_once"
            ),
            models.CheckConstraint(
                condition=Q(left_out="", position__isnull=False, part__isnull=False)
                | (~Q(left_out="") & Q(position__isnull=True, part__isnull=True)),
                name="left_out_letter_has_no_place",
            ),
            models.CheckConstraint(
                condition=Q(
                    left_out__in=("", "died", "no_paper", "no_address", "no_letter", "revoked", "replaced")
                ),
                name="left_out_reason_is_known",
            ),
        )
        indexes = (models.Index(fields=("mailing", "part", "position"), name="mailing_item_by_part"),)

    def __str__(self) -> str:
        return f"{self.mailing_id}: {self.transcript_id}"


class MailingPart(models.Model):
    """Some fifty letters of a mailing, put together and waiting to be joined."""

    public_fields: ClassVar = {"id", "mailing", "number", "pages"}
    private_fields: ClassVar = {"pdf"}

    mailing = models.ForeignKey(PaperMailing, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField("part")
    pages = models.PositiveIntegerField("pages")
    pdf = models.BinaryField()

    class Meta:
        ordering = ("mailing", "number")
        constraints = (models.UniqueConstraint(fields=("mailing", "number"), name="part_once_in_a_mailing"),)

    def __str__(self) -> str:
        return f"part {self.number} of {self.mailing_id}"


class MailingFile(models.Model):
    """The one print-ready file of a mailing."""

    public_fields: ClassVar = {"id", "mailing"}
    private_fields: ClassVar = {"pdf"}

    mailing = models.OneToOneField(PaperMailing, models.PROTECT, related_name="file")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.mailing_id}"


def usual_mail_by(year: AcademicYear) -> date:
    """Letters on a school year's credit are in the mail by September 1 after it."""
    return date(year.first_year + 1, 9, 1)
