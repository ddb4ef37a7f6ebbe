"""Rosters from schools: the files they come in, their lines, and the classes they name."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.access import Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Section
from organizations.models import AcademicYear, HighSchool
from students.models.kin import StudentKey
from students.models.people import Student


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def of(self, user: User) -> "RosterImportQuerySet":
        """Files this person handed in; nobody else's."""
        return self.filter(handed_in_by=user).select_related("year")

    def lately(self) -> models.QuerySet["RosterImport", dict[str, Any]]:
        """What the page lists of the last ones."""
        return self.order_by("-handed_in_at", "-id").values(
            "public_id", "name", "state", "handed_in_at", "added", "gone", "changed"
        )[:5]

    def left_lying(self, before: datetime) -> "RosterImportQuerySet":
        """Files nobody decided about since then: their lines name people."""
        return self.exclude(state=RosterImport.State.DONE).filter(handed_in_at__lt=before)


class RosterImport(models.Model):
    """A file of a school's classes: read by a worker, looked at, then taken in by a worker, all of it or nothing."""

    class State(models.TextChoices):
        READING = "reading", "Being read"
        PREVIEW = "preview", "To be checked"
        QUEUED = "queued", "Being taken in"
        DONE = "done", "Taken in"
        REFUSED = "refused", "Cannot be read"

    class Kind(models.TextChoices):
        CSV = "csv", "CSV"
        ONEROSTER = "oneroster", "OneRoster CSV"

    public_fields: ClassVar = {
        "id", "public_id", "year", "kind", "is_whole", "state", "handed_in_by", "handed_in_at", "done_at", "lines",
        "read", "faults", "added", "changed", "gone", "same",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "path", "sha256", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="rosters")
    name = models.CharField("file name", max_length=100)
    #: Where it is kept until it is taken in; empty afterwards, the file is gone then.
    path = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField("kind", max_length=10, choices=Kind)
    #: It says who is in its classes; else only who came and who left.
    is_whole = models.BooleanField("names everybody in its classes", default=True)
    state = models.CharField("state", max_length=8, choices=State, default=State.READING)
    reason = models.CharField("why it cannot be read", max_length=200, blank=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="rosters")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now, editable=False)
    done_at = models.DateTimeField("taken in at", null=True, blank=True)
    #: About how many lines there are, how many are read, and how many of them cannot be used.
    lines = models.PositiveIntegerField("lines", default=0)
    read = models.PositiveIntegerField("lines read", default=0)
    faults = models.PositiveIntegerField("lines to correct", default=0)
    #: What taking it in came to.
    added = models.PositiveIntegerField("came", default=0)
    changed = models.PositiveIntegerField("changed", default=0)
    gone = models.PositiveIntegerField("left", default=0)
    same = models.PositiveIntegerField("stayed as they were", default=0)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        ordering = ("-handed_in_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (Q(state__in=("reading", "preview", "queued", "refused")) & Q(done_at__isnull=True)),
                name="roster_taken_in_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("reading", "preview", "queued", "done", "refused")),
                name="roster_state_is_known",
            ),
            models.CheckConstraint(condition=Q(kind__in=("csv", "oneroster")), name="roster_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="roster_refused_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"roster {self.pk}"


# --- Classes as the school names them -------------------------------------------------------------------


class RosterClassQuerySet(VisibleQuerySet):
    def to_forget(self, year: AcademicYear) -> "RosterClassQuerySet":
        """Those of school years before this one that no entry is left of."""
        return self.filter(year__first_year__lt=year.first_year, entries=None)

    def in_file(self, roster: RosterImport) -> "RosterClassQuerySet":
        """The classes a file names, by school and title, each with how many students and the class of SERS it is."""
        lines = RosterLine.objects.filter(roster=roster, roster_class=OuterRef("pk"), leaves=False, fault="")
        number = lines.order_by().values("roster_class").annotate(number=Count("pk")).values("number")
        named = RosterLine.objects.filter(roster=roster).exclude(roster_class=None).values("roster_class")
        return (
            self.filter(pk__in=named)
            .annotate(number=Coalesce(Subquery(number), 0))
            .select_related("school", "section__high_school_course")
            .order_by("school__name", "title", "part", "id")
        )

    def course_ids(self) -> dict[int, str]:
        """The Course ID of each class of SERS (its course's id) that has none, as these classes tell it: where all of
        them tell the same."""
        course, code = "section__high_school_course", "course_code"
        found = self.filter(**{f"{course}__local_code": ""}).exclude(course_code="").order_by(course)
        told: dict[int, set[str]] = {}
        for key, said in found.values_list(course, code):
            told.setdefault(key, set()).add(said)
        return {key: next(iter(said)) for key, said in told.items() if len(said) == 1}

    def tally(self) -> dict[str, int]:
        """How many are classes of SERS, are to be looked at, are left out."""
        numbers = self.order_by().aggregate(
            matched=Count("pk", filter=~Q(section=None)),
            open=Count("pk", filter=Q(section=None, left_out=False)),
            out=Count("pk", filter=Q(left_out=True)),
        )
        return {name: int(number) for name, number in numbers.items()}

    def shown(self, which: str) -> "RosterClassQuerySet":
        """One of the three lists that `tally` counts."""
        return {
            "matched": self.exclude(section=None), "open": self.undecided(), "out": self.filter(left_out=True),
        }[which]  # fmt: skip

    def undecided(self) -> "RosterClassQuerySet":
        """Those of which nobody has said which class of SERS they are, or that they are none."""
        return self.filter(section=None, left_out=False)


class RosterClass(Record):
    """A class as a school's own system names it, and the class of SERS that it is: asked once, then remembered."""

    seen_by: ClassVar = {
        Role.TEACHER: "section__teachers",
        Role.COUNSELOR: "school",
        Role.DISTRICT: "school__district",
    }
    public_fields: ClassVar = {
        "id",
        "public_id",
        "year",
        "school",
        "key",
        "title",
        "part",
        "section",
        "left_out",
        "course_code",
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    school = models.ForeignKey(HighSchool, models.PROTECT, related_name="+")
    #: What the school's system knows it by; a teacher's own file is told from the school's.
    key = models.CharField(max_length=300)
    title = models.CharField("class", max_length=120)
    part = models.CharField("period or section", max_length=60, blank=True)
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="roster_classes")
    left_out = models.BooleanField("is not in SERS", default=False)
    #: What the school's system calls its course, where a file of it says so.
    course_code = models.CharField("course code", max_length=30, blank=True)

    objects = RosterClassQuerySet.as_manager()

    class Meta:
        ordering = ("title", "part", "id")
        verbose_name_plural = "roster classes"
        constraints = (
            models.UniqueConstraint(fields=("year", "school", "key"), name="roster_class_once"),
            models.CheckConstraint(
                condition=Q(section__isnull=True) | Q(left_out=False), name="class_left_out_is_no_class"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """`Accounting 1, Period 2`."""
        return f"{self.title}, {self.part}" if self.part else self.title


class RosterLineQuerySet(models.QuerySet["RosterLine"]):
    def with_fault(self, roster: RosterImport) -> "RosterLineQuerySet":
        """The lines of a file that cannot be used, in its order."""
        return self.filter(roster=roster).exclude(fault="").order_by("line", "id")


class RosterLine(models.Model):
    """One line of a file, from when it is read until it is taken in; whoever handed the file in looks at it."""

    public_fields: ClassVar = {"id", "roster", "line", "roster_class", "student", "leaves", "fault"}
    private_fields: ClassVar = {"key", "first_name", "last_name", "sort_name", "email", "grade_level"}

    roster = models.ForeignKey(RosterImport, models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()
    roster_class = models.ForeignKey(RosterClass, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=255, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    sort_name = models.CharField(max_length=310, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    grade_level = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Who it is, where number, e-mail or birth date say so.
    student = StudentKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    leaves = models.BooleanField(default=False)
    fault = models.CharField(max_length=200, blank=True)

    objects = RosterLineQuerySet.as_manager()

    class Meta:
        ordering = ("roster", "line", "id")
        indexes = (
            models.Index(fields=("roster", "line"), name="roster_line_with_fault", condition=~Q(fault="")),
        )

    def __str__(self) -> str:
        return f"{self.roster_id} line {self.line}"


class Comparison:
    """A file beside what stands: who comes, who changes, who leaves, who stays. Sets of rows, compared where they lie."""

    #: What the file says now of each class of SERS; a student named twice in one class is one.
    SAID = """
        SELECT DISTINCT ON (class.section_id, line.key)
               class.section_id, class.id AS roster_class_id, line.key, line.first_name, line.last_name,
               line.sort_name, line.email, line.grade_level, line.student_id
          FROM students_rosterline line JOIN students_rosterclass class ON class.id = line.roster_class_id
         WHERE line.roster_id = %(roster)s AND line.fault = '' AND NOT line.leaves AND class.section_id IS NOT NULL
         ORDER BY class.section_id, line.key, line.id
    """
    FACTS = "({0}.first_name, {0}.last_name, {0}.email, {0}.grade_level)"
    #: Who is on a roster now and not any more: of a whole file everybody it does not name in a class it names or that
    #: it filled before; of a file of changes who it says has left.
    LEAVING = """
        entry.gone_at IS NULL AND (
            %(is_whole)s AND (
                entry.section_id IN (SELECT section_id FROM said)
                OR entry.roster_class_id IN (SELECT roster_class_id FROM students_rosterline WHERE roster_id = %(roster)s)
            )
            AND NOT EXISTS (SELECT FROM said WHERE said.section_id = entry.section_id AND said.key = entry.key)
            OR EXISTS (
                SELECT FROM students_rosterline line JOIN students_rosterclass class ON class.id = line.roster_class_id
                 WHERE line.roster_id = %(roster)s AND line.leaves AND class.section_id = entry.section_id
                   AND line.key = entry.key
            )
            AND NOT EXISTS (SELECT FROM said WHERE said.section_id = entry.section_id AND said.key = entry.key)
        )
    """

    def __init__(self, roster: RosterImport) -> None:
        self.roster = roster
        self.facts = {"roster": roster.pk, "is_whole": roster.is_whole}

    def count(self) -> tuple[int, int, int, int]:
        """How many come, change, leave and stay; one query."""
        differs = f"{self.FACTS.format('said')} IS DISTINCT FROM {self.FACTS.format('entry')}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH said AS MATERIALIZED ({self.SAID})
                SELECT count(*) FILTER (WHERE entry.id IS NULL),
                       count(*) FILTER (WHERE entry.id IS NOT NULL AND {differs}),
                       (SELECT count(*) FROM students_rosterentry entry WHERE {self.LEAVING}),
                       count(*) FILTER (WHERE entry.id IS NOT NULL AND NOT {differs})
                  FROM said LEFT JOIN students_rosterentry entry
                    ON entry.section_id = said.section_id AND entry.key = said.key AND entry.gone_at IS NULL
                """,  # noqa: S608  (sentences of our own)
                self.facts,
            )
            added, changed, gone, same = cursor.fetchone()
        return added, changed, gone, same
