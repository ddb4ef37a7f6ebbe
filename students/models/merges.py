"""Merges: which record was merged into which, by whom and why, and whether that was undone. In ink."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models.kin import records_of
from students.models.people import Student


class MergeQuerySet(VisibleQuerySet):
    def standing(self) -> "MergeQuerySet":
        """Merges that count: not undone."""
        return self.filter(undone_at__isnull=True)

    def of(self, student: Student) -> "MergeQuerySet":
        """Every merge one of this student's records had a part in, undone ones too."""
        keys = records_of(student)
        return self.filter(Q(stands__in=keys) | Q(gone__in=keys))

    def in_full(self) -> "MergeQuerySet":
        """With both records, their schools and accounts, and who merged and undid."""
        return self.select_related(
            "stands__school__district", "stands__user", "gone__school__district", "gone__user", "merged_by",
            "undone_by",
        )  # fmt: skip

    def listed(self) -> "MergeQuerySet":
        """What the log shows, the latest first."""
        return self.in_full().order_by("-merged_at", "-id")


class Merge(Record):
    """One record was merged into another that stands for it since: who did it and why, and who undid it."""

    seen_by: ClassVar = {
        Role.CONSORTIUM: (
            "stands__registrations__articulation__consortium",
            "stands__school__district__consortia",
        ),
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "stands", "gone", "merged_at", "merged_by", "undone_at", "undone_by",
    }  # fmt: skip
    private_fields: ClassVar = {"reason", "undone_reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stands = models.ForeignKey(
        Student, models.PROTECT, related_name="merges", verbose_name="record that stays"
    )
    gone = models.ForeignKey(
        Student, models.PROTECT, related_name="merges_away", verbose_name="record that was merged"
    )
    merged_at = models.DateTimeField("merged at", default=timezone.now)
    merged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField("reason", max_length=300)
    undone_at = models.DateTimeField("undone at", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_reason = models.CharField("why it was undone", max_length=300, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ("-merged_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("gone",), condition=Q(undone_at__isnull=True), name="a_record_is_merged_once"
            ),
            models.CheckConstraint(condition=~Q(stands=F("gone")), name="a_merge_is_of_two_records"),
            models.CheckConstraint(condition=~Q(reason=""), name="who_merges_says_why"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="who_undoes_a_merge_says_why",
            ),
        )
        indexes = (models.Index(fields=("-merged_at", "-id"), name="merge_by_day"),)
        triggers = (
            pgtrigger.Protect(name="merge_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="merge_is_ink", fields=["stands", "gone", "merged_at", "merged_by", "reason"]
            ),
            pgtrigger.Protect(
                name="undone_merge_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.stands_id}"

    @property
    def records(self) -> list[Student]:
        """Whose records it tells of: of one student, and of two once it is undone."""
        return [self.stands] if self.undone_at is None else [self.stands, self.gone]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.reason, self.undone_reason = self.reason.strip()[:300], self.undone_reason.strip()[:300]
        super().save(*args, **kwargs)
