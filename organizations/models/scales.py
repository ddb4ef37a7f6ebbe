"""Grade scales of colleges."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models.places import College


class GradeScale(models.Model):
    """How a college turns a percent into grade points and a letter. Never changed once used: a new one is made."""

    class Rounding(models.TextChoices):
        DOWN = "down", "Down to the whole percent"
        HALF_UP = "half_up", "To the nearest whole percent, halves up"
        NONE = "none", "Not rounded"

    public_fields: ClassVar = {"id", "name", "college", "rounding"}
    private_fields: ClassVar[set[str]] = set()

    name = models.CharField("name", max_length=60)
    college = models.ForeignKey(College, models.PROTECT, null=True, blank=True, related_name="scales")
    rounding = models.CharField("rounding", max_length=10, choices=Rounding, default=Rounding.DOWN)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("college", "name"), name="scale_once_in_college"),
            models.CheckConstraint(
                condition=Q(rounding__in=("down", "half_up", "none")), name="scale_rounding_is_known"
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

    def __str__(self) -> str:
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()
