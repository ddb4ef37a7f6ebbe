"""A college ID that is wrong and went out already: asked with a reason, replaced when a second person agrees."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User

#: A college student ID, in ctcLink the EMPLID: nine digits.
NINE_DIGITS = r"^[0-9]{9}$"


class SidReplacementQuerySet(VisibleQuerySet):
    def open(self) -> "SidReplacementQuerySet":
        """Replacements that wait for a second person."""
        return self.filter(state=SidReplacement.State.REQUESTED)

    def closed(self) -> "SidReplacementQuerySet":
        return self.exclude(state=SidReplacement.State.REQUESTED)

    def with_names(self) -> "SidReplacementQuerySet":
        """With everything a page tells of one: whose ID at which college, who asked, who decided."""
        return self.select_related("identity__student__school", "identity__college", "asked_by", "decided_by")

    def latest_first(self) -> "SidReplacementQuerySet":
        return self.order_by("-asked_at", "-id")


class SidReplacement(Record):
    """One wrong college ID on its way to be put right. The row is its own trail: who asked, who decided, and when."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Waits for a second person"
        APPROVED = "approved", "Replaced"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    #: From which state to which; a trigger holds the database to it.
    TRANSITIONS: ClassVar = {
        State.REQUESTED: {State.APPROVED, State.DECLINED, State.WITHDRAWN},
        State.APPROVED: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }
    MOST_LETTERS: ClassVar = 1000

    seen_by: ClassVar = {Role.REGISTRAR: "identity__college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "identity", "state", "asked_by", "asked_at", "decided_by", "decided_at",
    }  # fmt: skip
    private_fields: ClassVar = {"sid", "reason", "decision"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: The wrong one.
    identity = models.ForeignKey("transcripts.CollegeIdentity", models.PROTECT, related_name="replacements")
    #: The right one; empty where nobody knows it yet, and the wrong one is taken away.
    sid = models.CharField("right college ID", max_length=9, blank=True)
    state = models.CharField("state", max_length=9, choices=State, default=State.REQUESTED)
    reason = models.TextField("reason", max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    #: Who approved, declined or withdrew it.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    decision = models.TextField("reason of the decision", max_length=1000, blank=True)

    objects = SidReplacementQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("requested", "approved", "declined", "withdrawn")),
                name="replacement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(sid="") | Q(sid__regex=NINE_DIGITS), name="right_college_id_has_nine_digits"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="replacement_says_why"),
            models.CheckConstraint(
                condition=Q(state="requested", decided_by__isnull=True, decided_at__isnull=True, decision="")
                | Q(state__in=("approved", "withdrawn"), decided_by__isnull=False, decided_at__isnull=False)
                | (Q(state="declined", decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="replacement_state_has_its_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("asked_by")),
                name="replacement_takes_two_people",
                violation_error_message="Somebody else must approve this replacement.",
            ),
            models.UniqueConstraint(
                fields=("identity",),
                condition=Q(state="requested"),
                name="one_open_replacement_a_college_id",
                violation_error_message="A replacement of this college ID is under way.",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="replacement_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="replacement_goes_its_way",
                field="state",
                transitions=[
                    ("requested", "approved"), ("requested", "declined"), ("requested", "withdrawn"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="replacement_asked_is_ink",
                fields=["identity", "sid", "reason", "asked_by", "asked_at"],
            ),
            pgtrigger.Protect(
                name="replacement_decided_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"replacement {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.REQUESTED
