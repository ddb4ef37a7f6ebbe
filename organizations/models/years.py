"""School years, what is open in them, and what colleges and consortia ask in each."""

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import school_year_of
from organizations.models.places import College, Consortium
from organizations.models.scales import GradeScale


class DateRange(Func):
    function = "DATERANGE"


class AcademicYearQuerySet(models.QuerySet["AcademicYear"]):
    def on(self, day: date) -> "AcademicYear":
        """The school year a day falls in, made when it is first asked for."""
        return self.get_or_create(first_year=school_year_of(day))[0]

    def named(self, first_year: int) -> "AcademicYear":
        """The school year of this first calendar year, if it has a row; else its name without one."""
        return self.filter(first_year=first_year).first() or AcademicYear(first_year=first_year)

    def current(self) -> "AcademicYear":
        """The school year of today, Pacific time."""
        return self.on(timezone.localdate())


class AcademicYear(models.Model):
    """A school year, July 1 to June 30, with the summer term that follows it."""

    public_fields: ClassVar = {"id", "first_year"}
    private_fields: ClassVar[set[str]] = set()

    first_year = models.PositiveSmallIntegerField("first calendar year", unique=True)

    objects = AcademicYearQuerySet.as_manager()

    class Meta:
        ordering = ("-first_year",)

    def __str__(self) -> str:
        return f"{self.first_year}-{(self.first_year + 1) % 100:02}"

    @property
    def before(self) -> "AcademicYear":
        """The school year before this one, by its name: not its row."""
        return AcademicYear(first_year=self.first_year - 1)

    @property
    def starts_on(self) -> date:
        return date(self.first_year, 7, 1)

    @property
    def ends_on(self) -> date:
        return date(self.first_year + 1, 6, 30)


class WindowQuerySet(models.QuerySet["Window"]):
    def of_consortium(self, consortium: Consortium, year: AcademicYear) -> "WindowQuerySet":
        """The windows of a consortium in a year, its own and those of its colleges, each with its college."""
        return (
            self.filter(consortium=consortium, year=year).select_related("college").order_by("opens_on", "id")
        )


class Window(models.Model):
    """When something may be done, first and last day included. A college's row overrides its consortium's."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", "Registration"
        PAYMENT = "payment", "Forms and fees"
        GRADING = "grading", "Grades"
        REQUEST = "request", "Transcription request"

    public_fields: ClassVar = {"id", "consortium", "college", "year", "kind", "opens_on", "closes_on"}
    private_fields: ClassVar[set[str]] = set()

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="windows")
    college = models.ForeignKey(College, models.PROTECT, null=True, blank=True, related_name="windows")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="windows")
    kind = models.CharField("what", max_length=20, choices=Kind)
    opens_on = models.DateField("first day")
    closes_on = models.DateField("last day")

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ("closes_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="window_closes_after_it_opens",
                violation_error_message="The last day comes before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("registration", "payment", "grading", "request")),
                name="window_kind_is_known",
            ),
            ExclusionConstraint(
                name="windows_do_not_overlap",
                expressions=(
                    (F("consortium"), RangeOperators.EQUAL),
                    (Coalesce(F("college"), Value(0)), RangeOperators.EQUAL),
                    (F("year"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (DateRange(F("opens_on"), F("closes_on"), Value("[]")), RangeOperators.OVERLAPS),
                ),
                violation_error_message="Another window of this kind covers some of these days.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.opens_on} to {self.closes_on}"


class CollegeYearQuerySet(models.QuerySet["CollegeYear"]):
    def using_scale(self, scale: GradeScale) -> "CollegeYearQuerySet":
        """The colleges and years that grade by a scale, the latest first."""
        return (
            self.filter(scale=scale)
            .select_related("college", "year")
            .order_by("-year__first_year", "college__name")
        )

    def minimums(self, year: AcademicYear) -> dict[int, Decimal]:
        """The least percent of each college in a year, by the college's id."""
        known = self.filter(year__first_year=year.first_year)
        return dict(known.values_list("college_id", "minimum_percent"))

    def of(self, college: College, year: AcademicYear) -> "CollegeYear | None":
        """What a college asks in a year, with its scale; None where it has said nothing yet."""
        found = self.filter(college=college, year__first_year=year.first_year)
        return found.select_related("scale", "year").first()

    def of_colleges(self, colleges: Iterable[College], year: AcademicYear) -> "dict[int, CollegeYear]":
        """What some colleges ask in a year, with their scales, by the college's id."""
        found = self.filter(college__in=list(colleges), year__first_year=year.first_year)
        return {one.college_id: one for one in found.select_related("scale", "year")}


class CollegeYear(models.Model):
    """What a college asks in one year: its scale, its least grade, how credit reaches the transcript."""

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", _("By itself, in the summer")
        ON_REQUEST = "on_request", _("When the student asks")
        ENROLLMENT = "enrollment", _("By enrolling in ctcLink")
        EXTERNAL = "external", _("Outside SERS")

    class MinimumKind(models.TextChoices):
        PERCENT = "percent", "A percent"
        POINTS = "points", "Grade points"
        LETTER = "letter", "A letter"

    class GradesAs(models.TextChoices):
        PERCENT = "percent", "A percent, or a grade of the scale"
        GRADE = "grade", "A grade of the scale"

    class PointsFrom(models.TextChoices):
        LAST = "last", "The last term"
        LOWEST = "lowest", "The lowest term"

    class Part(models.TextChoices):
        """What a grade can be made of: one grade, or a grade a term; and criteria, which are met or not met."""

        WHOLE = "whole", _("Student Grade")
        FIRST = "first", _("First semester")
        SECOND = "second", _("Second semester")
        EXAM = "exam", _("Industry exam")
        CHECKLIST = "checklist", _("Competency checklist")

    class LateClaims(models.TextChoices):
        FORBIDDEN = "forbidden", "Not taken"
        REVIEW = "review", "Looked at one by one"
        YEARS = "years", "Taken up to so many years back"

    CRITERIA: ClassVar = (Part.EXAM, Part.CHECKLIST)

    public_fields: ClassVar = {
        "id", "college", "year", "scale", "minimum_kind", "minimum_percent", "minimum_points", "minimum_letter",
        "grades_as", "every_term", "points_from", "needs_exam", "needs_checklist", "mode", "request_by",
        "tuition_per_credit", "late_claims", "late_years",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    college = models.ForeignKey(College, models.PROTECT, related_name="years")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="colleges")
    scale = models.ForeignKey(GradeScale, models.PROTECT, related_name="+")
    minimum_kind = models.CharField(
        "the minimum is", max_length=7, choices=MinimumKind, default=MinimumKind.PERCENT
    )
    #: Always filled. Where the minimum is points or a letter: the percent from which the scale gives them.
    minimum_percent = models.DecimalField("minimum percent", max_digits=5, decimal_places=2)
    minimum_points = models.DecimalField(
        "minimum grade points", max_digits=2, decimal_places=1, null=True, blank=True
    )
    minimum_letter = models.CharField("minimum letter", max_length=3, blank=True)
    grades_as = models.CharField("teachers enter", max_length=7, choices=GradesAs, default=GradesAs.PERCENT)
    every_term = models.BooleanField("the minimum counts in every term", default=False)
    points_from = models.CharField(
        "where every term counts, the college grade is of",
        max_length=6,
        choices=PointsFrom,
        default=PointsFrom.LAST,
    )
    needs_exam = models.BooleanField("an industry exam must be met", default=False)
    needs_checklist = models.BooleanField("a competency checklist must be met", default=False)
    mode = models.CharField("how credit is transcribed", max_length=12, choices=Mode, default=Mode.AUTOMATIC)
    request_by = models.DateField("students ask until", null=True, blank=True)
    tuition_per_credit = models.DecimalField(
        "tuition of one credit", max_digits=7, decimal_places=2, null=True, blank=True
    )

    #: Of classes of earlier years, and of this one after registration has closed; claims that come in this school year.
    late_claims = models.CharField(
        "late claims", max_length=9, choices=LateClaims, default=LateClaims.FORBIDDEN, db_default="forbidden"
    )
    late_years = models.PositiveSmallIntegerField("years back", null=True, blank=True)

    objects = CollegeYearQuerySet.as_manager()

    class Meta:
        ordering = ("college", "-year")
        constraints = (
            models.UniqueConstraint(fields=("college", "year"), name="college_year_once"),
            models.CheckConstraint(
                condition=Q(mode__in=("automatic", "on_request", "enrollment", "external")),
                name="college_year_mode_is_known",
            ),
            models.CheckConstraint(
                condition=Q(minimum_percent__gte=0, minimum_percent__lte=100),
                name="college_year_minimum_is_a_percent",
            ),
            models.CheckConstraint(
                condition=Q(minimum_kind="percent", minimum_points__isnull=True, minimum_letter="")
                | (
                    Q(minimum_kind="points", minimum_points__isnull=False)
                    & Q(minimum_points__gte=0, minimum_points__lte=Decimal("4.0"))
                    & Q(minimum_letter="")
                )
                | (Q(minimum_kind="letter", minimum_points__isnull=True) & ~Q(minimum_letter="")),
                name="college_year_minimum_fits_its_kind",
                violation_error_message="Give the minimum as one of the three: a percent, grade points or a letter.",
            ),
            models.CheckConstraint(
                condition=Q(grades_as__in=("percent", "grade")), name="college_year_grades_as_is_known"
            ),
            models.CheckConstraint(
                condition=Q(points_from__in=("last", "lowest")), name="college_year_points_from_is_known"
            ),
            models.CheckConstraint(
                condition=Q(late_claims__in=("forbidden", "review", "years")),
                name="college_year_late_claims_are_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(late_claims="years")
                    & Q(late_years__gte=0, late_years__lte=10, late_years__isnull=False)
                )
                | (~Q(late_claims="years") & Q(late_years__isnull=True)),
                name="late_years_fit_their_rule",
                violation_error_message="Say how many years back late claims are taken, and only then.",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="scale_is_in_use",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                func="""
                    UPDATE organizations_gradescale SET used_at = now() WHERE id = NEW.scale_id AND used_at IS NULL;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.college} {self.year}"

    @property
    def late_rule(self) -> str:
        """`Taken up to 5 years back`, `Looked at one by one`: which late claims the college takes."""
        if self.late_claims != self.LateClaims.YEARS:
            return str(self.LateClaims(self.late_claims).label)
        if not self.late_years:
            return "Taken of this school year only, after registration has closed"
        return f"Taken up to {self.late_years} {'year' if self.late_years == 1 else 'years'} back"

    def parts(self, *, whole_year: bool) -> tuple[str, ...]:
        """What the college asks of a class: where every term counts and the class has two, a grade for each; else
        one; then its criteria."""
        terms = (self.Part.FIRST, self.Part.SECOND) if self.every_term and whole_year else (self.Part.WHOLE,)
        criteria = ((self.needs_exam, self.Part.EXAM), (self.needs_checklist, self.Part.CHECKLIST))
        return (*terms, *(part for asked, part in criteria if asked))


class ConsortiumYearQuerySet(models.QuerySet["ConsortiumYear"]):
    def in_year(self, consortia: Iterable[Consortium], year: AcademicYear) -> "dict[int, ConsortiumYear]":
        """What some consortia ask in a year, by the consortium's id."""
        found = self.filter(consortium__in=list(consortia), year__first_year=year.first_year)
        return {one.consortium_id: one for one in found}


class ConsortiumYear(models.Model):
    """What a consortium asks in one year before credit is given: a signed form, a guardian's signature, a fee; other
    things are rows of `FurtherAsk`. Where it names no day of its own, all is due when its window closes."""

    class FeeBasis(models.TextChoices):
        NONE = "none", "No fee"
        YEAR = "flat_per_year", "Once a school year"
        CLASS = "per_class", "For each class"
        CREDIT = "per_credit", "For each credit"

    class Guardian(models.TextChoices):
        NOBODY = "nobody", "No guardian signs"
        MINORS = "minors", "For students under 18"
        EVERYBODY = "everybody", "For every student"

    class Payer(models.TextChoices):
        STUDENT = "student", "The student"
        DISTRICT = "district", "The school district"

    public_fields: ClassVar = {
        "id", "consortium", "year", "form_required", "form_due_on", "guardian_signs", "guardian_due_on",
        "fee_basis", "fee_amount", "fee_payer", "fee_due_on",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="years")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="consortia")
    form_required = models.BooleanField("a signed registration form is needed", default=False)
    fee_basis = models.CharField("fee", max_length=14, choices=FeeBasis, default=FeeBasis.NONE)
    fee_amount = models.DecimalField("amount", max_digits=7, decimal_places=2, default=Decimal(0))
    fee_payer = models.CharField("who pays it", max_length=8, choices=Payer, default=Payer.STUDENT)
    guardian_signs = models.CharField(
        "a parent or guardian signs", max_length=9, choices=Guardian, default=Guardian.NOBODY
    )
    form_due_on = models.DateField("the form is due", null=True, blank=True)
    guardian_due_on = models.DateField("the guardian's signature is due", null=True, blank=True)
    fee_due_on = models.DateField("the fee is due", null=True, blank=True)

    objects = ConsortiumYearQuerySet.as_manager()

    class Meta:
        ordering = ("consortium", "-year")
        constraints = (
            models.UniqueConstraint(fields=("consortium", "year"), name="consortium_year_once"),
            models.CheckConstraint(
                condition=Q(fee_basis__in=("none", "flat_per_year", "per_class", "per_credit")),
                name="fee_basis_is_known",
            ),
            models.CheckConstraint(
                condition=Q(fee_basis="none", fee_amount=0) | (~Q(fee_basis="none") & Q(fee_amount__gt=0)),
                name="fee_has_an_amount",
                violation_error_message="A fee needs an amount; no fee has none.",
            ),
            models.CheckConstraint(
                condition=Q(guardian_signs__in=("nobody", "minors", "everybody")),
                name="guardian_signs_is_known",
            ),
            models.CheckConstraint(
                condition=Q(fee_payer__in=("student", "district")), name="fee_payer_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.consortium} {self.year}"


class FurtherAskQuerySet(models.QuerySet["FurtherAsk"]):
    def standing(self, terms: "ConsortiumYear | None") -> "FurtherAskQuerySet":
        """What a consortium asks now beside form, signature and fee, in the order it was added."""
        return self.standing_of([terms]) if terms else self.none()

    def standing_of(self, terms: "Iterable[ConsortiumYear]") -> "FurtherAskQuerySet":
        """What these consortia ask now beside form, signature and fee, in the order it was added."""
        return self.filter(terms__in=[one.pk for one in terms], ended_at__isnull=True).order_by("pk")


class FurtherAsk(models.Model):
    """One thing more a consortium asks of each registration of a year, in its own words: a college application, a
    ctcLink ID. Words are never changed, since students have read them: it is ended and another one added."""

    public_fields: ClassVar = {"id", "public_id", "terms", "names", "notes", "due_on", "ended_at"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    terms = models.ForeignKey(ConsortiumYear, models.PROTECT, related_name="further_asks")
    #: By language: what it is called, and what the student does. English is always there.
    names = models.JSONField("name")
    notes = models.JSONField("what to do", default=dict)
    due_on = models.DateField("due", null=True, blank=True)
    ended_at = models.DateTimeField("asked no more since", null=True, blank=True)

    objects = FurtherAskQuerySet.as_manager()

    class Meta:
        ordering = ("terms", "id")
        constraints = (
            models.CheckConstraint(condition=Q(names__has_key="en"), name="further_ask_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What it is called, in the language of the page."""
        return str(self.names.get(get_language()) or self.names["en"])

    @property
    def note(self) -> str:
        """What the student does, in the language of the page."""
        return str(self.notes.get(get_language()) or self.notes.get("en", ""))
