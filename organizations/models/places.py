"""The tenants: consortia, colleges, districts, schools."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from accounts.access import Role, has_role, seats
from accounts.models import User


class CollegeQuerySet(models.QuerySet["College"]):
    def named(self, public_id: str) -> "College | None":
        """The college of a public id as it stands in an address; None when it is none."""
        try:
            return self.filter(public_id=uuid.UUID(public_id)).first()
        except ValueError:
            return None

    def options(self) -> list[tuple[str, str]]:
        """(public id, name) for a choice, by name."""
        return [(str(key), name) for key, name in self.order_by("name").values_list("public_id", "name")]

    def with_transcripts(self) -> "CollegeQuerySet":
        """Colleges that say where to order an official transcript, by name."""
        return self.exclude(transcript_url="").order_by("name")


class College(models.Model):
    public_fields: ClassVar = {
        "id", "public_id", "name", "code", "city", "ctclink_institution", "transcript_url",
        "programme_url", "video_url",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("code", max_length=10, unique=True)
    name = models.CharField("name", max_length=120, unique=True)
    city = models.CharField("city", max_length=60)
    ctclink_institution = models.CharField("ctcLink institution", max_length=10)
    transcript_url = models.URLField("where to order an official transcript", blank=True)
    programme_url = models.URLField("the college's own page on CTE Dual Credit", blank=True)
    video_url = models.URLField("a video that shows how to register", blank=True)

    objects = CollegeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SchoolDistrict(models.Model):
    public_fields: ClassVar = {"id", "public_id", "name", "county", "is_private", "ospi_code"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("name", max_length=120, unique=True)
    county = models.CharField("county", max_length=40)
    is_private = models.BooleanField("private", default=False)
    #: The county-district code by which CEDARS, the State's data system of schools, knows it; empty where not known.
    ospi_code = models.CharField("district code", max_length=5, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("ospi_code",),
                condition=~Q(ospi_code=""),
                name="district_code_once",
                violation_error_message="Another school district has this district code.",
            ),
            models.CheckConstraint(
                condition=Q(ospi_code="") | Q(ospi_code__regex=r"^[0-9]{5}$"),
                name="district_code_has_five_digits",
                violation_error_message="Enter the five digits of the district code, for example 03017.",
            ),
        )

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

    def help_desk_of_seat(self) -> Coalesce:
        """For a query of seats: name, phone and e-mail of the consortium whom the seat's person asks.

        The first by name where a college stands in several. Staff of a consortium and of the State have none above
        them but the State. PostgreSQL asks no further than the first that answers.
        """
        paths = {
            "colleges": OuterRef("college_id"),
            "districts": OuterRef("district_id"),
            "districts__schools": OuterRef("school_id"),
            "districts__schools__students__user": OuterRef("user_id"),
        }
        desk = JSONObject(name="short_name", phone="contact_phone", email="contact_email")
        rows = self.order_by("name")
        return Coalesce(
            *(Subquery(rows.filter(**{path: key}).values_list(desk)[:1]) for path, key in paths.items())
        )

    def found_by(self, words: str) -> "ConsortiumQuerySet":
        """Consortia of which each word begins some word of their name, or of one of their colleges, districts or
        schools, or of a city of those; by name."""
        found = self
        for word in words.split()[:8]:
            begins = rf"(^|[^[:alnum:]]){re.escape(word)}"
            names = ("name", "colleges__name", "colleges__city", "districts__name", "districts__county",
                     "districts__schools__name", "districts__schools__city")  # fmt: skip
            condition = Q()
            for name in names:
                condition |= Q(**{f"{name}__iregex": begins})
            keys = Consortium._base_manager.filter(condition).order_by().values("pk")
            found = found.filter(pk__in=keys)
        return found.order_by("name")

    def of_college(self, college: int) -> "ConsortiumQuerySet":
        """The consortia a college (its id) belongs to, by name."""
        return self.filter(colleges=college).order_by("name")

    def of_district(self, district: int) -> "ConsortiumQuerySet":
        """The consortia a school district (its id) belongs to, by name; some belong to two."""
        return self.filter(districts=district).order_by("name")

    def staffed_by(self, user: "User | Any") -> "ConsortiumQuerySet":
        """The consortia a person works for as consortium staff."""
        return self.filter(pk__in=[seat.anchor for seat in seats(user, Role.CONSORTIUM)])

    def read_by(self, user: "User | Any") -> "ConsortiumQuerySet":
        """The consortia whose rules and dates a person reads: those they work for; state staff every one."""
        return self.all() if has_role(user, Role.STATE) else self.staffed_by(user)


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

    def of_district(self, district: SchoolDistrict) -> "HighSchoolQuerySet":
        """The schools of one district, by name."""
        return self.filter(district=district).order_by("name", "id")

    def by_district(self) -> "HighSchoolQuerySet":
        """In the order of a list that shows each under its district."""
        return self.select_related("district").order_by("district__name", "district_id", "name", "id")

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

    public_fields: ClassVar = {
        "id", "public_id", "district", "name", "kind", "city", "branch_of", "ospi_code",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(
        SchoolDistrict, models.PROTECT, related_name="schools", verbose_name="district"
    )
    name = models.CharField("name", max_length=120)
    kind = models.CharField("kind", max_length=20, choices=Kind, default=Kind.HIGH_SCHOOL)
    city = models.CharField("city", max_length=60, blank=True)
    branch_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="branches")
    #: The location by which CEDARS knows it; empty where not known.
    ospi_code = models.CharField("school code", max_length=4, blank=True)

    objects = HighSchoolQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("district", "name"), name="school_once_in_district"),
            models.CheckConstraint(
                condition=Q(kind__in=("high_school", "skills_center")), name="school_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=("district", "ospi_code"),
                condition=~Q(ospi_code=""),
                name="school_code_once_in_district",
                violation_error_message="Another school of the district has this school code.",
            ),
            models.CheckConstraint(
                condition=Q(ospi_code="") | Q(ospi_code__regex=r"^[0-9]{4}$"),
                name="school_code_has_four_digits",
                violation_error_message="Enter the four digits of the school code, for example 2531.",
            ),
        )

    def __str__(self) -> str:
        return self.name
