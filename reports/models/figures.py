"""Figures: what reports are read from, counted by a worker, so that a page of the whole State opens at once."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import AcademicYear


class FiguresQuerySet(models.QuerySet["Figures"]):
    def of_year(self, first_year: int, kind: str) -> "Figures | None":
        """The figures of a school year, of one kind, if they are there."""
        return self.filter(year__first_year=first_year, kind=kind).select_related("year").first()

    def first_years(self, kind: str) -> list[int]:
        """The school years that have figures of a kind, the latest first."""
        years = self.filter(kind=kind).order_by("-year__first_year")
        return list(years.values_list("year__first_year", flat=True))


class Figures(models.Model):
    """All figures of one school year, counted in one moment.

    In full, for those who may see each student counted: counted anew every night. Published, for everyone else: once,
    when the year is over, with no small group told apart, and never again, so that no two of them can be compared.
    """

    class Kind(models.TextChoices):
        FULL = "full", "In full"
        PUBLISHED = "published", "Published"

    public_fields: ClassVar = {"id", "year", "kind", "counted_at"}
    private_fields: ClassVar[set[str]] = set()

    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="figures")
    kind = models.CharField("for whom", max_length=9, choices=Kind)
    counted_at = models.DateTimeField("counted at", default=timezone.now)

    objects = FiguresQuerySet.as_manager()

    class Meta:
        ordering = ("-year__first_year", "kind")
        verbose_name_plural = "figures"
        constraints = (
            models.UniqueConstraint(fields=("year", "kind"), name="figures_of_a_year_once"),
            models.CheckConstraint(condition=Q(kind__in=("full", "published")), name="figures_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class FigureQuerySet(models.QuerySet["Figure"]):
    def told(self, kind: str, area: str, place: int, by: str) -> "FigureQuerySet":
        """The figures of one area and one breakdown, of every school year, in the order they are shown."""
        return (
            self.filter(figures__kind=kind, area=area, place=place, by=by)
            .select_related("figures__year")
            .order_by("-figures__year__first_year", "together", "-registered", "label", "id")
        )

    def of_years(self, first_years: Iterable[int]) -> "FigureQuerySet":
        """Those of some school years."""
        return self.filter(figures__year__first_year__in=list(first_years))


class Figure(models.Model):
    """How far the classes of one group came: registered, graded, completed, transcribed. A class is counted, not a
    student; one student may have several."""

    class Area(models.TextChoices):
        STATE = "state", "State"
        CONSORTIUM = "consortium", "Consortium"
        COLLEGE = "college", "College"
        DISTRICT = "district", "School district"
        SCHOOL = "school", "High school"

    class By(models.TextChoices):
        WHOLE = "whole", "The whole"
        CONSORTIUM = "consortium", "Consortium"
        COLLEGE = "college", "College"
        DISTRICT = "district", "School district"
        SCHOOL = "school", "High school"
        CLUSTER = "cluster", "Career cluster"
        COURSE = "course", "Class"
        GRADE = "grade", "Grade level"
        GENDER = "gender", "Gender"
        ETHNICITY = "ethnicity", "Race or ethnicity"

    public_fields: ClassVar = {"id", "figures", "area", "place", "by", "value", "label", "together"}
    private_fields: ClassVar = {
        "students", "registered", "graded", "completed", "transcribed", "credits", "tuition", "credits_unpriced",
        "not_registered",
    }  # fmt: skip

    figures = models.ForeignKey(Figures, models.PROTECT, related_name="rows")
    area = models.CharField("area", max_length=10, choices=Area)
    #: The row of the area: a consortium's, college's, district's or school's id; 0 is the State.
    place = models.PositiveBigIntegerField("place", default=0)
    by = models.CharField("by", max_length=10, choices=By, default=By.WHOLE)
    #: What tells the group apart, and its name as it stood when it was counted.
    value = models.CharField("value", max_length=160, blank=True)
    label = models.CharField("name", max_length=160, blank=True)
    #: How many groups stand in this row, because each alone is too small to publish; 0 where it is one group.
    together = models.PositiveSmallIntegerField("groups together", default=0)
    #: Different students. Never published: the numbers of two groups would tell how many are in both.
    students = models.PositiveIntegerField("students", null=True, blank=True)
    registered = models.PositiveIntegerField("registered")
    graded = models.PositiveIntegerField("graded")
    completed = models.PositiveIntegerField("Completed")
    transcribed = models.PositiveIntegerField("transcribed")
    #: Beside those who are registered: in a class, as the rosters of schools say, and not registered. Of a whole alone;
    #: empty where no school has sent a roster. Never published: rosters hold whom SERS does not know.
    not_registered = models.PositiveIntegerField("in class, not registered", null=True, blank=True)
    credits = models.DecimalField("credits awarded", max_digits=10, decimal_places=1, default=Decimal(0))
    tuition = models.DecimalField("tuition saved", max_digits=14, decimal_places=2, default=Decimal(0))
    #: Credits of colleges that have not said what one costs: their tuition is not known, which is not nothing.
    credits_unpriced = models.DecimalField(
        "credits without a price", max_digits=10, decimal_places=1, default=Decimal(0)
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ("figures", "area", "place", "by", "value")
        constraints = (
            models.UniqueConstraint(fields=("area", "place", "by", "figures", "value"), name="figure_once"),
            models.CheckConstraint(
                condition=Q(graded__lte=F("registered"), completed__lte=F("graded"))
                & Q(transcribed__lte=F("completed")),
                name="figures_only_go_down",
            ),
            models.CheckConstraint(
                condition=Q(area="state", place=0) | (~Q(area="state") & Q(place__gt=0)),
                name="figure_stands_in_a_place",
            ),
            models.CheckConstraint(
                condition=Q(not_registered__isnull=True) | Q(by="whole"), name="rosters_are_of_a_whole"
            ),
            models.CheckConstraint(
                condition=Q(credits__gte=F("credits_unpriced")), name="unpriced_credits_are_credits"
            ),
            models.CheckConstraint(
                condition=Q(area__in=("state", "consortium", "college", "district", "school")),
                name="figure_area_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    by__in=(
                        "whole",
                        "consortium",
                        "college",
                        "district",
                        "school",
                        "cluster",
                        "course",
                        "grade",
                        "gender",
                        "ethnicity",
                    )
                ),
                name="figure_by_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.place} by {self.by} {self.value}".strip()

    @property
    def in_class(self) -> int | None:
        """Registered, or on a school's roster and not registered; empty where no school has sent a roster."""
        return None if self.not_registered is None else self.registered + self.not_registered
