"""Grade scales of colleges."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models.places import College


class GradeScaleQuerySet(models.QuerySet["GradeScale"]):
    def for_colleges(self, colleges: Iterable[int]) -> "GradeScaleQuerySet":
        """The scales these colleges may choose from: their own, and those that belong to none."""
        return self.filter(Q(college__in=list(colleges)) | Q(college=None)).select_related("college")

    def by_college(self) -> "GradeScaleQuerySet":
        """Those of no college first, then college by college."""
        return self.order_by(F("college__name").asc(nulls_first=True), "name", "pk")

    def with_rows(self) -> "GradeScaleQuerySet":
        return self.select_related("college").prefetch_related("rows")


class GradeScale(models.Model):
    """How a college turns a percent into grade points and a letter. Never changed once used: a new one is made.

    `used_at` is written by the database when a college's year first names the scale; from then on triggers hold the
    scale and its rows as they are.
    """

    class Rounding(models.TextChoices):
        DOWN = "down", _("Down to the whole percent")
        HALF_UP = "half_up", _("To the nearest whole percent, halves up")
        NONE = "none", "Not rounded"

    public_fields: ClassVar = {"id", "public_id", "name", "college", "rounding", "used_at"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("name", max_length=60)
    college = models.ForeignKey(College, models.PROTECT, null=True, blank=True, related_name="scales")
    rounding = models.CharField("rounding", max_length=10, choices=Rounding, default=Rounding.DOWN)
    used_at = models.DateTimeField("in use since", null=True, blank=True, editable=False)

    objects = GradeScaleQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("college", "name"), name="scale_once_in_college"),
            models.CheckConstraint(
                condition=Q(rounding__in=("down", "half_up", "none")), name="scale_rounding_is_known"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="scale_in_use_is_ink",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__used_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class GradeScaleRow(models.Model):
    """From this percent up to the next row's: these points and this letter."""

    public_fields: ClassVar = {"id", "scale", "percent_from", "points", "letter"}
    private_fields: ClassVar[set[str]] = set()

    scale = models.ForeignKey(GradeScale, models.PROTECT, related_name="rows")
    percent_from = models.DecimalField("from percent", max_digits=5, decimal_places=2)
    points = models.DecimalField("grade points", max_digits=2, decimal_places=1, null=True, blank=True)
    letter = models.CharField("letter", max_length=3, blank=True)

    class Meta:
        ordering = ("scale", "-percent_from")
        constraints = (
            models.UniqueConstraint(fields=("scale", "percent_from"), name="scale_row_once"),
            models.CheckConstraint(
                condition=Q(percent_from__gte=0, percent_from__lte=100), name="scale_row_is_a_percent"
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=Decimal("4.0")),
                name="scale_row_points_to_four",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="scale_row_in_use_is_ink",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT FROM organizations_gradescale
                        WHERE id IN (OLD.scale_id, NEW.scale_id) AND used_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'A grade scale in use is not changed: make a new one.';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()
