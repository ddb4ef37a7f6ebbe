"""Agreements are looked at again: what changed in a college course, which agreements that marks, what a review found."""

from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from articulations.models.agreements import Articulation, ArticulationQuerySet
from articulations.models.courses import CollegeCourse
from articulations.models.lines import ArticulationCourse


class CourseChange(models.Model):
    """Ink: what was changed of a college course, before and after, by whom. Its agreements are marked with it."""

    public_fields: ClassVar = {"id", "course", "changes", "changed_by", "changed_at", "note"}
    private_fields: ClassVar[set[str]] = set()

    course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="changes")
    #: `[{"name": "Credits", "was": "5", "is_now": "4"}]`
    changes = models.JSONField("what changed")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("changed at", default=timezone.now)
    note = models.TextField("note", max_length=1000, blank=True)

    class Meta:
        ordering = ("-changed_at", "-id")
        triggers = (
            pgtrigger.Protect(name="course_change_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"change of {self.course_id}"


class AgreementReview(models.Model):
    """Ink: an agreement was reviewed, and what follows."""

    class Outcome(models.TextChoices):
        STAYS = "stays", "It stays as it is"
        NO_REVISION = "no_revision", "Renew it with no revision"
        REVISION = "revision", "Renew it with revision"
        LAPSES = "lapses", "Let it end"

    public_fields: ClassVar = {
        "id", "articulation", "outcome", "note", "was_due_on", "reviewed_by", "reviewed_at",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="reviews")
    outcome = models.CharField("what follows", max_length=12, choices=Outcome)
    note = models.TextField("what was found", max_length=2000, blank=True)
    was_due_on = models.DateField("was due on")
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField("reviewed at", default=timezone.now)

    class Meta:
        ordering = ("-reviewed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=("stays", "no_revision", "revision", "lapses")),
                name="agreement_review_outcome_is_known",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="agreement_review_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"review of {self.articulation_id}"


class AgreementMarkQuerySet(models.QuerySet["AgreementMark"]):
    def open(self) -> "AgreementMarkQuerySet":
        """Marks no review has answered yet."""
        return self.filter(review=None)

    def of(self, agreements: Iterable[int]) -> dict[int, list["AgreementMark"]]:
        """The open marks of these agreements, by the agreement's id, the first first."""
        found: dict[int, list[AgreementMark]] = {}
        rows = (
            self.open()
            .filter(articulation__in=list(agreements))
            .select_related("change__course")
            .order_by("id")
        )
        for one in rows:
            found.setdefault(one.articulation_id, []).append(one)
        return found


class AgreementMark(models.Model):
    """A change of a college course calls for a review of an agreement, until one answers it."""

    public_fields: ClassVar = {"id", "articulation", "change", "review"}
    private_fields: ClassVar[set[str]] = set()

    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="marks")
    change = models.ForeignKey(CourseChange, models.PROTECT, related_name="marks")
    review = models.ForeignKey(AgreementReview, models.PROTECT, null=True, blank=True, related_name="answers")

    objects = AgreementMarkQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("articulation", "change"), name="an_agreement_is_marked_once"),
        )
        triggers = (
            pgtrigger.Protect(name="agreement_mark_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="agreement_mark_is_ink", fields=["articulation", "change"]),
        )

    def __str__(self) -> str:
        return f"mark of {self.articulation_id}"


def review_rows(rows: ArticulationQuerySet) -> models.QuerySet[Articulation, dict[str, Any]]:
    """What a row of the calendar of reviews shows, as plain values; `decided` is what was decided for this due day."""
    line = ArticulationCourse.objects.filter(articulation=OuterRef("pk")).order_by("id")
    review = AgreementReview.objects.filter(
        articulation=OuterRef("pk"), was_due_on=OuterRef("review_due_on")
    ).order_by("-id")
    found: models.QuerySet[Articulation, Any] = rows.values(
        "id", "public_id", "number", "review_due_on", "valid_until",
        college_name=F("college__name"),
        consortium_name=F("consortium__short_name"),
        title=Subquery(line.values("high_school_course__title")[:1]),
        school_name=Subquery(line.values("high_school_course__school__name")[:1]),
        course=Subquery(line.values("college_course__code")[:1]),
        decided=Coalesce(Subquery(review.values("outcome")[:1]), Value("")),
    )  # fmt: skip
    return found
