"""The tenants: consortia, colleges, districts, schools; their years, windows, scales; people's seats."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.access import Role, school_year_of, seats
from accounts.models import User


class DateRange(Func):
    function = "DATERANGE"


class College(models.Model):
    public_fields: ClassVar = {
        "id", "public_id", "name", "code", "city", "ctclink_institution", "transcript_url",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("code", max_length=10, unique=True)
    name = models.CharField("name", max_length=120, unique=True)
    city = models.CharField("city", max_length=60)
    ctclink_institution = models.CharField("ctcLink institution", max_length=10)
    transcript_url = models.URLField("where to order an official transcript", blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SchoolDistrict(models.Model):
    public_fields: ClassVar = {"id", "public_id", "name", "county", "is_private"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("name", max_length=120, unique=True)
    county = models.CharField("county", max_length=40)
    is_private = models.BooleanField("private", default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ConsortiumQuerySet(models.QuerySet["Consortium"]):
    def of(self, user: "User | Any") -> "ConsortiumQuerySet":
        """The consortia a person's seats stand in: their own, their college's, district's or school's."""
        paths = {"consortium_id": "pk", "college_id": "colleges", "district_id": "districts"}
        condition = Q()
        for seat in seats(user):
            for column, path in {**paths, "school_id": "districts__schools"}.items():
                if (place := getattr(seat, column)) is not None:
                    condition |= Q(**{path: place})
            if seat.role == Role.STUDENT:
                condition |= Q(districts__schools__students__user=seat.user_id)
        if not condition:
            return self.none()
        found = Consortium._base_manager.filter(condition).order_by().values("pk")
        return self.filter(pk__in=found)

    def staffed_by(self, user: "User | Any") -> "ConsortiumQuerySet":
        """The consortia a person works for as consortium staff."""
        return self.filter(pk__in=[seat.anchor for seat in seats(user, Role.CONSORTIUM)])


class Consortium(models.Model):
    """Colleges and districts that run the programme together, with windows and rules of their own."""

    public_fields: ClassVar = {
        "id", "public_id", "name", "short_name", "contact_name", "contact_phone", "contact_email",
        "colleges", "districts",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("name", max_length=120, unique=True)
    short_name = models.CharField("short name", max_length=40)
    contact_name = models.CharField("director", max_length=120, blank=True)
    contact_phone = models.CharField("phone", max_length=30, blank=True)
    contact_email = models.EmailField("e-mail", blank=True)
    colleges = models.ManyToManyField(College, related_name="consortia", verbose_name="colleges")
    districts = models.ManyToManyField(SchoolDistrict, related_name="consortia", verbose_name="districts")

    objects = ConsortiumQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "consortia"

    def __str__(self) -> str:
        return self.short_name


class HighSchoolQuerySet(models.QuerySet["HighSchool"]):
    def options(self) -> list[tuple[str, str]]:
        """(public id, name) for a choice, by name; two schools of one name are told apart by district."""
        rows = list(self.order_by("name", "id").values_list("public_id", "name", "district__name"))
        times = Counter(name for _, name, _ in rows)
        return [
            (str(key), f"{name} ({district})" if times[name] > 1 else name) for key, name, district in rows
        ]

    def of_consortia(self, consortia: Iterable[int]) -> "HighSchoolQuerySet":
        """Schools of the districts of these consortia (ids)."""
        return self.filter(district__in=SchoolDistrict.objects.filter(consortia__in=consortia))

    def not_of_consortia(self, consortia: Iterable[int]) -> "HighSchoolQuerySet":
        """Schools of all other districts."""
        return self.exclude(district__in=SchoolDistrict.objects.filter(consortia__in=consortia))


class HighSchool(models.Model):
    class Kind(models.TextChoices):
        HIGH_SCHOOL = "high_school", "High school"
        SKILLS_CENTER = "skills_center", "Skills center"

    public_fields: ClassVar = {"id", "public_id", "district", "name", "kind", "city", "branch_of"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(
        SchoolDistrict, models.PROTECT, related_name="schools", verbose_name="district"
    )
    name = models.CharField("name", max_length=120)
    kind = models.CharField("kind", max_length=20, choices=Kind, default=Kind.HIGH_SCHOOL)
    city = models.CharField("city", max_length=60, blank=True)
    branch_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")

    objects = HighSchoolQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("district", "name"), name="school_once_in_district"),
            models.CheckConstraint(
                condition=Q(kind__in=("high_school", "skills_center")), name="school_kind_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class AcademicYearQuerySet(models.QuerySet["AcademicYear"]):
    def on(self, day: date) -> "AcademicYear":
        """The school year a day falls in, made when it is first asked for."""
        return self.get_or_create(first_year=school_year_of(day))[0]

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


class CollegeYearQuerySet(models.QuerySet["CollegeYear"]):
    def minimums(self, year: AcademicYear) -> dict[int, Decimal]:
        """The least percent of each college in a year, by the college's id."""
        return dict(self.filter(year=year).values_list("college_id", "minimum_percent"))


class CollegeYear(models.Model):
    """What a college asks in one year: its scale, its least grade, how credit reaches the transcript."""

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", "By itself, in the summer"
        ON_REQUEST = "on_request", "When the student asks"
        ENROLLMENT = "enrollment", "By enrolling in ctcLink"
        EXTERNAL = "external", "Outside SERS"

    public_fields: ClassVar = {
        "id", "college", "year", "scale", "minimum_percent", "every_term", "mode", "request_by",
        "tuition_per_credit",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    college = models.ForeignKey(College, models.PROTECT, related_name="years")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="colleges")
    scale = models.ForeignKey(GradeScale, models.PROTECT, related_name="+")
    minimum_percent = models.DecimalField("minimum percent", max_digits=5, decimal_places=2)
    every_term = models.BooleanField("the minimum counts in every term", default=False)
    mode = models.CharField("how credit is transcribed", max_length=12, choices=Mode, default=Mode.AUTOMATIC)
    request_by = models.DateField("students ask until", null=True, blank=True)
    tuition_per_credit = models.DecimalField(
        "tuition of one credit", max_digits=7, decimal_places=2, null=True, blank=True
    )

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
        )

    def __str__(self) -> str:
        return f"{self.college} {self.year}"


class ConsortiumYear(models.Model):
    """What a consortium asks of students in one year: a signed form, a fee, or neither."""

    class FeeBasis(models.TextChoices):
        NONE = "none", "No fee"
        YEAR = "flat_per_year", "Once a school year"
        CLASS = "per_class", "For each class"
        CREDIT = "per_credit", "For each credit"

    public_fields: ClassVar = {"id", "consortium", "year", "form_required", "fee_basis", "fee_amount"}
    private_fields: ClassVar[set[str]] = set()

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="years")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="consortia")
    form_required = models.BooleanField("a signed registration form is needed", default=False)
    fee_basis = models.CharField("fee", max_length=14, choices=FeeBasis, default=FeeBasis.NONE)
    fee_amount = models.DecimalField("amount", max_digits=7, decimal_places=2, default=Decimal(0))

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
        )

    def __str__(self) -> str:
        return f"{self.consortium} {self.year}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def held_on(self, day: date) -> "SeatQuerySet":
        """Seats that have begun and have not ended on that day; the last day is still held."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def teaching_at(self, school: "HighSchool", day: date) -> "SeatQuerySet":
        """Teachers' seats at a school held on that day, by name."""
        return (
            self.held_on(day)
            .filter(role=Role.TEACHER, school=school, user__is_active=True)
            .order_by("user__last_name", "user__first_name", "id")
        )

    def as_held(self) -> list[dict[str, Any]]:
        """Plain values for `accounts.access.HeldSeat`, in a fixed order."""
        rows = self.order_by("id").values(
            "id", "role", "user_id", "consortium_id", "college_id", "district_id", "school_id", "may_sign",
            place=Coalesce(
                "school__name", "district__name", "college__name", "consortium__name", Value(""),
                output_field=models.CharField(),
            ),
        )  # fmt: skip
        return [{**row, "role": Role(row["role"])} for row in rows]


class Seat(models.Model):
    """A person's place in the programme: a role, what it stands on, from when and until when."""

    public_fields: ClassVar = {
        "id", "public_id", "user", "role", "consortium", "college", "district", "school", "may_sign",
        "starts_on", "ends_on", "granted_by",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    #: Which column a seat of each role must fill; every other place stays empty.
    PLACE: ClassVar = {
        Role.STUDENT: None,
        Role.TEACHER: "school",
        Role.COUNSELOR: "school",
        Role.DISTRICT: "district",
        Role.FACULTY: "college",
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: "consortium",
        Role.STATE: None,
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="seats", verbose_name="person")
    role = models.CharField("role", max_length=12, choices=Role)
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, blank=True, related_name="seats")
    college = models.ForeignKey(College, models.PROTECT, null=True, blank=True, related_name="seats")
    district = models.ForeignKey(SchoolDistrict, models.PROTECT, null=True, blank=True, related_name="seats")
    school = models.ForeignKey(HighSchool, models.PROTECT, null=True, blank=True, related_name="seats")
    may_sign = models.BooleanField("may sign agreements", default=False)
    starts_on = models.DateField("first day", default=timezone.localdate)
    ends_on = models.DateField("last day", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="granted_seats")

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="seat_stands_where_its_role_does",
                condition=(
                    Q(
                        role__in=("student", "state"),
                        consortium=None,
                        college=None,
                        district=None,
                        school=None,
                    )
                    | Q(
                        role__in=("teacher", "counselor"),
                        school__isnull=False,
                        consortium=None,
                        college=None,
                        district=None,
                    )
                    | Q(role="district", district__isnull=False, consortium=None, college=None, school=None)
                    | Q(
                        role__in=("faculty", "registrar"),
                        college__isnull=False,
                        consortium=None,
                        district=None,
                        school=None,
                    )
                    | Q(role="consortium", consortium__isnull=False, college=None, district=None, school=None)
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="seat_ends_after_it_starts",
                violation_error_message="The last day comes before the first day.",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "consortium", "college", "district", "school"),
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="seat_once_while_held",
                violation_error_message="This person holds this seat already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
