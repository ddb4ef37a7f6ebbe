"""Files of a bank or shop: looked at first, then saved, each line once; what matches nothing is kept as work."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import Consortium
from students.models.payments import Payment


class StatementQuerySet(VisibleQuerySet):
    def lately(self) -> models.QuerySet["Statement", dict[str, Any]]:
        """What the page lists of the last ones; never their rows."""
        return self.order_by("-handed_in_at", "-id").values(
            "public_id", "name", "state", "handed_in_at", "matched", "known", "unmatched"
        )[:10]


class Statement(Record):
    """One file of payments. Its rows are kept until they are saved as lines."""

    class State(models.TextChoices):
        PREVIEW = "preview", "To be checked"
        SAVED = "saved", "Saved"

    seen_by: ClassVar = {Role.CONSORTIUM: "consortium", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "consortium", "state", "handed_in_by", "handed_in_at", "saved_at", "matched", "known",
        "unmatched", "columns",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "rows"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="statements")
    name = models.CharField("file name", max_length=100)
    #: The first row is the heads; empty once the lines are saved.
    rows = models.JSONField("rows", default=list)
    #: Which head holds what: `paid_on`, `amount`, and `words`, a list of those the payer's words stand in.
    columns = models.JSONField("columns", default=dict)
    state = models.CharField("state", max_length=8, choices=State, default=State.PREVIEW)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now, editable=False)
    saved_at = models.DateTimeField("saved at", null=True, blank=True)
    matched = models.PositiveIntegerField("matched", default=0)
    known = models.PositiveIntegerField("known before", default=0)
    unmatched = models.PositiveIntegerField("unmatched", default=0)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("-handed_in_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("preview", "saved")), name="statement_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="saved", saved_at__isnull=False)
                | Q(state="preview", saved_at__isnull=True),
                name="statement_saved_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"statement {self.pk}"


class StatementLineQuerySet(VisibleQuerySet):
    def waiting(self) -> "StatementLineQuerySet":
        """Money nobody has been found for yet, the oldest first."""
        return self.filter(state=StatementLine.State.UNMATCHED).order_by("paid_on", "pk")

    def done(self) -> "StatementLineQuerySet":
        """What was matched by hand or set aside, the latest first."""
        return (
            self.filter(decided_at__isnull=False)
            .select_related("payment__student", "decided_by")
            .order_by("-decided_at", "-pk")
        )


class StatementLine(Record):
    """One line of a bank's or shop's file, once a consortium however many files hold it."""

    class State(models.TextChoices):
        MATCHED = "matched", "Matched"
        KNOWN = "known", "A payment that was here already"
        UNMATCHED = "unmatched", "Unmatched"
        SET_ASIDE = "set_aside", "Set aside"

    seen_by: ClassVar = {Role.CONSORTIUM: "consortium", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "statement", "consortium", "number", "state", "payment", "decided_at", "decided_by",
    }  # fmt: skip
    private_fields: ClassVar = {"fingerprint", "paid_on", "amount", "words", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("line of the file")
    #: Of day, amount and words, and the how-manieth of such lines it is: the same line in another file is this one.
    fingerprint = models.CharField(max_length=64)
    paid_on = models.DateField("paid on")
    amount = models.DecimalField("amount", max_digits=9, decimal_places=2)
    words = models.CharField("what the payer wrote", max_length=300, blank=True)
    state = models.CharField("state", max_length=9, choices=State)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="lines")
    reason = models.CharField("reason", max_length=200, blank=True)
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        ordering = ("statement", "number")
        constraints = (
            models.UniqueConstraint(fields=("consortium", "fingerprint"), name="statement_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="statement_line_has_an_amount"),
            models.CheckConstraint(
                condition=Q(state__in=("matched", "known", "unmatched", "set_aside")),
                name="statement_line_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("matched", "known"), payment__isnull=False)
                | Q(state="unmatched", payment__isnull=True, decided_at__isnull=True)
                | (Q(state="set_aside", payment__isnull=True, decided_at__isnull=False) & ~Q(reason="")),
                name="statement_line_state_fits_its_facts",
            ),
        )
        indexes = (
            models.Index(
                fields=("consortium", "paid_on"),
                name="statement_line_unmatched",
                condition=Q(state="unmatched"),
            ),
        )

    def __str__(self) -> str:
        return f"line {self.number} of {self.statement_id}"


class StatementColumns(models.Model):
    """Which columns of a consortium's file hold what, as it was said last."""

    public_fields: ClassVar = {"id", "consortium", "columns"}
    private_fields: ClassVar[set[str]] = set()

    consortium = models.OneToOneField(Consortium, models.PROTECT, related_name="+")
    columns = models.JSONField("columns", default=dict)

    def __str__(self) -> str:
        return f"columns of {self.consortium_id}"
