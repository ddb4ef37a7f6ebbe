"""Requests to inspect a record and have it explained (34 CFR 99.10): received, due in 45 days, answered, closed."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models.kin import StudentKey, records_of
from students.models.people import Student


class InspectionQuerySet(VisibleQuerySet):
    def open(self) -> "InspectionQuerySet":
        """Requests nobody has closed or taken back."""
        return self.filter(state=Inspection.State.OPEN)

    def of(self, student: Student) -> "InspectionQuerySet":
        return self.filter(student__in=records_of(student))

    def of_any(self, *students: Student) -> "InspectionQuerySet":
        """Requests about any of these records, as each was written down."""
        return self.filter(student__in=[one.pk for one in students])

    def overdue(self, on: date) -> "InspectionQuerySet":
        """Open ones whose forty-five days are over."""
        return self.open().filter(due_on__lt=on)

    def to_alert(self, on: date) -> "InspectionQuerySet":
        """Open ones that have waited for thirty days or longer."""
        return self.open().filter(received_on__lte=on - Inspection.ALERT_AFTER)

    def standing(self, show: str) -> "InspectionQuerySet":
        """One of the lists of the work list: open ones, or those that are over."""
        return self.open() if show == "open" else self.exclude(state=Inspection.State.OPEN)

    def tally(self, on: date) -> dict[str, Any]:
        """How many are open, overdue and over, and the first day one is due; one query."""
        still = Q(state=Inspection.State.OPEN)
        return self.order_by().aggregate(
            open=models.Count("pk", filter=still),
            overdue=models.Count("pk", filter=still & Q(due_on__lt=on)),
            over=models.Count("pk", filter=~still),
            first=models.Min("due_on", filter=still),
        )

    def in_full(self) -> "InspectionQuerySet":
        return self.select_related(
            "student__user",
            "student__school__district",
            "entered_by",
            "given_by",
            "explained_by",
            "closed_by",
        )

    def soonest_first(self) -> "InspectionQuerySet":
        """What is overdue stands at the top."""
        return self.in_full().order_by("due_on", "id")

    def latest_first(self) -> "InspectionQuerySet":
        return self.in_full().order_by("-received_on", "-id")


def inspected() -> models.QuerySet[Any]:
    """The keys of every record of people whose record somebody has asked to inspect: nothing of it goes meanwhile."""
    asked = Inspection.objects.open().order_by().values("student")
    return Student._base_manager.filter(Q(pk__in=asked) | Q(merged_into__in=asked)).order_by().values("pk")


def kept_while_inspected(*columns: str) -> str:
    """The body of a trigger that lets no row go whose student's record somebody has asked to inspect
    (34 CFR 99.10(e)). `columns` name whose row it is: `OLD.student_id`."""
    return f"""
        IF EXISTS (
            SELECT FROM students_inspection asked
            JOIN students_student record ON asked.student_id IN (record.id, record.merged_into_id)
            WHERE asked.state = 'open' AND record.id IN ({", ".join(columns)})
        ) THEN
            RAISE EXCEPTION 'kept_while_inspected: a request to inspect this record is open'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    """


class Inspection(Record):
    """One request to see a record, and what was done about it, when and by whom."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Answered")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Asker(models.TextChoices):
        STUDENT = "student", _("The student")
        GUARDIAN = "guardian", _("A parent or guardian")

    class How(models.TextChoices):
        FILE = "file", _("A file in SERS")
        COPY = "copy", _("A copy handed over or mailed")
        SHOWN = "shown", _("Shown in person")

    #: 34 CFR 99.10(b): within a reasonable time, but not more than 45 days.
    ANSWERED_WITHIN: ClassVar = timedelta(days=45)
    #: From then on whoever answers is reminded.
    ALERT_AFTER: ClassVar = timedelta(days=30)
    MOST_LETTERS: ClassVar = 1000

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.DISTRICT: "student__school__district",
        # A request stands on the record that stands, classes may stand on one that was merged into it.
        Role.REGISTRAR: ("student__registrations__college", "student__merged__registrations__college"),
        Role.CONSORTIUM: (
            "student__registrations__articulation__consortium",
            "student__merged__registrations__articulation__consortium",
            "student__school__district__consortia",
        ),
        Role.STATE: ALL,
    }  # fmt: skip
    #: A parent's request is about the school's side alone: no college learns of it.
    seen_if: ClassVar = {Role.REGISTRAR: Q(asker="student")}
    public_fields: ClassVar = {
        "id", "public_id", "student", "asker", "state", "received_on", "due_on", "wants_explained", "entered_by",
        "entered_at", "given_at", "given_by", "given_how", "explained_at", "explained_by", "closed_at", "closed_by",
    }  # fmt: skip
    private_fields: ClassVar = {"asker_name", "identity", "wish", "explanation", "note"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="inspections")
    asker = models.CharField("who asks", max_length=8, choices=Asker)
    asker_name = models.CharField("name of the parent or guardian", max_length=150, blank=True)
    #: How whoever wrote it down knows who asks; a student who signed in has shown it.
    identity = models.CharField("how it was checked who asks", max_length=300, blank=True)
    wish = models.TextField("what to see or explain", max_length=MOST_LETTERS, blank=True)
    wants_explained = models.BooleanField("wants it explained", default=False)
    received_on = models.DateField("received on")
    due_on = models.DateField("due on")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("entered at", default=timezone.now)
    state = models.CharField("state", max_length=9, choices=State, default=State.OPEN)
    given_at = models.DateTimeField("record given at", null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_how = models.CharField("how the record was given", max_length=5, choices=How, blank=True)
    explained_at = models.DateTimeField("explained at", null=True, blank=True)
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    explanation = models.TextField("what was explained", max_length=MOST_LETTERS, blank=True)
    closed_at = models.DateTimeField("closed at", null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("why it was taken back", max_length=300, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("open", "closed", "withdrawn")), name="inspection_state_is_known"
            ),
            models.CheckConstraint(condition=Q(asker__in=("student", "guardian")), name="inspection_asker_is_known"),
            models.CheckConstraint(
                condition=Q(given_how__in=("", "file", "copy", "shown")), name="inspection_way_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_on=F("received_on") + timedelta(days=45)), name="inspection_is_due_in_45_days"
            ),
            models.CheckConstraint(
                condition=Q(asker="student", asker_name="") | (Q(asker="guardian") & ~Q(asker_name="") & ~Q(identity="")),
                name="a_guardian_who_inspects_is_named_and_known",
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, given_by__isnull=True, given_how="")
                | (Q(given_at__isnull=False, given_by__isnull=False) & ~Q(given_how="")),
                name="record_given_says_who_and_how",
            ),
            models.CheckConstraint(
                condition=Q(explained_at__isnull=True, explained_by__isnull=True, explanation="")
                | (Q(explained_at__isnull=False, explained_by__isnull=False) & ~Q(explanation="")),
                name="record_explained_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="inspection_over_says_who_ended_it",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(given_at__isnull=False) & (Q(wants_explained=False) | Q(explained_at__isnull=False))),
                name="inspection_answered_was_given_and_explained",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn") & ~Q(note="")) | (~Q(state="withdrawn") & Q(note="")),
                name="inspection_taken_back_says_why",
            ),
            models.UniqueConstraint(
                fields=("student", "asker", "asker_name"),
                condition=Q(state="open"),
                name="one_open_inspection_a_person",
                violation_error_message=_("A request of this person is open already."),
            ),
        )  # fmt: skip
        indexes = (
            # The open ones are few, and asked for on every home and before every merge.
            models.Index(fields=("due_on", "id"), name="inspection_open", condition=Q(state="open")),
            models.Index(fields=("student", "-received_on"), name="inspection_by_student"),
        )
        triggers = (
            pgtrigger.Protect(name="inspection_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="inspection_goes_its_way", field="state", transitions=[("open", "closed"), ("open", "withdrawn")]
            ),
            pgtrigger.ReadOnly(
                name="inspection_asked_is_ink",
                fields=[
                    "student", "asker", "asker_name", "identity", "wish", "wants_explained", "received_on", "due_on",
                    "entered_by", "entered_at",
                ],
            ),
            pgtrigger.Protect(
                name="inspection_over_is_ink", operation=pgtrigger.Update, condition=pgtrigger.Q(old__closed_at__isnull=False)
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"inspection {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_the_students(self) -> bool:
        """Did the student ask? Else it is about the school's side of the record alone."""
        return self.asker == self.Asker.STUDENT

    @property
    def who(self) -> str:
        """Who asks, by name."""
        return self.asker_name or self.student.name

    @property
    def goes_to_account(self) -> bool:
        """Is the file taken by the student, in their own account?"""
        return self.is_the_students and self.student.user_id is not None

    @property
    def reader(self) -> User | None:
        """The account of who asked; none of a guardian, or of a student without one."""
        return self.student.user if self.goes_to_account else None

    def days_open(self, now: datetime) -> int:
        return (timezone.localdate(now) - self.received_on).days
