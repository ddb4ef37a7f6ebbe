"""What is noted of a whole class: that grading was opened again for it, and that its teacher declared it complete."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Section
from organizations.models import Consortium
from students.models import Registration


class WindowExtensionQuerySet(VisibleQuerySet):
    def open(self) -> "WindowExtensionQuerySet":
        """Requests that wait for the consortium."""
        return self.filter(state=WindowExtension.State.REQUESTED)

    def decided(self) -> "WindowExtensionQuerySet":
        return self.exclude(state=WindowExtension.State.REQUESTED)

    def last_days(self, section_ids: Iterable[int]) -> dict[tuple[int, int], date]:
        """Until when grading is open again for these classes, by class and consortium; one query."""
        granted = self.filter(section__in=list(section_ids), state=WindowExtension.State.GRANTED)
        found = granted.order_by().values_list("section_id", "consortium_id").annotate(until=Max("until"))
        return {(section, consortium): until for section, consortium, until in found}

    def latest_first(self) -> "WindowExtensionQuerySet":
        return self.order_by("-asked_at", "-id")

    def with_names(self) -> "WindowExtensionQuerySet":
        return self.select_related(
            "section__high_school_course__school", "section__year", "consortium", "asked_by", "decided_by"
        )

    def of(self, section: Section) -> "WindowExtensionQuerySet":
        """What was asked for a class, the latest first."""
        return self.filter(section=section).with_names().latest_first()


class WindowExtension(Record):
    """A teacher asks to enter grades of one class after grading closed; the consortium opens it until a day, or not."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    TRANSITIONS: ClassVar = {
        State.REQUESTED: {State.GRANTED, State.DECLINED},
        State.GRANTED: set(),
        State.DECLINED: set(),
    }
    MOST_LETTERS: ClassVar = 1000

    seen_by: ClassVar = {
        Role.TEACHER: "section__teachers",
        Role.CONSORTIUM: "consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "section", "consortium", "state", "asked_by", "asked_at", "reason", "until", "decided_by",
        "decided_at", "decision",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="extensions")
    #: Whose window it opens again: a class may earn credit under agreements of several consortia.
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="extensions")
    state = models.CharField("state", max_length=10, choices=State, default=State.REQUESTED)
    reason = models.TextField("reason", max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    until = models.DateField("open until", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    decision = models.TextField("answer", max_length=1000, blank=True)

    objects = WindowExtensionQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("requested", "granted", "declined")), name="extension_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="requested", until__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    state="granted", until__isnull=False, decided_by__isnull=False, decided_at__isnull=False
                )
                | (
                    Q(state="declined", until__isnull=True, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decision="")
                ),
                name="extension_state_has_its_people",
            ),
            models.UniqueConstraint(
                fields=("section", "consortium"),
                condition=Q(state="requested"),
                name="one_open_extension_a_class",
                violation_error_message="You have asked for this class already.",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("section",), name="extension_granted", condition=Q(state="granted")),)
        triggers = (
            pgtrigger.Protect(name="extension_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="extension_goes_its_way",
                field="state",
                transitions=[("requested", "granted"), ("requested", "declined")],
            ),
            pgtrigger.Protect(
                name="extension_decided_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"extension of {self.section_id}"


def lock_class(section: Section) -> None:
    """Keep a class from everyone who declares something of it until the transaction ends, and its students from
    everyone who grades them."""
    Section.objects.select_for_update(no_key=True).get(pk=section.pk)
    rows = Registration.objects.select_for_update(no_key=True).filter(section=section)
    list(rows.order_by("pk").values_list("pk", flat=True))


class ClassCompletionQuerySet(VisibleQuerySet):
    def last_of(self, section_ids: Iterable[int]) -> dict[int, "ClassCompletion"]:
        """The last declaration of each of these classes, with who made it; one query."""
        found = (
            self.filter(section__in=list(section_ids))
            .select_related("declared_by")
            .order_by("section_id", "-number")
            .distinct("section_id")
        )
        return {one.section_id: one for one in found}


class ClassCompletion(Record):
    """Ink: a teacher declared that every student of a class has a grade or a status. The last one counts.

    It stands as long as nobody of the class is without grade or status again, by a late registration for one.
    """

    seen_by: ClassVar = {
        Role.TEACHER: "section__teachers",
        Role.COUNSELOR: "section__high_school_course__school",
        Role.DISTRICT: "section__high_school_course__school__district",
        Role.CONSORTIUM: "section__registrations__articulation__consortium",
        Role.REGISTRAR: "section__registrations__college",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "section", "number", "declared_by", "declared_at", "completed", "not_attained", "ended",
    }  # fmt: skip

    section = models.ForeignKey(Section, models.PROTECT, related_name="completions")
    number = models.PositiveSmallIntegerField("number")
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField("declared at", default=timezone.now)
    completed = models.PositiveSmallIntegerField("Completed")
    not_attained = models.PositiveSmallIntegerField("Not Attained")
    ended = models.PositiveSmallIntegerField("Withdrawn or Not in Class")

    objects = ClassCompletionQuerySet.as_manager()

    class Meta:
        ordering = ("section", "number")
        constraints = (models.UniqueConstraint(fields=("section", "number"), name="completion_once"),)
        triggers = (
            pgtrigger.Protect(name="completion_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.section_id} complete #{self.number}"

    @property
    def reference(self) -> str:
        """`V-31-2`: what the verification sheet is signed for."""
        return f"V-{self.section_id}-{self.number}"
