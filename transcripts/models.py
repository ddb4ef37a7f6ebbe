"""Credit awarded, the runs that award it, and the transcripts that show it."""

import secrets
import uuid
from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import slugify

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import CollegeCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear, College
from students.models import Registration, Student

#: Crockford's letters: a code is typed from paper, so I, L, O and U are left out.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


CODE_LENGTH = 26


def new_code() -> str:
    """A verification code of 130 random bits: 26 letters and digits, shown in groups."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class TranscriptionRunQuerySet(VisibleQuerySet):
    def live(self) -> "TranscriptionRunQuerySet":
        """Runs under way or stopped: the others are finished."""
        return self.filter(state__in=TranscriptionRun.LIVE)

    def finished(self) -> "TranscriptionRunQuerySet":
        return self.filter(state=TranscriptionRun.State.FINISHED)

    def with_names(self) -> "TranscriptionRunQuerySet":
        """With the college, the year and who started it."""
        return self.select_related("college", "year", "started_by")

    def listed(self) -> "TranscriptionRunQuerySet":
        """Runs with their college, year and starter, and how many classes were found, awarded and held."""
        counted = self.with_names().annotate(
            found=Count("lines"),
            awarded=Count("lines", filter=Q(lines__state=RunLine.State.AWARDED)),
            held=Count("lines", filter=Q(lines__state=RunLine.State.HELD)),
        )
        return counted.order_by("-started_at", "-id")


class TranscriptionRun(Record):
    """One summer transcription of one college and year. It can be stopped and started again; credit is awarded once."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Preparing"
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"
        FINISHED = "finished", "Finished"

    LIVE: ClassVar = (State.PREPARING, State.RUNNING, State.STOPPED)

    seen_by: ClassVar = {Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "college", "year", "state", "started_at", "started_by", "finished_at",
        "chain_head", "starts",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="runs")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="runs")
    state = models.CharField("state", max_length=10, choices=State, default=State.PREPARING)
    started_at = models.DateTimeField("started at", default=timezone.now)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField("finished at", null=True, blank=True)
    #: How often it was set going; each start has job rows of its own.
    starts = models.PositiveSmallIntegerField("starts", default=1)
    #: Fingerprint of the last award of this run.
    chain_head = models.CharField(max_length=64, default="0" * 64)

    objects = TranscriptionRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("college", "year"),
                condition=Q(state__in=("preparing", "running", "stopped")),
                name="one_live_run_a_college_and_year",
                violation_error_message="A transcription of this college and year is under way.",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False)
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="finished_run_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("preparing", "running", "stopped", "finished")),
                name="run_state_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def title(self) -> str:
        """Credit of a school year is transcribed in the summer after it."""
        return f"Summer transcription {self.year.first_year + 1}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_going(self) -> bool:
        """Workers are at it, or will be as soon as one is free."""
        return self.state in (self.State.PREPARING, self.State.RUNNING)

    def mail_key(self, student_id: int) -> str:
        """The key of the one mail this run writes to a student."""
        return f"transcript-{self.pk}-{student_id}"


class RunItem(Record):
    """One student in one run: the piece of work a worker takes, whole or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"

    #: A student whose document ends a worker this often is held for a person to look at.
    MOST_ATTEMPTS: ClassVar = 3

    seen_by: ClassVar = {Role.REGISTRAR: "run__college", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "run", "student", "state", "done_at", "attempts"}

    run = models.ForeignKey(TranscriptionRun, models.PROTECT, related_name="items")
    student = models.ForeignKey(Student, models.PROTECT, related_name="+")
    state = models.CharField("state", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("attempts", default=0)
    done_at = models.DateTimeField("done at", null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ("run", "id")
        constraints = (
            models.UniqueConstraint(fields=("run", "student"), name="student_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | Q(state="waiting", done_at__isnull=True),
                name="done_item_has_its_moment",
            ),
        )
        indexes = (models.Index(fields=("run", "state", "id"), name="run_item_by_state"),)

    def __str__(self) -> str:
        return f"{self.run_id}: {self.student_id}"


class RunLineQuerySet(VisibleQuerySet):
    def held(self, problem: str = "") -> "RunLineQuerySet":
        """Classes a person must look at; those of one problem if it is given."""
        held = self.filter(state=RunLine.State.HELD)
        return held.filter(problem=problem) if problem else held

    def by_problem(self) -> dict[str, int]:
        """How many classes each problem holds, the most frequent first."""
        counted = self.held().order_by().values_list("problem").annotate(count=Count("id"))
        return dict(counted.order_by("-count", "problem"))

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What the list of problems shows, as plain values, by student."""
        return self.order_by("item__student__sort_name", "item_id", "id").values(
            "problem",
            "item__student__public_id",
            "item__student__first_name",
            "item__student__last_name",
            "item__student__sers_id",
            "registration__high_school_course__title",
            "registration__high_school_course__school__name",
        )


class RunLine(Record):
    """One completed class in one run: awarded, or held and why. Found is always awarded, held and waiting."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        AWARDED = "awarded", "Awarded"
        HELD = "held", "Held"

    class Problem(models.TextChoices):
        """Why a class is held, in the words the registrar reads."""

        FEES_REQ = "fees_req", "Fees/Req is Pending"
        NO_GRADE = "no_grade", "The grade is missing"
        CHANGED = "changed", "The class is no longer Completed"
        OTHER_CLASS = "other_class", "Another class is needed for this course"
        NO_COURSE = "no_course", "The agreement names no college course for this class"
        REPEAT = "repeat", "The course is on the record already"
        BROKEN = "broken", "The transcript could not be made"

    seen_by: ClassVar = {Role.REGISTRAR: "run__college", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "run", "item", "registration", "state", "problem"}

    run = models.ForeignKey(TranscriptionRun, models.PROTECT, related_name="lines")
    item = models.ForeignKey(RunItem, models.PROTECT, related_name="lines")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="run_lines")
    state = models.CharField("state", max_length=10, choices=State, default=State.WAITING)
    problem = models.CharField("why it is held", max_length=12, choices=Problem, blank=True)

    objects = RunLineQuerySet.as_manager()

    class Meta:
        ordering = ("run", "id")
        constraints = (
            models.UniqueConstraint(fields=("run", "registration"), name="class_once_in_a_run"),
            models.CheckConstraint(
                condition=(Q(state="held") & ~Q(problem=""))
                | Q(state__in=("waiting", "awarded"), problem=""),
                name="held_line_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    problem__in=(
                        "",
                        "fees_req",
                        "no_grade",
                        "changed",
                        "other_class",
                        "no_course",
                        "repeat",
                        "broken",
                    )
                ),
                name="run_line_problem_is_known",
            ),
        )
        indexes = (models.Index(fields=("run", "state", "id"), name="run_line_by_state"),)

    def __str__(self) -> str:
        return f"{self.run_id}: {self.registration_id} {self.state}"


class CreditAwardQuerySet(VisibleQuerySet):
    def standing(self) -> "CreditAwardQuerySet":
        """Credit that counts: no later award corrects it."""
        return self.filter(superseded_by__isnull=True)

    def standing_at(self, moment: datetime) -> "CreditAwardQuerySet":
        """Credit that counted at a moment: awarded by then, and not yet corrected."""
        return self.filter(awarded_at__lte=moment).filter(
            Q(superseded_by__isnull=True) | Q(superseded_by__awarded_at__gt=moment)
        )

    def of(self, student: Student) -> "CreditAwardQuerySet":
        return self.filter(student=student)

    def at(self, student: Student, college: College) -> "CreditAwardQuerySet":
        return self.filter(student=student, college=college)

    def with_classes(self) -> "CreditAwardQuerySet":
        """With the school year and the classes that earned it, earliest first; three queries more at most."""
        return (
            self.select_related("year", "college")
            .prefetch_related("sources__registration__high_school_course__school")
            .order_by("year__first_year", "course_code", "id")
        )


class CreditAward(Record):
    """Ink: a college course earned, once per student and award year. A correction is a new award that supersedes."""

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.TEACHER: "sources__registration__section__teachers",
        Role.COUNSELOR: "student__school",
        Role.DISTRICT: "student__school__district",
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: "sources__registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "student", "college", "college_course", "year", "run", "awarded_at", "supersedes", "link",
        "previous_link",
    }  # fmt: skip
    private_fields: ClassVar = {"course_code", "course_title", "credits", "points", "letter"}

    student = models.ForeignKey(Student, models.PROTECT, related_name="awards")
    college = models.ForeignKey(College, models.PROTECT, related_name="awards")
    college_course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="awards")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="awards")
    # As they stood on the day of the award: a catalog changes, a record does not.
    course_code = models.CharField("course", max_length=20)
    course_title = models.CharField("title", max_length=120)
    credits = models.DecimalField("credits", max_digits=3, decimal_places=1)
    points = models.DecimalField("grade points", max_digits=2, decimal_places=1, null=True, blank=True)
    letter = models.CharField("letter", max_length=3, blank=True)
    run = models.ForeignKey(TranscriptionRun, models.PROTECT, null=True, related_name="awards")
    awarded_at = models.DateTimeField("awarded at", db_default=Now())
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    previous_link = models.CharField(max_length=64)
    link = models.CharField(max_length=64)

    objects = CreditAwardQuerySet.as_manager()

    class Meta:
        ordering = ("year", "course_code", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("student", "college_course", "year"),
                condition=Q(supersedes__isnull=True),
                name="credit_is_awarded_once",
            ),
            models.CheckConstraint(condition=Q(credits__gt=0, credits__lte=25), name="award_has_credits"),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="no_award_supersedes_itself",
            ),
        )
        indexes = (models.Index(fields=("student", "college", "year"), name="award_by_student"),)
        triggers = (pgtrigger.Protect(name="award_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"award {self.pk}"

    @property
    def college_grade(self) -> str:
        """`3.9 A`."""
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()

    @property
    def classes(self) -> str:
        """`Marketing 1, Kamiakin High School; Marketing 2, Kamiakin High School`. Ask `with_classes` for many."""
        taught = (source.registration.high_school_course for source in self.sources.all())
        return "; ".join(f"{course.title}, {course.school.name}" for course in taught)


class AwardSource(models.Model):
    """Ink: which registration, with which grade, earned an award."""

    public_fields: ClassVar = {"id", "award", "registration", "college_course", "grade"}
    private_fields: ClassVar[set[str]] = set()

    award = models.ForeignKey(CreditAward, models.PROTECT, related_name="sources")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="award_sources")
    college_course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="+")
    grade = models.ForeignKey(GradeEntry, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("award", "registration")
        constraints = (
            models.UniqueConstraint(
                fields=("registration", "college_course"), name="class_earns_a_course_once"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="award_source_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} > {self.award_id}"


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
