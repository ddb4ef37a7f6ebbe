"""What a report counts of the whole State, year beside year: counted at night, since it takes some seconds."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import AcademicYear


class StateYearQuerySet(models.QuerySet["StateYear"]):
    def counted(self, report: str) -> dict[tuple[int, date], "StateYear"]:
        """What was last counted of a report, by the first calendar year of the school year and the day it is told of."""
        rows = self.filter(report=report).select_related("year").order_by("id")
        return {(row.year.first_year, row.until): row for row in rows}


class StateYear(models.Model):
    """The numbers of one school year of the whole State as they stood on a day; counted anew every night."""

    public_fields: ClassVar = {"id", "report", "year", "until", "on", "numbers", "counted_at"}
    private_fields: ClassVar[set[str]] = set()

    report = models.CharField("report", max_length=12)
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    until = models.DateField("as it stood on")
    on = models.DateField("counted for")
    numbers: Any = models.JSONField("numbers")
    counted_at = models.DateTimeField("counted at", default=timezone.now)

    objects = StateYearQuerySet.as_manager()

    class Meta:
        ordering = ("report", "-year__first_year", "-until")
        constraints = (
            models.UniqueConstraint(fields=("report", "year", "until"), name="state_year_once_a_day"),
            models.CheckConstraint(condition=Q(until__lte=F("on")), name="state_year_is_no_forecast"),
        )

    def __str__(self) -> str:
        return f"{self.report} {self.year} on {self.until}"
