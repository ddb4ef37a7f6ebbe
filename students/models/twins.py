"""Pairs of records that may be one person's: found by a worker, looked at by staff."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models.inspections import inspected, kept_while_inspected
from students.models.people import Student


class LikelyTwinsQuerySet(VisibleQuerySet):
    def visible_to(self, user: Any) -> "LikelyTwinsQuerySet":
        """Pairs of which this person sees both: who sees one alone would learn of the other by the pair."""
        seen = Student.objects.visible_to(user).values("pk")
        return super().visible_to(user).filter(newer__in=seen)

    def undecided(self) -> "LikelyTwinsQuerySet":
        """Pairs nobody has told apart, of records that both stand for themselves."""
        return self.standing().filter(decided_at__isnull=True)

    def told_apart(self) -> "LikelyTwinsQuerySet":
        """Pairs somebody said are two people."""
        return self.standing().filter(decided_at__isnull=False)

    def standing(self) -> "LikelyTwinsQuerySet":
        return self.filter(older__merged_into__isnull=True, newer__merged_into__isnull=True)

    def of_any(self, students: Iterable[int]) -> "LikelyTwinsQuerySet":
        """Pairs one of these records is in."""
        keys = list(students)
        return self.filter(Q(older__in=keys) | Q(newer__in=keys))

    def to_drop(self, pairs: Iterable[int]) -> "LikelyTwinsQuerySet":
        """Of these pairs those that nobody told apart, and of whose two records nobody has asked to inspect one."""
        asked = inspected()
        return self.filter(pk__in=list(pairs), decided_at__isnull=True).exclude(
            Q(older__in=asked) | Q(newer__in=asked)
        )

    def in_full(self) -> "LikelyTwinsQuerySet":
        """With both records, their schools and accounts, and who decided."""
        return self.select_related(
            "older__school__district", "older__user", "newer__school__district", "newer__user", "decided_by"
        )

    def listed(self) -> "LikelyTwinsQuerySet":
        """The surest first, then by name."""
        return self.in_full().order_by("likeness", "older__sort_name", "id")


class LikelyTwins(Record):
    """Two records that look like one person's. Told apart by somebody with a reason, they stay told apart."""

    class Likeness(models.TextChoices):
        SAME = "1_same", "Same name and birth date"
        NEAR = "2_near", "Nearly the same"

    seen_by: ClassVar = {Role.CONSORTIUM: "older__school__district__consortia", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "older", "newer", "likeness", "found_at", "decided_at", "decided_by",
    }  # fmt: skip
    private_fields: ClassVar = {"reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: The record that was there first.
    older = models.ForeignKey(Student, models.PROTECT, related_name="twins_after")
    newer = models.ForeignKey(Student, models.PROTECT, related_name="twins_before")
    likeness = models.CharField("how alike", max_length=8, choices=Likeness)
    found_at = models.DateTimeField("found at", default=timezone.now)
    decided_at = models.DateTimeField("told apart at", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="told apart by"
    )
    reason = models.CharField("reason", max_length=300, blank=True)

    objects = LikelyTwinsQuerySet.as_manager()

    class Meta:
        ordering = ("likeness", "id")
        verbose_name_plural = "likely twins"
        constraints = (
            models.UniqueConstraint(fields=("older", "newer"), name="a_pair_stands_once"),
            models.CheckConstraint(condition=Q(older__lt=F("newer")), name="the_older_of_a_pair_comes_first"),
            models.CheckConstraint(condition=Q(likeness__in=("1_same", "2_near")), name="likeness_is_known"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, reason="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="who_tells_apart_says_why",
            ),
        )
        indexes = (
            models.Index(
                fields=("likeness", "id"), name="twins_undecided", condition=Q(decided_at__isnull=True)
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="twins_kept_while_inspected",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=kept_while_inspected("OLD.older_id", "OLD.newer_id"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.older_id} and {self.newer_id}"
