"""Transcripts, their codes and their files."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import AcademicYear, College
from sers.lib.codes import in_groups, new_code
from students.models import Student, StudentKey, of_any_person, of_person, records_of
from transcripts.models.runs import TranscriptionRun


def sid_in_groups(sid: str) -> str:
    """`201 44 7093`: a college ID as colleges print it."""
    return f"{sid[:3]} {sid[3:5]} {sid[5:]}" if len(sid) == 9 else sid


def printable(path: str = "") -> Q:
    """A letter was written and mail would arrive: what the rule `why_left_out` asks, for many transcripts at once.

    `path` leads to the transcript, as in `transcript__`.
    """
    student = f"{path}student__"
    written = Q(**{f"{path}letter__isnull": False})
    wanted = Q(**{f"{student}died_on__isnull": True, f"{student}no_paper": False})
    missing = Q()
    for part in ("street", "city", "state", "postal_code"):
        missing |= Q(**{f"{student}{part}": ""})
    return written & wanted & ~missing


class TranscriptQuerySet(VisibleQuerySet):
    def of(self, student: Student) -> "TranscriptQuerySet":
        """A student's transcripts with their colleges and letters, the latest first."""
        return self.filter(student__in=records_of(student)).select_related("college", "run__year", "letter")

    def with_file(self) -> "TranscriptQuerySet":
        """With the PDF itself, and what its file is named after."""
        return self.select_related("file", "college")

    def coded(self, code: str) -> "TranscriptQuerySet":
        """The transcript of a verification code, its own or that of its letter; with what a check of it shows."""
        return self.filter(Q(code=code) | Q(letter__code=code)).select_related(
            "student", "college", "letter", "replaced_by"
        )

    def fingerprinted(self, sha256: str) -> "TranscriptQuerySet":
        """The transcript whose file, or whose letter's file, has this fingerprint."""
        return self.filter(Q(sha256=sha256) | Q(letter__sha256=sha256)).select_related(
            "student", "college", "letter", "replaced_by"
        )

    def current(self) -> "TranscriptQuerySet":
        """Transcripts that count: no newer one replaces them, and they were not revoked."""
        return self.filter(replaced_by__isnull=True, revoked_at__isnull=True)

    def of_college(self, college: College) -> "TranscriptQuerySet":
        return self.filter(college=college)

    def of_year(self, college: College, year: AcademicYear) -> "TranscriptQuerySet":
        """A college's transcripts on the credit of one school year, by the runs that made them."""
        return self.filter(college=college, run__year=year)

    def to_be_printed(self, college: College, year: AcademicYear) -> "TranscriptQuerySet":
        """Transcripts that count, of which no mailing holds a copy for the printer."""
        return self.of_year(college, year).current().exclude(mailing_items__left_out="")

    def worth_a_mailing(self) -> "TranscriptQuerySet":
        """Of those, the ones a mailing does something about: what it can print today, and what none has looked at yet."""
        return self.filter(printable() | Q(mailing_items__isnull=True))

    def of_run(self, run: TranscriptionRun) -> "TranscriptQuerySet":
        """The transcripts of a run that count, with what a document tells of student and college."""
        return (
            self.filter(run=run)
            .current()
            .select_related("student__school", "college", "replaces")
            .order_by("id")
        )

    def with_history(self) -> "TranscriptQuerySet":
        """With everything the page of one transcript tells of it."""
        return self.select_related(
            "student__school", "student__merged_into__school", "college", "run__year", "letter", "replaced_by", "replaces",
            "issued_by", "revoked_by",
            "reissue_asked_by",
        )  # fmt: skip

    def listed(self, *more: str) -> models.QuerySet[Any, dict[str, Any]]:
        """What a list of issued transcripts shows, as plain values, the latest first; with what else was asked of them."""
        return self.order_by("-issued_at", "-id").values(
            "public_id", "name", "sid", "credits", "issued_at", "number", "replaced_by_id", "revoked_at",
            "reissue_asked_at", "reissue_tries", "pk", "college__name", "run__year__first_year", "letter__language",
            *more,
            sers_id=of_person("sers_id"),
            student_public_id=of_person("public_id"),
        )  # fmt: skip

    def named(self, words: str) -> "TranscriptQuerySet":
        """Transcripts whose student, college ID or code is looked for by these words."""
        return self.filter(
            of_any_person(Student.objects.named(words))
            | Q(sid=words.replace(" ", ""))
            | of_any_person(Student.objects.identified(words.strip().upper()))
        )


class Transcript(Record):
    """An unofficial transcript a college's run made for a student, which anyone can verify by its code."""

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.REGISTRAR: "college",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "college", "run", "issued_at", "sha256", "replaced_by", "revoked_at",
        "number", "issued_by", "certificate", "acknowledged_at", "reissue_asked_by", "reissue_asked_at", "reissue_tries",
        "revoked_by",
    }  # fmt: skip
    private_fields: ClassVar = {"code", "name", "sid", "credits", "reissue_reason", "revoked_reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("verification code", max_length=26, unique=True, default=new_code)
    student = StudentKey(Student, models.PROTECT, related_name="transcripts")
    college = models.ForeignKey(College, models.PROTECT, related_name="transcripts")
    run = models.ForeignKey(TranscriptionRun, models.PROTECT, related_name="transcripts")
    #: The legal name as the document says it: a name is corrected later, the paper in somebody's hand is not.
    name = models.CharField("legal name", max_length=310, editable=False)
    #: The college's student ID as the document says it; empty when the college had given none.
    sid = models.CharField("college ID (SID)", max_length=9, blank=True)
    credits = models.DecimalField("credits", max_digits=5, decimal_places=1)
    issued_at = models.DateTimeField("issued at", default=timezone.now)
    #: Which issue of this run's transcript it is; a re-issue is the next one.
    number = models.PositiveSmallIntegerField("issue", default=1)
    #: Who had it issued anew; empty for what a run made.
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    #: Fingerprint of the certificate it is sealed with; empty for documents from before there were seals.
    certificate = models.CharField(max_length=64, blank=True)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    #: Why a new issue was asked for, when and by whom; a worker makes it, and it then replaces this one.
    reissue_reason = models.CharField("why it is issued anew", max_length=300, blank=True)
    reissue_asked_at = models.DateTimeField("new issue asked for at", null=True, blank=True)
    reissue_asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: How often a worker was set to it: once, and once more each time somebody tries again.
    reissue_tries = models.PositiveSmallIntegerField("times the new issue was set going", default=0)
    revoked_at = models.DateTimeField("revoked at", null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_reason = models.CharField("why it is revoked", max_length=300, blank=True)

    #: When a college that got it as PESC XML said that it has.
    acknowledged_at = models.DateTimeField("acknowledged at", null=True, blank=True)

    objects = TranscriptQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "student", "number"), name="one_transcript_a_run_and_student"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="issues_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason="")),
                name="revoked_transcript_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(reissue_asked_at__isnull=True, reissue_asked_by__isnull=True, reissue_reason="")
                | (Q(reissue_asked_at__isnull=False, reissue_asked_by__isnull=False) & ~Q(reissue_reason="")),
                name="reissue_says_who_and_why",
            ),
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

    @property
    def replaces_another(self) -> bool:
        """An earlier transcript of this college gave way to it: of this run, or of the summer before."""
        return hasattr(self, "replaces")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.name or self.student.name
        super().save(*args, **kwargs)

    @property
    def code_in_groups(self) -> str:
        return in_groups(self.code)

    @property
    def printed_sid(self) -> str:
        return sid_in_groups(self.sid)

    @property
    def reissue_key(self) -> str:
        """The key of the work that issues it anew: each time it is set going the next one."""
        return f"reissue-{self.pk}" + (f"-{self.reissue_tries}" if self.reissue_tries > 1 else "")

    @property
    def waits_for_new_issue(self) -> bool:
        """A new issue was asked for, and no worker has made it yet."""
        return self.reissue_asked_at is not None and self.replaced_by_id is None


class TranscriptFile(models.Model):
    """The PDF itself, apart from its row so that lists do not carry it."""

    public_fields: ClassVar = {"id", "transcript"}
    private_fields: ClassVar = {"pdf"}

    transcript = models.OneToOneField(Transcript, models.PROTECT, related_name="file")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.transcript_id}"
