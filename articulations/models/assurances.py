"""Annual Teacher Assurances: the text of a college and year, version by version, and who signed it for which agreement."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet, seats
from accounts.models import User
from articulations.models.agreements import Articulation
from articulations.models.lines import ArticulationCourse
from articulations.models.sections import Section
from organizations.models import AcademicYear, College, Seat


def text_fingerprint(text: str) -> str:
    """SHA-256 of a text as it is signed, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


class AssuranceTextQuerySet(models.QuerySet["AssuranceText"]):
    def latest_of(self, college: College, year: AcademicYear) -> "AssuranceText | None":
        """The version a college has in a year; None where it asks for no assurance."""
        found = self.filter(college=college, year__first_year=year.first_year)
        return found.select_related("college", "year").order_by("-number").first()

    def in_use(self, year: AcademicYear) -> "AssuranceTextQuerySet":
        """The last version of every college that asks for an assurance in that year."""
        newer = AssuranceText.objects.filter(
            college=OuterRef("college"), year=OuterRef("year"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(newer), year__first_year=year.first_year).select_related("college", "year")

    def before(self, college: College, year: AcademicYear) -> "AssuranceText | None":
        """What the college had in the last year before that it asked at all: a new year begins as its copy."""
        found = self.filter(college=college, year__first_year__lt=year.first_year)
        return found.select_related("year").order_by("-year__first_year", "-number").first()

    def versions(self, college: College, year: AcademicYear) -> "AssuranceTextQuerySet":
        """Every version of a year, the newest first, with who wrote it."""
        found = self.filter(college=college, year__first_year=year.first_year)
        return found.select_related("written_by").order_by("-number")


class AssuranceText(models.Model):
    """Ink: what teachers assure a college of in a school year, with whom it asks to sign beside them and until when.

    A new version says whether those who signed before sign again: `holds_from` is the oldest version whose signatures
    hold.
    """

    class Blocks(models.TextChoices):
        NOTHING = "nothing", "Nothing"
        GRADING = "grading", "Grades cannot be entered"
        REGISTERING = "registering", "Students cannot register"

    public_fields: ClassVar = {
        "id", "public_id", "college", "year", "number", "text", "sha256", "holds_from", "due_on", "district_signs",
        "college_signs", "blocks", "written_by", "written_at",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()
    MOST_LETTERS: ClassVar = 8000

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="assurance_texts")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="assurance_texts")
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField("text", max_length=8000)
    sha256 = models.CharField("fingerprint", max_length=64)
    holds_from = models.PositiveSmallIntegerField("oldest version whose signatures hold")
    due_on = models.DateField("sign until", null=True, blank=True)
    district_signs = models.BooleanField("the district signs after the teacher", default=False)
    college_signs = models.BooleanField("the college signs after the teacher", default=False)
    blocks = models.CharField("without the assurance", max_length=12, choices=Blocks, default=Blocks.NOTHING)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField("written at", default=timezone.now)

    objects = AssuranceTextQuerySet.as_manager()

    class Meta:
        ordering = ("college", "year", "number")
        constraints = (
            models.UniqueConstraint(fields=("college", "year", "number"), name="assurance_text_once"),
            # What a signature's key points to: see assurance_names_its_text in the migration.
            models.UniqueConstraint(fields=("id", "sha256"), name="assurance_text_by_its_fingerprint"),
            models.CheckConstraint(
                condition=Q(holds_from__gte=1, holds_from__lte=F("number")),
                name="assurance_holds_from_a_version_there_is",
            ),
            models.CheckConstraint(
                condition=Q(blocks__in=("nothing", "grading", "registering")),
                name="assurance_blocks_is_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="assurance_text_says_something"),
        )
        triggers = (
            pgtrigger.Protect(name="assurance_text_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.college} {self.year}, version {self.number}"

    @property
    def is_whole(self) -> bool:
        """Does the text still have the fingerprint that is signed?"""
        return text_fingerprint(self.text) == self.sha256


class Given(models.Model):
    """A signature as RCW 1.80 wants it kept: by whom, as what, what was declared, when, from where, signed in how."""

    signed_name = models.CharField("typed name", max_length=200)
    signed_as = models.CharField("signed as", max_length=200)
    intent = models.TextField("what is declared", max_length=1000)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("signed at", default=timezone.now)
    network = models.GenericIPAddressField("network address", null=True, blank=True)
    signed_in_by = models.CharField("way of signing in", max_length=100)

    class Meta:
        abstract = True


class TeacherAssuranceQuerySet(VisibleQuerySet):
    def in_full(self) -> "TeacherAssuranceQuerySet":
        """With the teacher, the place, the agreement and the text a page tells of."""
        return self.select_related(
            "seat__user", "seat__school__district", "articulation__college", "articulation__consortium", "year",
            "text", "signed_by",
        )  # fmt: skip

    def holding(self) -> "TeacherAssuranceQuerySet":
        """Assurances of a version that holds: no later one asks to be signed again."""
        asks_again = AssuranceText.objects.filter(
            college=OuterRef("text__college"), year=OuterRef("year"), holds_from__gt=OuterRef("text__number")
        )
        return self.filter(~Exists(asks_again))

    def in_year(self, year: AcademicYear) -> "TeacherAssuranceQuerySet":
        return self.filter(year__first_year=year.first_year)

    def without(self, side: str) -> "TeacherAssuranceQuerySet":
        """Assurances whose text asks this side to sign too and that it has not signed."""
        given = Countersignature.objects.filter(assurance=OuterRef("pk"))
        found = self.filter(~Exists(given.filter(side=side)), **{f"text__{side}_signs": True})
        if side == Countersignature.Side.COLLEGE:  # which signs after the district, where both are asked
            found = found.filter(Q(text__district_signs=False) | Exists(given.filter(side="district")))
        return found


class TeacherAssurance(Given, Record):
    """Ink: a teacher's assurance for one agreement in one school year, bound to the very text that was read."""

    seen_by: ClassVar = {
        Role.TEACHER: "seat",
        Role.COUNSELOR: "seat__school",
        Role.DISTRICT: "seat__school__district",
        Role.FACULTY: "articulation__college",
        Role.REGISTRAR: "articulation__college",
        Role.CONSORTIUM: "articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "seat", "articulation", "year", "text", "signed_sha256", "signed_as", "signed_by",
        "signed_at",
    }  # fmt: skip
    private_fields: ClassVar = {"signed_name", "intent", "network", "signed_in_by"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="assurances")
    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="assurances")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="assurances")
    text = models.ForeignKey(AssuranceText, models.PROTECT, related_name="assurances")
    signed_sha256 = models.CharField("fingerprint that is signed", max_length=64)

    objects = TeacherAssuranceQuerySet.as_manager()

    class Meta:
        ordering = ("-signed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("seat", "articulation", "text"),
                name="assured_once_a_text",
                violation_error_message="This assurance is signed already.",
            ),
            models.CheckConstraint(
                condition=~Q(signed_name="") & ~Q(signed_as="") & ~Q(intent="") & ~Q(signed_in_by=""),
                name="assurance_is_whole",
            ),
        )
        indexes = (models.Index(fields=("year", "seat", "articulation"), name="assurance_by_who_owes_it"),)
        triggers = (
            pgtrigger.Protect(name="teacher_assurance_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"assurance of {self.signed_name}"

    @property
    def is_of_this_text(self) -> bool:
        """Is the text that was signed still the text that is kept?"""
        return self.text.is_whole and self.text.sha256 == self.signed_sha256


class Countersignature(Given):
    """Ink: the district or the college signed beside a teacher's assurance."""

    class Side(models.TextChoices):
        DISTRICT = "district", "District"
        COLLEGE = "college", "College"

    public_fields: ClassVar = {"id", "assurance", "side", "signed_as", "signed_by", "signed_at"}
    private_fields: ClassVar = {"signed_name", "intent", "network", "signed_in_by"}

    assurance = models.ForeignKey(TeacherAssurance, models.PROTECT, related_name="countersignatures")
    side = models.CharField("side", max_length=8, choices=Side)

    class Meta:
        ordering = ("signed_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("assurance", "side"), name="countersigned_once_a_side"),
            models.CheckConstraint(condition=Q(side__in=("district", "college")), name="side_is_known"),
            models.CheckConstraint(
                condition=~Q(signed_name="") & ~Q(signed_as="") & ~Q(intent="") & ~Q(signed_in_by=""),
                name="countersignature_is_whole",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="countersignature_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.side} beside {self.assurance_id}"


# --- Who owes one -----------------------------------------------------------------------------------------

#: A teacher's seat in a class.
Taught = Section.teachers.through

#: From a teacher's seat in a class to what a seat of each role stands on.
_REACH = {
    Role.TEACHER: "seat",
    Role.COUNSELOR: "seat__school",
    Role.DISTRICT: "seat__school__district",
    Role.FACULTY: "section__high_school_course__articulated__articulation__college",
    Role.REGISTRAR: "section__high_school_course__articulated__articulation__college",
    Role.CONSORTIUM: "section__high_school_course__articulated__articulation__consortium",
}
_LINE = "section__high_school_course__articulated"


def owed_in(year: AcademicYear, **where: Any) -> models.QuerySet[Any]:
    """Who owes which assurance in a school year, signed or not: every teacher who teaches a class of an agreement that
    is in force in it, of a college that asks for one. One row a teacher's seat and agreement.

    Nothing is stored about it, so a class that is entered late is owed for at once, and one that is handed on is owed
    by whoever teaches it now.
    """
    return _owed(year, Q(**where))


def owed_to(user: User, year: AcademicYear, *roles: Role) -> models.QuerySet[Any]:
    """Of those, the ones within a person's reach; from seats of these roles if given."""
    held = seats(user, *roles)
    if any(seat.role == Role.STATE for seat in held):
        return _owed(year, Q())
    reach = Q(pk__in=[])
    for seat in held:
        if seat.role in _REACH:
            reach |= Q(**{_REACH[seat.role]: seat.anchor})
    return _owed(year, reach)


def _owed(year: AcademicYear, condition: Q) -> models.QuerySet[Any]:
    today = timezone.localdate()
    texts = AssuranceText.objects.in_use(year).filter(
        college=OuterRef(f"{_LINE}__articulation__college")
    ).order_by("-number")  # fmt: skip
    line = Q(
        **{
            "section__year__first_year": year.first_year,
            f"{_LINE}__valid_from__lte": year.ends_on,
            f"{_LINE}__valid_until__gte": year.starts_on,
            "seat__withdrawn_at__isnull": True,
            "seat__user__is_active": True,
        }
    )
    still_there = Q(seat__ends_on__isnull=True) | Q(seat__ends_on__gte=today)
    rows: Any = Taught.objects  # what is annotated is filtered by, which the types cannot follow
    found: models.QuerySet[Any] = (
        rows.filter(line, still_there, condition)
        .order_by()
        .values(seat_key=F("seat_id"), agreement_key=F(f"{_LINE}__articulation_id"))
        .annotate(text_key=Subquery(texts.values("pk")[:1]))
        .filter(text_key__isnull=False)
        .annotate(
            college_key=F(f"{_LINE}__articulation__college_id"),
            signed_key=Subquery(
                TeacherAssurance.objects.holding()
                .filter(
                    seat=OuterRef("seat_key"), articulation=OuterRef("agreement_key"),
                    year__first_year=year.first_year,
                )
                .order_by("-pk")
                .values("pk")[:1]
            ),
        )
        .distinct()
    )  # fmt: skip
    return found


def teachers_named(owed: models.QuerySet[Any], words: str) -> models.QuerySet[Any]:
    """Of whose teacher's name each word begins some word."""
    for word in words.split()[:8]:
        owed = owed.filter(
            Q(seat__user__first_name__istartswith=word) | Q(seat__user__last_name__istartswith=word)
        )
    return owed


def owed_at(
    owed: models.QuerySet[Any], *, college: str = "", school: str = "", state: str = ""
) -> models.QuerySet[Any]:
    """Of one college and high school (public ids), in one state: `pending`, `signed`, `district`, `college`."""
    if college:
        # By the column that is there: a second way through the lines would be a join of its own.
        owed = owed.filter(college_key__in=College.objects.filter(public_id=college).values("pk"))
    if school:
        owed = owed.filter(seat__school__public_id=school)
    if state == "pending":
        return owed.filter(signed_key__isnull=True)
    if state == "signed":
        return owed.filter(signed_key__isnull=False)
    if state in Countersignature.Side:
        waiting = TeacherAssurance.objects.without(state).filter(pk=OuterRef("signed_key"))
        return owed.filter(signed_key__isnull=False).filter(Exists(waiting))
    return owed


def owed_listed(owed: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """What a row of the work list shows, by teacher, college and agreement."""
    given = Countersignature.objects.filter(assurance=OuterRef("signed_key"))
    signed = TeacherAssurance.objects.filter(pk=OuterRef("signed_key"))
    text = AssuranceText.objects.filter(pk=OuterRef("text_key"))
    line = ArticulationCourse.objects.filter(articulation=OuterRef("agreement_key")).order_by("id")
    return owed.annotate(
        person=F("seat__user__public_id"),
        seat_id_public=F("seat__public_id"),
        first_name=F("seat__user__first_name"),
        last_name=F("seat__user__last_name"),
        email=F("seat__user__email"),
        school=F("seat__school__name"),
        college=F(f"{_LINE}__articulation__college__name"),
        college_public=F(f"{_LINE}__articulation__college__public_id"),
        number=F(f"{_LINE}__articulation__number"),
        title=Subquery(line.values("high_school_course__title")[:1]),
        due_on=Subquery(text.values("due_on")),
        signed_at=Subquery(signed.values("signed_at")),
        signed_public=Subquery(signed.values("public_id")),
        asks_district=Subquery(signed.values("text__district_signs")),
        asks_college=Subquery(signed.values("text__college_signs")),
        has_district=Exists(given.filter(side="district")),
        has_college=Exists(given.filter(side="college")),
    ).order_by("last_name", "first_name", "seat_key", "college", "number")


def classes_owed_for(
    year: AcademicYear, seats: Iterable[int], agreements: Iterable[int]
) -> list[dict[str, Any]]:
    """The classes of these teachers' seats under these agreements in a school year, by title."""
    rows: Any = Taught.objects.filter(
        section__year__first_year=year.first_year,
        seat__in=list(seats),
        **{f"{_LINE}__articulation__in": list(agreements)},
    )
    return list(
        rows.order_by("section__high_school_course__folded", "section__label", "pk")
        .values(
            "seat_id",
            agreement_id=F(f"{_LINE}__articulation_id"),
            title=F("section__high_school_course__title"),
            label=F("section__label"),
        )
        .distinct()
    )
