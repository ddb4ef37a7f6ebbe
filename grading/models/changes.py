"""Grade Changes: asked with a reason, confirmed by the teacher, approved by somebody else at the college's side."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from grading.models.grades import GradeEntry
from students.models import Registration


class GradeChangeQuerySet(VisibleQuerySet):
    def open(self) -> "GradeChangeQuerySet":
        """Grade Changes that wait for somebody."""
        return self.filter(state__in=GradeChange.OPEN)

    def closed(self) -> "GradeChangeQuerySet":
        return self.exclude(state__in=GradeChange.OPEN)

    def to_repost(self) -> "GradeChangeQuerySet":
        """Approved after credit was awarded, and the record of credit does not say so yet."""
        return self.filter(needs_reposting_at__isnull=False, reposted_at__isnull=True)

    def with_names(self) -> "GradeChangeQuerySet":
        """With everything a page tells of one: whose class, which college, who acted, the grades."""
        return self.select_related(
            "registration__student__school",
            "registration__high_school_course__school",
            "registration__section",
            "registration__year",
            "registration__college",
            "registration__articulation__consortium",
            "asked_by",
            "confirmed_by",
            "decided_by",
            "was",
            "entry",
        )

    def latest_first(self) -> "GradeChangeQuerySet":
        return self.order_by("-asked_at", "-id")


class GradeChange(Record):
    """One wrong grade on its way to be put right. The row is its own trail: who asked, confirmed, decided, and when."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        CONFIRMED = "confirmed", _("Confirmed by the teacher")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    #: Somebody must act.
    OPEN: ClassVar = (State.REQUESTED, State.CONFIRMED)
    #: From which state to which; a trigger holds the database to it.
    TRANSITIONS: ClassVar = {
        State.REQUESTED: {State.CONFIRMED, State.DECLINED, State.WITHDRAWN},
        State.CONFIRMED: {State.APPROVED, State.DECLINED, State.WITHDRAWN},
        State.APPROVED: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }
    MOST_LETTERS: ClassVar = 1000

    seen_by: ClassVar = {
        Role.STUDENT: "registration__student__user",
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: ("registration__student__school", "registration__high_school_course__school"),
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "reference", "registration", "was", "entry", "state", "asked_by", "asked_as", "asked_at",
        "confirmed_by", "confirmed_at", "decided_by", "decided_at", "needs_reposting_at", "reposted_at",
    }  # fmt: skip
    private_fields: ClassVar = {"wanted", "grade", "reason", "confirmation", "decision"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("reference", max_length=12, unique=True)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="grade_changes")
    #: The grade that stood when the change was asked for.
    was = models.ForeignKey(GradeEntry, models.PROTECT, related_name="+")
    state = models.CharField("state", max_length=10, choices=State, default=State.REQUESTED)
    #: What stands in a grade box: `97`, or `NA`. Who asks may leave it open; who confirms may not.
    wanted = models.CharField("grade asked for", max_length=6, blank=True)
    grade = models.CharField("right grade", max_length=6, blank=True)
    reason = models.TextField("reason", max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_as = models.CharField("asked as", max_length=12, choices=Role)
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("confirmed at", null=True, blank=True)
    confirmation = models.TextField("note of the teacher", max_length=1000, blank=True)
    #: Who approved, declined or withdrew it.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    decision = models.TextField("reason of the decision", max_length=1000, blank=True)
    #: The grade that was entered by the approval.
    entry = models.OneToOneField(
        GradeEntry, models.PROTECT, null=True, blank=True, related_name="grade_change"
    )
    #: Credit had been awarded when the change was approved: the record of credit must follow. Transcripts reads this.
    needs_reposting_at = models.DateTimeField("must be posted again since", null=True, blank=True)
    #: Written by transcripts when the superseding award stands.
    reposted_at = models.DateTimeField("posted again at", null=True, blank=True)

    objects = GradeChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("requested", "confirmed", "approved", "declined", "withdrawn")),
                name="grade_change_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    asked_as__in=(
                        "student", "teacher", "counselor", "district", "faculty", "registrar", "consortium", "state",
                    )
                ),
                name="grade_change_asked_as_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="requested", confirmed_by__isnull=True, decided_by__isnull=True, grade="",
                )
                | Q(state="confirmed", confirmed_by__isnull=False, decided_by__isnull=True)
                | Q(state="approved", confirmed_by__isnull=False, decided_by__isnull=False, entry__isnull=False)
                | (Q(state="declined", decided_by__isnull=False, entry__isnull=True) & ~Q(decision=""))
                | Q(state="withdrawn", decided_by__isnull=False, entry__isnull=True),
                name="grade_change_state_has_its_people",
            ),
            models.CheckConstraint(
                condition=(
                    Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                    | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(grade=""))
                )
                & (
                    Q(decided_by__isnull=True, decided_at__isnull=True)
                    | Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="grade_change_people_have_their_moments",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(state="approved"), name="only_an_approved_change_has_a_grade"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (~Q(decided_by=F("confirmed_by")) & ~Q(decided_by=F("asked_by"))),
                name="grade_change_takes_two_people",
                violation_error_message="Somebody else must approve this Grade Change.",
            ),
            models.CheckConstraint(
                condition=Q(needs_reposting_at__isnull=True, reposted_at__isnull=True)
                | Q(state="approved", needs_reposting_at__isnull=False),
                name="only_an_approved_change_is_posted_again",
            ),
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(state__in=("requested", "confirmed")),
                name="one_open_grade_change_a_class",
                violation_error_message="A Grade Change for this class is under way.",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(
                fields=("needs_reposting_at",),
                name="grade_change_to_repost",
                condition=Q(needs_reposting_at__isnull=False, reposted_at__isnull=True),
            ),
            models.Index(fields=("state", "-asked_at"), name="grade_change_by_state"),
        )
        triggers = (
            pgtrigger.Protect(name="grade_change_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="grade_change_goes_its_way",
                field="state",
                transitions=[
                    ("requested", "confirmed"), ("requested", "declined"), ("requested", "withdrawn"),
                    ("confirmed", "approved"), ("confirmed", "declined"), ("confirmed", "withdrawn"),
                ],
            ),
            # What was asked stands; what was decided stands. Only the posting is noted later.
            pgtrigger.ReadOnly(
                name="grade_change_asked_is_ink",
                fields=["reference", "registration", "was", "wanted", "reason", "asked_by", "asked_as", "asked_at"],
            ),
            pgtrigger.Protect(
                name="grade_change_decided_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False)
                & (
                    pgtrigger.Q(old__state__df=pgtrigger.F("new__state"))
                    | pgtrigger.Q(old__grade__df=pgtrigger.F("new__grade"))
                    | pgtrigger.Q(old__decided_by__df=pgtrigger.F("new__decided_by"))
                    | pgtrigger.Q(old__decided_at__df=pgtrigger.F("new__decided_at"))
                    | pgtrigger.Q(old__decision__df=pgtrigger.F("new__decision"))
                    | pgtrigger.Q(old__entry__df=pgtrigger.F("new__entry"))
                ),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class GradeChangeFile(models.Model):
    """Ink: the paper handed in with a Grade Change. The file itself lies in the storage of uploads."""

    public_fields: ClassVar = {"id", "change", "mime", "size", "sha256"}
    private_fields: ClassVar = {"name", "path"}

    change = models.OneToOneField(GradeChange, models.PROTECT, related_name="file")
    name = models.CharField("name", max_length=100)
    mime = models.CharField("kind", max_length=40)
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True)

    class Meta:
        triggers = (
            pgtrigger.Protect(name="grade_change_file_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"file of {self.change_id}"
