"""Sheets a college hands in: kept as they came, looked at before they count, applied whole or not at all."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import College
from sers.lib.fields import SealedTextField


class SheetImportQuerySet(VisibleQuerySet):
    def listed(self) -> "SheetImportQuerySet":
        """Without the text of the sheets, with their college and who handed them in; the latest first."""
        return self.defer("text").select_related("college", "uploaded_by").order_by("-uploaded_at", "-id")


class SheetImport(Record):
    """One CSV sheet of a college. Waiting: read and shown. Applied: every row counts. Dropped: none does.

    It names many people, with their birth dates: it is sealed while it waits, and emptied when it is decided. What it
    said of a student stands in the rows it made; its fingerprint tells whether a file is the one that was handed in.
    """

    class Kind(models.TextChoices):
        SIDS = "sids", "College IDs"
        ACTIVATIONS = "activations", "Term activations"
        CONFIRMATIONS = "confirmations", "Accepted and Posted"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be applied"
        APPLIED = "applied", "Applied"
        DROPPED = "dropped", "Dropped"

    seen_by: ClassVar = {Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "college", "kind", "state", "sha256", "uploaded_by", "uploaded_at", "decided_by",
        "decided_at", "rows", "added", "known", "kept",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "text"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="imports")
    kind = models.CharField("what it holds", max_length=14, choices=Kind)
    state = models.CharField("state", max_length=8, choices=State, default=State.WAITING)
    name = models.CharField("file", max_length=100)
    text = SealedTextField("sheet", blank=True)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("handed in at", default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    # What applying it came to: rows in the sheet, new ones, those known already, those kept for a person to look at.
    rows = models.PositiveIntegerField("rows", default=0)
    added = models.PositiveIntegerField("added", default=0)
    known = models.PositiveIntegerField("known already", default=0)
    kept = models.PositiveIntegerField("kept for a person", default=0)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("sids", "activations", "confirmations")), name="import_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=("applied", "dropped"), decided_at__isnull=False, decided_by__isnull=False),
                name="decided_import_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(text=""), name="decided_import_is_emptied"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="import_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="imported_sheet_is_ink",
                fields=["college", "kind", "name", "sha256", "uploaded_by", "uploaded_at"],
            ),
            pgtrigger.Protect(
                name="waiting_sheet_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state="waiting", old__text__df=pgtrigger.F("new__text")),
            ),
            pgtrigger.Protect(
                name="decided_import_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("applied", "dropped")),
            ),
        )

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
