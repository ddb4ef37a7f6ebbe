"""Grades, written in ink; and a roster as plain rows."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject, Now

from accounts.access import ALL, Record, Role, VisibleQuerySet, seats
from accounts.models import User
from articulations.models import ArticulationCourse, Section
from grading.models.classes import WindowExtension
from grading.models.comments import RosterComment
from organizations.models import AcademicYear, GradeScale
from students.models import Registration, RegistrationQuerySet, Student, list_name

#: How Not Attained is typed into a grade box, and how the box shows it.
NOT_ATTAINED: Final = "NA"


class GradeEntryQuerySet(VisibleQuerySet):
    def current(self) -> "GradeEntryQuerySet":
        """The last entry of each registration: the grade that counts."""
        return self.order_by("registration_id", "-number").distinct("registration_id")


class GradeEntry(Record):
    """Ink: one grade entered for one registration. The last entry counts; none is changed or removed."""

    class Outcome(models.TextChoices):
        COMPLETED = "completed", "Completed"
        NOT_ATTAINED = "not_attained", "Not Attained"

    seen_by: ClassVar = {
        Role.STUDENT: "registration__student__user",
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: ("registration__student__school", "registration__high_school_course__school"),
        Role.DISTRICT: (
            "registration__student__school__district",
            "registration__high_school_course__school__district",
        ),
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "registration", "number", "scale", "entered_at", "entered_by"}
    private_fields: ClassVar = {"percent", "points", "letter", "outcome", "reason"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="grades")
    number = models.PositiveSmallIntegerField("number")
    percent = models.DecimalField("Student Grade", max_digits=5, decimal_places=2, null=True, blank=True)
    points = models.DecimalField(
        "college grade points", max_digits=2, decimal_places=1, null=True, blank=True
    )
    letter = models.CharField("college letter grade", max_length=3, blank=True)
    outcome = models.CharField("outcome", max_length=12, choices=Outcome)
    scale = models.ForeignKey(GradeScale, models.PROTECT, related_name="+")
    reason = models.CharField("reason", max_length=200, blank=True)
    entered_at = models.DateTimeField("entered at", db_default=Now())
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = GradeEntryQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "number")
        verbose_name_plural = "grade entries"
        constraints = (
            models.UniqueConstraint(fields=("registration", "number"), name="grade_entry_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                name="grade_is_a_percent",
                violation_error_message="Enter a percent from 0 to 100.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="completed", percent__isnull=False)
                | Q(outcome="not_attained", points__isnull=True, letter=""),
                name="grade_outcome_fits_its_grade",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="grade_entry_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} #{self.number}"

    @property
    def college_grade(self) -> str:
        """`3.9 A`; empty where the college awards nothing."""
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()


# --- A roster as plain rows: thirty registrations with their grades cost what thirty tuples cost -----------


class Shown(NamedTuple):
    """What a screen showed of a row: its status, and what stood in its grade box (`97`, `NA` or nothing)."""

    status: str
    grade: str


class RosterRow(NamedTuple):
    """One registration on a roster, with its student, its college and the grade that stands."""

    pk: int
    public_id: UUID
    version: int
    status: str
    fees_req: str
    awarded_at: datetime | None
    year_id: int
    college_id: int
    college: str
    articulation_id: int
    consortium_id: int
    own_minimum: Decimal | None
    student_id: int
    student_public_id: UUID
    sers_id: str
    first_name: str
    last_name: str
    sort_name: str
    number: int | None
    percent: Decimal | None
    points: Decimal | None
    letter: str | None
    entered_at: datetime | None
    entered_by_id: int | None
    entered_by_first_name: str | None
    entered_by_last_name: str | None
    #: Does the student's own page open for the person who looks?
    student_opens: bool = True
    #: Only asked for before a row is changed: the student has a live registration of this course beside this one.
    registered_again: bool = False
    #: Likewise: what the person who saves commented last, so that a form sent twice comments once.
    last_comment: str | None = None

    @property
    def is_graded(self) -> bool:
        """Does a grade stand? A student who left the class has none, whatever was entered before."""
        return self.number is not None and self.status in Registration.GRADED

    @property
    def grade(self) -> str:
        """What stands in the grade box: `97`, `NA` for Not Attained without a percent, or nothing."""
        if not self.is_graded:
            return ""
        return NOT_ATTAINED if self.percent is None else percent_text(self.percent)

    @property
    def shown(self) -> Shown:
        return Shown(self.status, self.grade)

    @property
    def college_grade(self) -> str:
        """`3.9 A`, as the grade was entered; empty where the college awards nothing."""
        return f"{self.points if self.points is not None else ''} {self.letter or ''}".strip()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def list_name(self) -> str:
        return list_name(self.last_name, self.first_name)

    @property
    def entered_by(self) -> str:
        return f"{self.entered_by_first_name or ''} {self.entered_by_last_name or ''}".strip()


_ROSTER_COLUMNS = (
    "pk", "public_id", "version", "status", "fees_req", "awarded_at", "year_id", "college_id", "college__name",
    "articulation_id", "articulation__consortium_id", "articulation__minimum_percent", "student_id",
    "student__public_id", "student__sers_id", "student__first_name", "student__last_name", "student__sort_name",
    "grades__number", "grades__percent", "grades__points", "grades__letter", "grades__entered_at",
    "grades__entered_by_id", "grades__entered_by__first_name", "grades__entered_by__last_name",
)  # fmt: skip


def roster_rows(registrations: RegistrationQuerySet, *more: str) -> list[RosterRow]:
    """These registrations with the grade that stands, by the students' names: one query.

    `more` names annotations that a row has fields for.
    """
    found = (
        registrations.order_by("pk", "-grades__number").distinct("pk").values_list(*_ROSTER_COLUMNS, *more)
    )
    width = len(_ROSTER_COLUMNS)
    rows = [RosterRow(*values[:width], **dict(zip(more, values[width:], strict=True))) for values in found]
    return sorted(rows, key=lambda row: (row.sort_name, row.pk))


def roster_of(section: Section, user: User) -> list[RosterRow]:
    """The rows of a class that this person may see, and whether the student's own page opens for them."""
    rows = Registration.objects.visible_to(user).filter(section=section)
    if teaches(user, section):  # sees all their students
        return roster_rows(rows)
    students = Student.objects.visible_to(user).filter(pk=OuterRef("student"))
    return roster_rows(rows.annotate(student_opens=Exists(students)), "student_opens")


def lock_roster(section: Section, public_ids: Iterable[UUID], *, by: User) -> list[RosterRow]:
    """Rows of a class, kept from everyone else until the transaction ends: two queries.

    The lock comes first and alone, so that the second query sees what those who held it before have saved.
    """
    held = list(
        Registration.objects.select_for_update()
        .filter(section=section, public_id__in=list(public_ids))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not held:
        return []
    twins = Registration.objects.live().filter(
        student=OuterRef("student"), high_school_course=OuterRef("high_school_course"), year=OuterRef("year")
    )
    comments = RosterComment.objects.filter(registration=OuterRef("pk"), written_by=by)
    rows = Registration.objects.filter(pk__in=held).annotate(
        registered_again=Exists(twins.exclude(pk=OuterRef("pk"))),
        last_comment=comments.order_by("-written_at", "-id").values("text")[:1],
    )
    return roster_rows(rows, "registered_again", "last_comment")


def percent_text(percent: Decimal) -> str:
    """`97`, `95.5`: a percent without idle zeros."""
    return f"{percent.normalize():f}"


def with_teachers(sections: VisibleQuerySet) -> VisibleQuerySet:
    """Classes with what their roster is headed by, the seats of their teachers, `registered`, the number of
    registrations whoever looks, and `opened_again`, until when for which consortium: one query."""
    return sections.select_related("high_school_course__school", "year").annotate(
        teacher_seats=ArraySubquery(
            Section.teachers.through.objects.filter(section=OuterRef("pk"))
            .order_by("seat_id")
            .values("seat_id")
        ),
        opened_again=ArraySubquery(
            WindowExtension.objects.filter(section=OuterRef("pk"), state=WindowExtension.State.GRANTED)
            .order_by("consortium_id", "until")
            .values(json=JSONObject(consortium="consortium_id", until="until"))
        ),
        registered=Subquery(
            Registration.objects.filter(section=OuterRef("pk"))
            .order_by()
            .values("section")
            .annotate(number=Count("pk"))
            .values("number")
        ),
    )


def opened_again(section: Section) -> dict[int, date]:
    """Until when grading is open again for a class, by consortium; no query where `with_teachers` brought it."""
    brought = getattr(section, "opened_again", None)
    if brought is None:
        return {
            consortium: until
            for (_, consortium), until in WindowExtension.objects.last_days([section.pk]).items()
        }
    return {one["consortium"]: date.fromisoformat(one["until"]) for one in brought}


def teacher_seats(section: Section) -> set[int]:
    """The seats that stand on a class; no query where `with_teachers` brought them."""
    brought = getattr(section, "teacher_seats", None)
    return set(section.teachers.values_list("pk", flat=True) if brought is None else brought)


def teaches(user: User, section: Section) -> bool:
    """Is the person, under the hat they wear, one of the teachers of this class?"""
    held = {seat.id for seat in seats(user, Role.TEACHER)}
    return bool(held) and not held.isdisjoint(teacher_seats(section))


def taught_by(user: User) -> VisibleQuerySet:
    """The classes a person teaches, at whichever school, under the hat they wear."""
    held = [seat.id for seat in seats(user, Role.TEACHER)]
    taught = Section.teachers.through.objects.filter(seat__in=held).order_by().values("section")
    return Section.objects.filter(pk__in=taught)


def class_part(label: str, term: str) -> str:
    """`period 3, first semester`: which class of a course; the whole year is not told."""
    half = "" if term == Section.Term.YEAR else str(Section.Term(term).label).lower()
    return ", ".join(part for part in (label, half) if part)


def classes_of(sections: VisibleQuerySet) -> list[dict[str, Any]]:
    """Classes by title as plain values: id, public_id, title, label, term, school."""
    return list(
        sections.order_by("high_school_course__title", "label", "pk").values(
            "id", "public_id", "label", "term",
            title=models.F("high_school_course__title"), school=models.F("high_school_course__school__name"),
        )
    )  # fmt: skip


def classes_beside(section: Section, user: User) -> list[dict[str, Any]]:
    """What the chooser of a roster offers: the classes of that year the person teaches; for one who does not
    teach this class, those of its school they may see."""
    sections = taught_by(user)
    if not teaches(user, section):
        sections = Section.objects.visible_to(user).filter(
            high_school_course__school=section.high_school_course.school_id
        )
    return classes_of(sections.filter(year=section.year_id))


def years_taught(user: User) -> list[AcademicYear]:
    """The school years a person has classes in, latest first."""
    return list(
        AcademicYear.objects.filter(pk__in=taught_by(user).order_by().values("year")).order_by("-first_year")
    )


class Tally(NamedTuple):
    """How many registrations of a class, at one college under one consortium, have this status."""

    section_id: int
    college_id: int
    college: str
    consortium_id: int
    status: str
    number: int


def tallies(section_ids: Iterable[int]) -> list[Tally]:
    """The registrations of some classes, counted by college and status: one query."""
    found = (
        Registration.objects.filter(section__in=list(section_ids))
        .order_by("section_id", "college__name", "status")
        .values_list("section_id", "college_id", "college__name", "articulation__consortium_id", "status")
        .annotate(number=Count("pk"))
    )
    return [Tally(*values) for values in found]


def courses_of(section: Section, articulation_ids: Iterable[int]) -> list[ArticulationCourse]:
    """What a class earns under these agreements, with the course and whom to ask: one query."""
    return list(
        ArticulationCourse.objects.filter(
            high_school_course=section.high_school_course_id, articulation__in=list(articulation_ids)
        )
        .select_related("college_course", "articulation__consortium")
        .order_by("articulation_id", "college_course__code", "id")
    )
