"""How SERS runs: pages that were slow, and backups that somebody took."""

from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Max, Q, Sum
from django.utils import timezone


class SlowPageQuerySet(models.QuerySet["SlowPage"]):
    def since(self, day: date) -> models.QuerySet["SlowPage", dict[str, Any]]:
        """Pages that were slow from a day on, the one that was so most often first."""
        return (
            self.filter(day__gte=day)
            .order_by()
            .values("page")
            .annotate(number=Sum("times"), slowest=Max("slowest_ms"))
            .order_by("-number", "page")
        )


class SlowPage(models.Model):
    """One page on one day: how often it took longer than it may, and how long at the most. Only slow ones are noted.

    A page goes by its name in the code, never by its address: no record is named.
    """

    #: From so many milliseconds on a page is slow.
    SLOW: ClassVar = 1000

    public_fields: ClassVar = {"id", "page", "day", "times", "slowest_ms"}
    private_fields: ClassVar[set[str]] = set()

    page = models.CharField("page", max_length=80)
    day = models.DateField("day")
    times = models.PositiveIntegerField("times")
    slowest_ms = models.PositiveIntegerField("slowest, ms")

    objects = SlowPageQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "page")
        constraints = (
            models.UniqueConstraint(fields=("page", "day"), name="slow_page_once_a_day"),
            models.CheckConstraint(condition=Q(times__gt=0), name="slow_page_was_slow"),
        )
        indexes = (models.Index(fields=("day",), name="slow_page_by_day"),)

    def __str__(self) -> str:
        return f"{self.page} on {self.day}"


class BackupQuerySet(models.QuerySet["Backup"]):
    def newest(self) -> "Backup | None":
        """The backup that was taken last."""
        return self.order_by("-taken_at", "-id").first()


class Backup(models.Model):
    """Ink: somebody's backup of the database ended well. SERS takes none itself: what takes it says so afterwards."""

    public_fields: ClassVar = {"id", "taken_at", "size", "where"}
    private_fields: ClassVar[set[str]] = set()

    taken_at = models.DateTimeField("taken at", default=timezone.now)
    size = models.PositiveBigIntegerField("bytes")
    where = models.CharField("where it is kept", max_length=120)

    objects = BackupQuerySet.as_manager()

    class Meta:
        ordering = ("-taken_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(size__gt=0), name="backup_is_not_empty"),
            models.CheckConstraint(condition=~Q(where=""), name="backup_is_kept_somewhere"),
        )
        triggers = (pgtrigger.Protect(name="backup_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"backup of {self.taken_at}"

    def is_older_than(self, moment: datetime) -> bool:
        return self.taken_at < moment
