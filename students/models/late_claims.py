"""Late claims: credit asked for a class of an earlier year, or after registration has closed, by the school's transcript."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Articulation, HighSchoolCourse
from organizations.models import AcademicYear, College
from students.models.consents import ConsentText
from students.models.people import Student
from students.models.registrations import Registration


class LateClaimQuerySet(VisibleQuerySet):
    def open(self) -> "LateClaimQuerySet":
        """Claims that are not decided, and not taken back."""
        return self.filter(state__in=LateClaim.OPEN)

    def standing(self, show: str) -> "LateClaimQuerySet":
        """One of the lists of the queue: those that wait for the consortium, for the student, decided ones."""
        return {
            "asked": self.filter(state=LateClaim.State.ASKED),
            "question": self.filter(state__in=(LateClaim.State.QUESTION, LateClaim.State.CONSENT)),
            "decided": self.exclude(state__in=LateClaim.OPEN),
        }[show]  # fmt: skip

    def tally(self) -> dict[str, int]:
        """How many are in each list of the queue; one query."""
        states = LateClaim.State
        numbers = self.order_by().aggregate(
            asked=models.Count("pk", filter=Q(state=states.ASKED)),
            question=models.Count("pk", filter=Q(state__in=(states.QUESTION, states.CONSENT))),
            decided=models.Count("pk", filter=~Q(state__in=LateClaim.OPEN)),
        )
        return {name: int(number) for name, number in numbers.items()}

    def found_by(self, words: str) -> "LateClaimQuerySet":
        """By reference, by ID or by name; as one box takes them."""
        text = words.strip().upper()
        if text.startswith("L-"):
            return self.filter(reference=text)
        if text.startswith("TP") and any(sign.isdigit() for sign in text):
            return self.filter(student__in=Student.objects.identified(text))
        return self.filter(student__in=Student.objects.named(words).order_by())

    def of(self, student: Student) -> "LateClaimQuerySet":
        return self.filter(student=student)

    def of_year(self, year: AcademicYear) -> "LateClaimQuerySet":
        return self.filter(year__first_year=year.first_year)

    def with_paper(self, paper: uuid.UUID) -> "LateClaimQuerySet":
        """The claim a paper was handed in with."""
        return self.filter(pk__in=LateClaimFile.objects.filter(public_id=paper).values("claim"))

    def in_full(self) -> "LateClaimQuerySet":
        """With all that a page tells of a claim, but its messages and papers."""
        return self.select_related(
            "student__user", "student__school", "high_school_course__school", "year", "college",
            "articulation__consortium", "asked_by", "decided_by", "registration",
        )  # fmt: skip

    def oldest_first(self) -> "LateClaimQuerySet":
        return self.in_full().order_by("asked_at", "id")

    def latest_first(self) -> "LateClaimQuerySet":
        return self.in_full().order_by("-asked_at", "-id")


class LateClaim(Record):
    """One claim on its way. The row is its own trail: who asked, agreed, decided, when, by which rule."""

    class State(models.TextChoices):
        CONSENT = "consent", _("Waits for your consent")
        ASKED = "asked", _("Sent")
        QUESTION = "question", _("Question asked")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Ground(models.TextChoices):
        """The rule by which a claim is refused."""

        COLLEGE_RULE = "college_rule", _("The college’s rule for late claims")
        NOT_SHOWN = "not_shown", _("The transcript does not show the class")
        BELOW = "below", _("The grade does not reach the minimum")
        UNREADABLE = "unreadable", _("The paper cannot be read, or is no transcript")
        OTHER = "other", _("Another reason")

    OPEN: ClassVar = (State.CONSENT, State.ASKED, State.QUESTION)
    MOST_LETTERS: ClassVar = 500

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.COUNSELOR: "student__school",
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: "articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "high_school_course", "year", "college", "articulation", "state", "asked_by",
        "asked_at", "consent", "consent_language", "agreed_at", "decided_by", "decided_at", "registration",
    }  # fmt: skip
    private_fields: ClassVar = {"reference", "claimed_grade", "note", "ground", "decision"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("reference", max_length=12, unique=True)
    student = models.ForeignKey(Student, models.PROTECT, related_name="late_claims")
    high_school_course = models.ForeignKey(HighSchoolCourse, models.PROTECT, related_name="+")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    college = models.ForeignKey(College, models.PROTECT, related_name="late_claims")
    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="late_claims")
    state = models.CharField("state", max_length=9, choices=State, default=State.ASKED)
    #: As the student reads it on the transcript; the grade that counts is entered by who accepts.
    claimed_grade = models.CharField("grade on the transcript", max_length=20, blank=True)
    note = models.TextField("why it is late", max_length=500, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    #: The version of the text the student agreed to, and the language it was read in.
    consent = models.ForeignKey(
        ConsentText,
        models.PROTECT,
        to_field="version",
        db_column="consent_version",
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="consent text",
    )
    consent_language = models.CharField("read in", max_length=10, blank=True)
    agreed_at = models.DateTimeField("agreed at", null=True, blank=True)
    #: Who accepted, refused or withdrew it.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    ground = models.CharField("rule", max_length=12, choices=Ground, blank=True)
    decision = models.TextField("reason of the decision", max_length=500, blank=True)
    #: What accepting it made: the registration of that year.
    registration = models.OneToOneField(
        Registration, models.PROTECT, null=True, blank=True, related_name="late_claim"
    )

    objects = LateClaimQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("consent", "asked", "question", "accepted", "refused", "withdrawn")),
                name="late_claim_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=("", "college_rule", "not_shown", "below", "unreadable", "other")),
                name="late_claim_ground_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("consent", "asked", "question"), decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    state__in=("accepted", "refused", "withdrawn"), decided_by__isnull=False, decided_at__isnull=False
                ),
                name="late_claim_decided_has_its_person",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", registration__isnull=False) | (~Q(state="accepted") & Q(registration__isnull=True)),
                name="accepted_late_claim_made_a_registration",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(ground="") & ~Q(decision="")) | (~Q(state="refused") & Q(ground="")),
                name="late_claim_refused_says_rule_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(consent__isnull=True, agreed_at__isnull=True, state__in=("consent", "withdrawn"))
                | Q(consent__isnull=False, agreed_at__isnull=False) & ~Q(state="consent"),
                name="late_claim_goes_on_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "refused")) | ~Q(decided_by=F("asked_by")),
                name="late_claim_takes_two_people",
            ),
            models.UniqueConstraint(
                fields=("student", "high_school_course", "year"),
                condition=Q(state__in=("consent", "asked", "question")),
                name="one_open_late_claim_of_a_class_a_year",
                violation_error_message=_("You have a claim for this class already."),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("state", "asked_at"), name="late_claim_by_state"),
            models.Index(fields=("articulation", "state"), name="late_claim_by_agreement"),
        )
        triggers = (
            pgtrigger.Protect(name="late_claim_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="late_claim_goes_its_way",
                field="state",
                transitions=[
                    ("consent", "asked"), ("consent", "withdrawn"),
                    ("asked", "question"), ("asked", "accepted"), ("asked", "refused"), ("asked", "withdrawn"),
                    ("question", "asked"), ("question", "accepted"), ("question", "refused"), ("question", "withdrawn"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="late_claim_asked_is_ink",
                fields=[
                    "reference", "student", "high_school_course", "year", "college", "articulation", "claimed_grade",
                    "note", "asked_by", "asked_at",
                ],
            ),
            pgtrigger.Protect(
                name="late_claim_decided_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def name(self) -> str:
        """`Accounting 1, 2024-25`."""
        return f"{self.high_school_course.title}, {self.year}"


class LateClaimFile(models.Model):
    """Ink: a paper handed in with a claim, the high school's transcript. The file lies in the storage of uploads."""

    public_fields: ClassVar = {"id", "public_id", "claim", "mime", "size", "sha256", "added_at", "added_by"}
    private_fields: ClassVar = {"name", "path"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(LateClaim, models.PROTECT, related_name="papers")
    name = models.CharField("name", max_length=100)
    mime = models.CharField("kind", max_length=40)
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True)
    added_at = models.DateTimeField("handed in at", db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("claim", "id")
        triggers = (
            pgtrigger.Protect(name="late_claim_file_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"paper of {self.claim_id}"


class LateClaimMessage(models.Model):
    """Ink: a question of the consortium about a claim, or the answer to it."""

    public_fields: ClassVar = {"id", "claim", "asks", "written_by", "written_at"}
    private_fields: ClassVar = {"text"}

    claim = models.ForeignKey(LateClaim, models.PROTECT, related_name="messages")
    asks = models.BooleanField("is a question")
    text = models.TextField("text", max_length=500)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written at", db_default=Now())

    class Meta:
        ordering = ("claim", "id")
        triggers = (
            pgtrigger.Protect(
                name="late_claim_message_is_ink", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"message about {self.claim_id}"


def messages_of(claim: LateClaim) -> list[Any]:
    """What was asked and answered about a claim, from first to last, with who wrote it."""
    return list(claim.messages.select_related("written_by").order_by("id"))
