"""People's seats: who works in the programme, as what, where, and from when until when."""

import json
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Final, TypeAlias

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.access import ALL, HeldSeat, HelpDesk, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models.places import College, Consortium, HighSchool, SchoolDistrict
from organizations.models.years import AcademicYear, DateRange
from sers.lib.composing import Composed, Slot

#: What a seat stands on; a student's and the State's stand on nothing.
Place: TypeAlias = Consortium | College | SchoolDistrict | HighSchool


#: Roles of which some people sign agreements: the partners of the school's side and of the college's.
SIGNING: Final = (Role.DISTRICT, Role.FACULTY, Role.REGISTRAR, Role.COUNSELOR, Role.CONSORTIUM)


class SignerTitle(models.Model):
    """As what a person signs agreements: CTE director, dean, ... Rows, because law and practice change them.

    RCW 28B.50.531: the college's chief instructional officer and the high school's CTE director or the skills
    center's director approve. A title belongs to a seat of one role, so to its kind of place.
    """

    public_fields: ClassVar = {"id", "name", "role", "school_kind"}
    private_fields: ClassVar[set[str]] = set()

    name = models.CharField("title", max_length=60, unique=True)
    role = models.CharField("role", max_length=12, choices=[(role.value, role.label) for role in SIGNING])
    #: Where the role stands on a school: on which kind only; empty for any place.
    school_kind = models.CharField("kind of school", max_length=20, choices=HighSchool.Kind, blank=True)

    class Meta:
        ordering = ("role", "id")
        constraints = (
            # What a seat's own key points to: see seat_signs_as_its_role_may in the migration.
            models.UniqueConstraint(fields=("id", "role"), name="signer_title_of_its_role"),
            models.CheckConstraint(
                condition=Q(role__in=("district", "faculty", "registrar", "counselor", "consortium")),
                name="signer_title_role_signs",
                violation_error_message="People of this role sign no agreements.",
            ),
            models.CheckConstraint(
                condition=Q(school_kind="")
                | Q(school_kind__in=("high_school", "skills_center"), role="counselor"),
                name="signer_title_school_kind_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.name


#: Where a seat stands, by name.
PLACE_NAME = Coalesce(
    "school__name", "district__name", "college__name", "consortium__name", Value(""),
    output_field=models.CharField(),
)  # fmt: skip


class SeatQuerySet(VisibleQuerySet):
    def held_on(self, day: date | Slot) -> "SeatQuerySet":
        """Seats held on that day: begun, not past their last day, not withdrawn. The last day is still held."""
        begun = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        return begun.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__gt=day))

    def living(self, day: date) -> "SeatQuerySet":
        """Seats held on that day, and those that begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), withdrawn_at__isnull=True)

    def staff(self) -> "SeatQuerySet":
        """Seats that somebody gave: a student's comes with the student's own account."""
        return self.exclude(role=Role.STUDENT)

    def last_ended(self, day: date, roles: Iterable[Role]) -> str:
        """The title of the seat of these roles that ended last; empty where none did."""
        over = self.filter(Q(withdrawn_at__isnull=False) | Q(ends_on__lt=day), role__in=list(roles))
        seat = over.in_full().order_by("-ends_on", "-id").first()
        return seat.title if seat is not None else ""

    def held_by_the_state(self, day: date) -> "SeatQuerySet":
        """Seats of the State held on that day with no end, by people who can sign in."""
        return self.held_on(day).filter(
            role=Role.STATE, ends_on__isnull=True, user__is_active=True, user__activated_at__isnull=False
        )

    def teaching_at(self, school: "HighSchool", day: date) -> "SeatQuerySet":
        """Teachers' seats at a school held on that day, by name."""
        return (
            self.held_on(day)
            .filter(role=Role.TEACHER, school=school, user__is_active=True)
            .order_by("user__last_name", "user__first_name", "id")
        )

    def people(self) -> models.QuerySet[User]:
        """The people who hold these seats, each once."""
        return User.objects.filter(Exists(self.filter(user=OuterRef("pk"))))

    def on(self, place: Place) -> "SeatQuerySet":
        """Seats of any role on this very place."""
        columns = {
            HighSchool: "school",
            SchoolDistrict: "district",
            College: "college",
            Consortium: "consortium",
        }
        return self.filter(**{columns[type(place)]: place})

    def in_full(self) -> "SeatQuerySet":
        """With the person, the place and the title a page tells of."""
        return self.select_related(
            "user", "consortium", "college", "district", "school__district", "signs_as", "granted_by"
        )

    def of_people(self, users: Iterable[int]) -> "SeatQuerySet":
        """The seats of these people (ids)."""
        return self.filter(user__in=users)

    def in_order(self) -> "list[Seat]":
        """These seats in full, in the order they began."""
        return list(self.in_full().order_by("starts_on", "id"))

    def as_held(self) -> models.QuerySet[Any, tuple[Any, ...]]:
        """The values of a `HeldSeat`, in the order of _HELD_FIELDS.

        The seat of a student whose record was merged into another stands on the account of that one.
        """
        return self.order_by("id").values_list(
            "id", "role", Coalesce("user__student__merged_into__user_id", "user_id"), "consortium_id", "college_id", "district_id", "school_id",
            ExpressionWrapper(Q(signs_as__isnull=False), output_field=BooleanField()),
            PLACE_NAME,
            Consortium.objects.help_desk_of_seat(),
            Coalesce("district_id", "school__district_id"),
        )  # fmt: skip

    def held_by(self, user: User, day: date) -> list[HeldSeat]:
        """The seats a person holds on that day. Every page asks this first, so the query is composed once."""
        found = []
        for values in _HELD.rows(user=user.pk, day=day):
            told = dict(zip(_HELD_FIELDS, values, strict=True))
            desk = told["help_desk"]
            told |= {"role": Role(told["role"]), "help_desk": HelpDesk(**json.loads(desk)) if desk else None}
            found.append(HeldSeat(**told))
        return found


class Seat(Record):
    """A person's place in the programme: a role, what it stands on, from when and until when.

    Seen by those who work above it and, at a school or college, by its counselor or registrar.
    """

    seen_by: ClassVar = {
        Role.COUNSELOR: "school",
        Role.DISTRICT: ("district", "school__district"),
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: (
            "consortium", "college__consortia", "district__consortia", "school__district__consortia",
        ),
        Role.STATE: ALL,
    }  # fmt: skip
    public_fields: ClassVar = {
        "id", "public_id", "user", "role", "consortium", "college", "district", "school", "signs_as",
        "starts_on", "ends_on", "withdrawn_at", "granted_by",
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
    signs_as = models.ForeignKey(
        SignerTitle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name="signs agreements as",
    )
    starts_on = models.DateField("first day", default=timezone.localdate)
    ends_on = models.DateField("last day", null=True, blank=True)
    #: Ended at once, whatever its last day says.
    withdrawn_at = models.DateTimeField("withdrawn at", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="granted_seats")

    objects: ClassVar = SeatQuerySet.as_manager()

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
            # A student's seat comes with the account: staff seats are given again and again.
            ExclusionConstraint(
                name="seat_once_at_a_time",
                expressions=(
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (
                        Coalesce(
                            "school",
                            "district",
                            "college",
                            "consortium",
                            Value(0),
                            output_field=models.BigIntegerField(),
                        ),
                        RangeOperators.EQUAL,
                    ),
                    (DateRange(F("starts_on"), F("ends_on"), Value("[]")), RangeOperators.OVERLAPS),
                ),
                condition=Q(withdrawn_at__isnull=True) & ~Q(role="student"),
                violation_error_message="This person holds this seat already on some of these days.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(ends_on__isnull=False),
                name="seat_withdrawn_has_a_last_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

    @property
    def place(self) -> Place | None:
        """What it stands on."""
        column = self.PLACE[Role(self.role)]
        return getattr(self, column) if column else None

    @property
    def may_sign(self) -> bool:
        """Does it sign agreements?"""
        return self.signs_as_id is not None

    @property
    def title(self) -> str:
        """`Teacher, Kamiakin High School`: the role and where."""
        place = self.place
        name = place.name if place else "Washington"
        return f"{Role(self.role).label}, {name}"

    def is_over(self, day: date) -> bool:
        """Has it ended, by its last day or because it was withdrawn?"""
        return self.withdrawn_at is not None or (self.ends_on is not None and self.ends_on < day)

    def is_held(self, day: date) -> bool:
        return self.starts_on <= day and not self.is_over(day)


_HELD_FIELDS: Final = (
    "id", "role", "user_id", "consortium_id", "college_id", "district_id", "school_id", "may_sign", "place", "help_desk",
    "works_for",
)  # fmt: skip
_HELD = Composed(
    lambda: Seat.objects.filter(user=Slot("user")).held_on(Slot("day", models.DateField())).as_held()
)


def classes_of_seat(seat: Seat, first_year: int) -> list[dict[str, Any]]:
    """The classes a teacher's seat stands on in this school year and later, whether somebody else teaches
    them too and how many students are registered."""
    beside = Seat.objects.living(timezone.localdate()).filter(user__is_active=True).exclude(pk=seat.pk)
    rows = (
        seat.sections.filter(year__first_year__gte=first_year)
        .order_by("year__first_year", "high_school_course__title", "label", "id")
        .annotate(
            registered=Count(
                "registrations",
                filter=~Q(registrations__status__in=("withdrawn", "not_in_class")),
                distinct=True,
            ),
            others=Exists(beside.filter(sections=OuterRef("pk"))),
        )
        .values(
            "class_code",
            "label",
            "registered",
            "others",
            title=F("high_school_course__title"),
            first=F("year__first_year"),
        )
    )
    return [{**row, "year": str(AcademicYear(first_year=row["first"]))} for row in rows]
