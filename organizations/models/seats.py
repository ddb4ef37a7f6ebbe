"""People's seats: who works in the programme, as what, where and when."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.access import HelpDesk, Role
from accounts.models import User
from organizations.models.places import College, Consortium, HighSchool, SchoolDistrict


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
            works_for=Coalesce("district_id", "school__district_id"),
            place=Coalesce(
                "school__name", "district__name", "college__name", "consortium__name", Value(""),
                output_field=models.CharField(),
            ),
            help_desk=Consortium.objects.help_desk_of_seat(),
        )  # fmt: skip
        return [
            {
                **row,
                "role": Role(row["role"]),
                "help_desk": HelpDesk(**row["help_desk"]) if row["help_desk"] else None,
            }
            for row in rows
        ]


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
