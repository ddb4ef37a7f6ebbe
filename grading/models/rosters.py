"""The roster of a class as plain rows: thirty registrations with their grades cost what thirty tuples cost."""

from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef
from django.db.models.expressions import Combinable, RawSQL

from accounts.access import Role, VisibleQuerySet, seats
from accounts.models import User
from articulations.models import Section
from grading.models.classes import WindowExtension
from grading.models.comments import RosterComment
from grading.models.grades import GradePart, box_text, grade_words, part_text
from organizations.models import AcademicYear, Window
from sers.lib.composing import Composed, Slot
from students.models import (
    Registration,
    RegistrationQuerySet,
    Student,
    list_name,
    of_person,
    person_key,
    records_by,
)


class Shown(NamedTuple):
    """What a screen showed of a row: its status, and what stood in its grade box: `97`, `3.9 A`, `NA` or nothing.

    Where the college asks for several parts, `grade` is what stood in their boxes: `90/88/met`, `90//`.
    """

    status: str
    grade: str


class PartRow(NamedTuple):
    """The last entry of one part of a grade: a term, an exam, a checklist."""

    registration_id: int
    part: str
    number: int
    percent: Decimal | None
    points: Decimal | None
    letter: str
    outcome: str
    entered_at: datetime
    entered_by_id: int | None
    entered_by_first_name: str | None
    entered_by_last_name: str | None

    @property
    def text(self) -> str:
        return part_text(self.part, self.percent, self.points, self.letter, self.outcome)

    @property
    def entered_by(self) -> str:
        return f"{self.entered_by_first_name or ''} {self.entered_by_last_name or ''}".strip()


class RosterRow(NamedTuple):
    """One registration on a roster, with its student, its college and the grade that stands."""

    pk: int
    public_id: UUID
    version: int
    status: str
    fees_req: str
    awarded_at: datetime | None
    year_id: int
    term: str
    college_id: int
    college: str
    articulation_id: int
    consortium_id: int
    own_minimum: Decimal | None
    student_id: int
    student_public_id: UUID
    student_user_id: int | None
    student_district_id: int
    sers_id: str
    first_name: str
    last_name: str
    sort_name: str
    number: int | None
    percent: Decimal | None
    points: Decimal | None
    letter: str | None
    outcome: str | None
    entered_at: datetime | None
    entered_by_id: int | None
    entered_by_first_name: str | None
    entered_by_last_name: str | None
    #: The last entry of each part of the grade, by part; read by `with_parts` where a college asks for them.
    parts: Mapping[str, PartRow] = {}
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
        """What stands in the grade box: `97`, `3.9 A` where a grade was chosen, `NA`, or nothing."""
        return box_text(self.percent, self.points, self.letter, self.outcome or "") if self.is_graded else ""

    @property
    def college_grade(self) -> str:
        """`3.9 A`, as the grade was entered; empty where the college awards nothing."""
        return grade_words(self.points, self.letter)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def list_name(self) -> str:
        return list_name(self.last_name, self.first_name)

    @property
    def entered_by(self) -> str:
        return f"{self.entered_by_first_name or ''} {self.entered_by_last_name or ''}".strip()

    @property
    def last_entry(self) -> tuple[datetime, int | None, str] | None:
        """When and by whom a grade or a part of it was entered last; None before."""
        entered = [(part.entered_at, part.entered_by_id, part.entered_by) for part in self.parts.values()]
        if self.is_graded and self.entered_at is not None:
            entered.append((self.entered_at, self.entered_by_id, self.entered_by))
        return max(entered, key=lambda one: one[0], default=None)


_ROSTER_COLUMNS: tuple[str | Combinable, ...] = (
    "pk", "public_id", "version", "status", "fees_req", "awarded_at", "year_id", "section__term", "college_id", "college__name",
    "articulation_id", "articulation__consortium_id", "articulation__minimum_percent", person_key(),
    *map(of_person, ("public_id", "user_id", "school__district_id", "sers_id", "first_name", "last_name", "sort_name")),
    "grades__number", "grades__percent", "grades__points", "grades__letter", "grades__outcome", "grades__entered_at",
    "grades__entered_by_id", "grades__entered_by__first_name", "grades__entered_by__last_name",
)  # fmt: skip


def roster_rows(registrations: RegistrationQuerySet, *more: str) -> list[RosterRow]:
    """These registrations with the grade that stands, by the students' names: one query.

    `more` names annotations that a row has fields for.
    """
    return _in_order(_with_grades(registrations, *more), *more)


def _with_grades(registrations: RegistrationQuerySet, *more: str) -> models.QuerySet[Any, Any]:
    return registrations.order_by("pk", "-grades__number").distinct("pk").values_list(*_ROSTER_COLUMNS, *more)


def _in_order(found: Iterable[tuple[Any, ...]], *more: str) -> list[RosterRow]:
    width = len(_ROSTER_COLUMNS)
    rows = [RosterRow(*values[:width], **dict(zip(more, values[width:], strict=True))) for values in found]
    return sorted(rows, key=lambda row: (row.sort_name, row.pk))


#: The rows of one class: the page that is opened more than any other asks for them.
_OF_CLASS = Composed(lambda: _with_grades(Registration.objects.filter(section=Slot("section"))))


def with_parts(rows: Iterable[RosterRow], asked: Container[int]) -> list[RosterRow]:
    """These rows, those that are `asked` (by their ids) with the last entry of each part of their grade: one query,
    none where nothing is asked."""
    rows = list(rows)
    wanted = [row.pk for row in rows if row.pk in asked]
    if not wanted:
        return rows
    entries = GradePart.objects.filter(registration__in=wanted).order_by("registration_id", "part", "-number")
    parts: dict[int, dict[str, PartRow]] = {}
    for values in entries.distinct("registration_id", "part").values_list(
        "registration_id", "part", "number", "percent", "points", "letter", "outcome", "entered_at", "entered_by_id",
        "entered_by__first_name", "entered_by__last_name",
    ):  # fmt: skip
        part = PartRow(*values)
        parts.setdefault(part.registration_id, {})[part.part] = part
    return [row._replace(parts=parts[row.pk]) if row.pk in parts else row for row in rows]


def roster_of(section: Section, user: User) -> list[RosterRow]:
    """The rows of a class that this person may see, and whether the student's own page opens for them."""
    if teaches(user, section):  # sees all their students, whatever other seats would show
        return _in_order(_OF_CLASS.rows(section=section.pk))
    rows = Registration.objects.visible_to(user).filter(section=section)
    students = Student.objects.visible_to(user).filter(pk=OuterRef("person"))
    return roster_rows(rows.annotate(person=person_key(), student_opens=Exists(students)), "student_opens")


def lock_roster(section: Section, public_ids: Iterable[UUID], *, by: User) -> list[RosterRow]:
    """Rows of a class, kept from everyone else until the transaction ends: two queries."""
    return _lock(Registration.objects.filter(section=section, public_id__in=list(public_ids)), by=by)


def lock_rows(section: Section, ids: Iterable[int], *, by: User) -> list[RosterRow]:
    """The same of registrations named by their ids; who is not in the class any more is left out."""
    return _lock(Registration.objects.filter(section=section, pk__in=list(ids)), by=by)


def _lock(registrations: RegistrationQuerySet, *, by: User) -> list[RosterRow]:
    """The lock comes first and alone, so that the second query sees what those who held it before have saved."""
    held = list(registrations.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not held:
        return []
    kin = records_by(OuterRef(OuterRef("person")))
    twins = Registration.objects.live().filter(
        student__in=kin, high_school_course=OuterRef("high_school_course"), year=OuterRef("year")
    )
    comments = RosterComment.objects.filter(registration=OuterRef("pk"), written_by=by)
    rows = Registration.objects.filter(pk__in=held).annotate(
        person=person_key(),
        registered_again=Exists(twins.exclude(pk=OuterRef("pk"))),
        last_comment=comments.order_by("-written_at", "-id").values("text")[:1],
    )
    return roster_rows(rows, "registered_again", "last_comment")


#: In plain SQL, since these pages are opened more than any others and Django would take longer to compose it than
#: PostgreSQL to answer.
_TEACHERS = """
    ARRAY(SELECT seat_id FROM articulations_section_teachers WHERE section_id = articulations_section.id ORDER BY seat_id)
"""
_OPENED_AGAIN = """
    ARRAY(
        SELECT jsonb_build_object('consortium', consortium_id, 'until', until) FROM grading_windowextension
        WHERE section_id = articulations_section.id AND state = 'granted' ORDER BY consortium_id, until
    )
"""
_REGISTERED = "(SELECT count(*) FROM students_registration WHERE section_id = articulations_section.id)"


def with_teachers(sections: VisibleQuerySet) -> VisibleQuerySet:
    """Classes with what their roster is headed by, the seats of their teachers, `registered`, the number of
    registrations whoever looks, and `opened_again`, until when for which consortium: one query."""
    return sections.select_related("high_school_course__school", "year").annotate(
        teacher_seats=_raw(_TEACHERS, ArrayField(models.BigIntegerField())),
        opened_again=_raw(_OPENED_AGAIN, ArrayField(models.JSONField())),
        registered=_raw(_REGISTERED, models.IntegerField()),
    )


#: What the agreements of a class's registrations give, with whom to ask.
_EARNS = """
    ARRAY(
        SELECT jsonb_build_object(
            'articulation_id', line.articulation_id, 'code', course.code, 'credits', line.credits::text,
            'contact_name', c.contact_name, 'contact_phone', c.contact_phone, 'contact_email', c.contact_email
        )
        FROM articulations_articulationcourse line
        JOIN articulations_collegecourse course ON course.id = line.college_course_id
        JOIN articulations_articulation agreement ON agreement.id = line.articulation_id
        JOIN organizations_consortium c ON c.id = agreement.consortium_id
        WHERE line.high_school_course_id = articulations_section.high_school_course_id
          AND line.articulation_id IN (
              SELECT articulation_id FROM students_registration WHERE section_id = articulations_section.id
          )
        ORDER BY line.articulation_id, course.code, line.id
    )
"""
#: The grading windows of its year, of the consortia its students are registered under.
_WINDOWS = """
    ARRAY(
        SELECT jsonb_build_object(
            'consortium_id', w.consortium_id, 'college_id', w.college_id, 'year_id', w.year_id, 'kind', w.kind,
            'opens_on', w.opens_on, 'closes_on', w.closes_on
        )
        FROM organizations_window w
        WHERE w.year_id = articulations_section.year_id AND w.kind = 'grading' AND w.consortium_id IN (
            SELECT agreement.consortium_id
            FROM students_registration JOIN articulations_articulation agreement ON agreement.id = articulation_id
            WHERE section_id = articulations_section.id
        )
        ORDER BY w.id
    )
"""
_DRAFT = "(SELECT {} FROM grading_gradedraft WHERE section_id = articulations_section.id AND user_id = %s)"


def with_head(sections: VisibleQuerySet, user: User) -> VisibleQuerySet:
    """The same with what a roster tells beside its rows: `earns`, what its agreements give, `windows`, when its
    grades are entered, and the draft of this person; still one query."""
    return with_teachers(sections).annotate(
        earns=_raw(_EARNS, ArrayField(models.JSONField())),
        windows=_raw(_WINDOWS, ArrayField(models.JSONField())),
        draft_rows=_raw(_DRAFT.format("rows"), models.JSONField(), user.pk),
        draft_saved_at=_raw(_DRAFT.format("saved_at"), models.DateTimeField(), user.pk),
    )


def _raw(sql: str, kind: "models.Field[Any, Any]", *parameters: int) -> RawSQL:
    return RawSQL(sql, parameters, output_field=kind)  # noqa: S611 - texts of this module alone; values apart


def opened_again(section: Section) -> dict[int, date]:
    """Until when grading is open again for a class, by consortium; no query where `with_teachers` brought it."""
    brought = getattr(section, "opened_again", None)
    if brought is None:
        return {
            consortium: until
            for (_, consortium), until in WindowExtension.objects.last_days([section.pk]).items()
        }
    return {one["consortium"]: date.fromisoformat(one["until"]) for one in brought}


class Head(NamedTuple):
    """What `with_head` told of a class: how many are registered, what it earns, its windows, and what the person has
    drafted."""

    registered: int
    earns: list[dict[str, Any]]
    windows: list[Window]
    draft_rows: dict[str, Any] | None
    draft_saved_at: datetime | None


def head_of(section: Any) -> Head:
    """The head of a roster, of a class that `with_head` brought."""
    windows = [
        Window(**one | {day: date.fromisoformat(one[day]) for day in ("opens_on", "closes_on")})
        for one in section.windows
    ]
    return Head(section.registered or 0, section.earns, windows, section.draft_rows, section.draft_saved_at)


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
