"""Transcripts, their codes and their files."""

import secrets
import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from accounts.access import ALL, Record, Role, VisibleQuerySet
from organizations.models import College
from students.models import Student
from transcripts.models.runs import TranscriptionRun

#: Crockford's letters: a code is typed from paper, so I, L, O and U are left out.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

CODE_LENGTH = 26


def new_code() -> str:
    """A verification code of 130 random bits: 26 letters and digits, shown in groups."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class TranscriptQuerySet(VisibleQuerySet):
    def of(self, student: Student) -> "TranscriptQuerySet":
        """A student's transcripts with their colleges, the latest first."""
        return self.filter(student=student).select_related("college", "run__year")

    def with_file(self) -> "TranscriptQuerySet":
        """With the PDF itself, and what its file is named after."""
        return self.select_related("file", "college")

    def coded(self, code: str) -> "TranscriptQuerySet":
        """The transcript of a verification code as it is kept; with what a check of it shows."""
        return self.filter(code=code).select_related("student", "college")


class Transcript(Record):
    """An unofficial transcript a college's run made for a student, which anyone can verify by its code."""

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.REGISTRAR: "college",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "college", "run", "issued_at", "sha256", "replaced_by", "revoked_at",
    }  # fmt: skip
    private_fields: ClassVar = {"code", "name", "credits"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("verification code", max_length=26, unique=True, default=new_code)
    student = models.ForeignKey(Student, models.PROTECT, related_name="transcripts")
    college = models.ForeignKey(College, models.PROTECT, related_name="transcripts")
    run = models.ForeignKey(TranscriptionRun, models.PROTECT, related_name="transcripts")
    #: The legal name as the document says it: a name is corrected later, the paper in somebody's hand is not.
    name = models.CharField("legal name", max_length=310, editable=False)
    credits = models.DecimalField("credits", max_digits=5, decimal_places=1)
    issued_at = models.DateTimeField("issued at", default=timezone.now)
    sha256 = models.CharField(max_length=64)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    revoked_at = models.DateTimeField("revoked at", null=True, blank=True)

    objects = TranscriptQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("run", "student"), name="one_transcript_a_run_and_student"),
        )

    def __str__(self) -> str:
        return f"transcript {self.pk}"

    @property
    def file_name(self) -> str:
        """`transcript-columbia-basin-college-2026-08-21.pdf`: no name of a person, plain letters."""
        return f"transcript-{slugify(self.college.name)}-{timezone.localdate(self.issued_at)}.pdf"

    @property
    def is_current(self) -> bool:
        """No later transcript of this college replaces it, and it was not revoked."""
        return self.replaced_by_id is None and self.revoked_at is None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.name or self.student.name
        super().save(*args, **kwargs)

    @property
    def code_in_groups(self) -> str:
        """`7KQ2M-9D4WX-R4T0P-BN3YV-8C6HJZ`: a few letters at a time, to be read aloud and typed."""
        starts = (0, 5, 10, 15, 20)
        return "-".join(self.code[at:end] for at, end in zip(starts, (*starts[1:], None), strict=True))


class TranscriptFile(models.Model):
    """The PDF itself, apart from its row so that lists do not carry it."""

    public_fields: ClassVar = {"id", "transcript"}
    private_fields: ClassVar = {"pdf"}

    transcript = models.OneToOneField(Transcript, models.PROTECT, related_name="file")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.transcript_id}"
