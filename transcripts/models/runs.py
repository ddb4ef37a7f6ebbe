"""Runs: one summer transcription of a college and year, its students and their classes."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import Job, OutboxState, User
from organizations.models import AcademicYear, College
from students.models import Registration, Student, StudentKey, of_person


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
        "chain_head", "starts", "by_calendar",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="runs")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="runs")
    state = models.CharField("state", max_length=10, choices=State, default=State.PREPARING)
    started_at = models.DateTimeField("started at", default=timezone.now)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField("finished at", null=True, blank=True)
    #: The day came that this person had set; nobody pressed a button.
    by_calendar = models.BooleanField("started by the calendar", default=False)
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


class RunItemQuerySet(VisibleQuerySet):
    def free_for(self, job: Job | None) -> "RunItemQuerySet":
        """Waiting students whom no other job has taken up: a job that is over leaves what it did not finish.

        A job whose worker died is not over: the sweep hands it to another worker, who takes its student up again.

        The jobs are asked in a subquery. A student who is taken up between the search and the lock is judged once more,
        by PostgreSQL, in the row's newest form, but beside the joined row of the search: joined, there was no job.
        """
        over = Job.objects.filter(pk=OuterRef("taken_by")).exclude(state=OutboxState.QUEUED)
        free = Q(taken_by=None) | Q(taken_by=job) | Q(Exists(over))
        return self.filter(free, state=RunItem.State.WAITING)


class RunItem(Record):
    """One student in one run: the piece of work a worker takes, whole or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"

    #: A student whose document ends a worker this often is held for a person to look at.
    MOST_ATTEMPTS: ClassVar = 3

    seen_by: ClassVar = {Role.REGISTRAR: "run__college", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "run", "student", "state", "done_at", "attempts", "taken_by"}

    run = models.ForeignKey(TranscriptionRun, models.PROTECT, related_name="items")
    student = StudentKey(Student, models.PROTECT, related_name="+")
    state = models.CharField("state", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("attempts", default=0)
    #: The job that works on this student: no other takes the student up before that job is over.
    taken_by = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    done_at = models.DateTimeField("done at", null=True, blank=True)

    objects = RunItemQuerySet.as_manager()

    class Meta:
        ordering = ("run", "id")
        constraints = (
            models.UniqueConstraint(fields=("run", "student"), name="student_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | Q(state="waiting", done_at__isnull=True),
                name="done_item_has_its_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=("run", "attempts", "id"), name="waiting_item_by_turn", condition=Q(state="waiting")
            ),
        )

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
        return self.order_by(of_person("sort_name", path="item__student"), "item_id", "id").values(
            "problem",
            "registration__public_id",
            "registration__high_school_course__title",
            "registration__high_school_course__school__name",
            student_public_id=of_person("public_id", path="item__student"),
            first_name=of_person("first_name", path="item__student"),
            last_name=of_person("last_name", path="item__student"),
            sers_id=of_person("sers_id", path="item__student"),
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
        NOT_ASKED = "not_asked", "The student has not asked for it"
        NO_SID = "no_sid", "The college ID is missing"
        SID_OPEN = "sid_open", "Whose a college ID is waits for a decision"
        ELSEWHERE = "elsewhere", "Another run has awarded it"
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
                        "not_asked",
                        "no_sid",
                        "sid_open",
                        "elsewhere",
                        "broken",
                    )
                ),
                name="run_line_problem_is_known",
            ),
        )
        indexes = (models.Index(fields=("run", "state", "id"), name="run_line_by_state"),)

    def __str__(self) -> str:
        return f"{self.run_id}: {self.registration_id} {self.state}"
