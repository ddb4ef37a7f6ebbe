"""What a worksheet for ctcLink holds, what keeps a credit out of it, and whether what was exported has been posted."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.db.models import F

from accounts.access import Role, stands_on
from accounts.models import Event, User
from organizations.models import AcademicYear, College
from sers.lib.sheets import Column, Fault, Row, read_day
from students.models import kin_of, list_name, of_person, person_key
from transcripts.models import (
    CollegeIdentity,
    CreditAward,
    CtcLinkCourse,
    PostingEvent,
    TermActivation,
    TranscriptionPlan,
    WorksheetBatch,
    WorksheetBatchQuerySet,
    WorksheetColumn,
    WorksheetRow,
)
from transcripts.rules.credit import plan_of, terms_of_run
from transcripts.rules.identities import tidy_sid

Field = WorksheetColumn.Field

#: FERPA, 34 CFR 99.33: whoever gets these records is told that they may not pass them on.
NOTICE: Final = (
    "Notice: These are education records (FERPA, 34 CFR 99.33). Use them for transcription only; "
    "do not pass them on without the student's written consent."
)
#: What begins the line of the notice in a sheet that comes back.
NOTICE_SIGN: Final = "Notice:"

#: What the fields hold that are the same in every row, until a college says otherwise.
ALWAYS: Final[Mapping[str, str]] = {
    Field.CAREER: "UGRD",
    Field.INSTITUTION: "",  # the college's own code
    Field.LEVEL: "Print on Official",
    Field.PROGRAM: "",
    Field.PLAN: "",
    Field.OTHER_CREDIT: "CTE Dual Credit",
    Field.SHORT_DESC: "CTE",
    Field.LONG_DESC: "CTE Dual Credit",
    Field.STATS: "Y",
    Field.GRADE: "points",  # how the grade is written: points (3.9) or letter (A)
}
#: Fields no worksheet can do without: by them a credit is keyed in and found again.
NEEDED: Final = (Field.SID, Field.TERM, Field.COURSE, Field.GRADE)

ACTIVATION_COLUMNS: Final = (
    Column("sid", "SID", ("ID", "College ID", "EMPLID", "Student ID"), True, "Nine digits", "201234567"),
    Column("term", "Term", ("Articulation Term", "Admit Term"), True, "Four digits", "2275"),
)
CONFIRMATION_COLUMNS: Final = (
    Column("sid", "ID", ("SID", "College ID", "EMPLID", "Student ID"), True, "Nine digits", "201234567"),
    Column("term", "Articulation Term", ("Term",), True, "Four digits", "2275"),
    Column("course", "Course ID", ("Course",), True, "Six digits", "012345"),
    Column("grade", "Official Grade", ("Grade",), False, "As it was posted", "3.9"),
    Column("kind", "Status", ("Model Status", "Transcript Status"), True, "Accepted, Posted or Not taken", "Posted"),
    Column("on", "Date", ("Posted Date", "Status Date"), True, "Year, month, day, or month/day/year", "2027-08-21"),
)  # fmt: skip
_KINDS: Final = {
    "accepted": PostingEvent.Kind.ACCEPTED,
    "posted": PostingEvent.Kind.POSTED,
    "not taken": PostingEvent.Kind.RETURNED,
    "rejected": PostingEvent.Kind.RETURNED,
    "returned": PostingEvent.Kind.RETURNED,
}


def can_export(user: User, college_id: int) -> bool:
    """The registrar of the college makes its worksheets and says what became of them."""
    return stands_on(user, Role.REGISTRAR, college_id)


def term_of(plan: TranscriptionPlan, year: AcademicYear) -> str:
    """The term credit is posted in: the plan's own, else the summer after the school year (2026-27: 2275)."""
    return plan.term or f"2{(year.first_year + 1) % 100:02}5"


# --- Columns ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column as this college wants it: 0 is nowhere."""

    field: Field
    position: int
    heading: str
    value: str

    @property
    def is_needed(self) -> bool:
        return self.field in NEEDED

    @property
    def has_value(self) -> bool:
        """The same in every row, so that the college says what it is."""
        return self.field in ALWAYS


def columns_of(college: College) -> list[OwnColumn]:
    """The columns of a college's worksheets: its own map, else the fields of the page in their order. One query.

    What is no field of the page, New or Re-post, has a place only where the college gives it one.
    """
    own = {one.field: one for one in WorksheetColumn.objects.filter(college=college)}
    columns = [
        OwnColumn(
            field,
            (own[field].position if field in own else 0) if own else place if field != Field.POSTING else 0,
            own[field].heading if field in own else str(field.label),
            own[field].value if field in own else _always(field, college),
        )
        for place, field in enumerate(Field, 1)
    ]
    return sorted(columns, key=lambda one: (one.position == 0, one.position))


def _always(field: Field, college: College) -> str:
    return college.ctclink_institution if field == Field.INSTITUTION else ALWAYS.get(field, "")


# --- What is due --------------------------------------------------------------------------------------


class Obstacle(models.TextChoices):
    """What keeps a credit out of the next worksheet, in the words the registrar reads."""

    NO_SID = "no_sid", "The college ID is missing"
    NOT_ACTIVATED = "not_activated", "Not active in the term"
    NO_COURSE_ID = "no_course_id", "The Course ID is missing"
    DUPLICATE = "duplicate", "The course is in a worksheet already"


@dataclass(frozen=True, slots=True)
class Due:
    """One award that belongs into the next worksheet, and what keeps it out if anything does."""

    award_id: int
    student_id: int
    student_key: str
    student: str
    course_pk: int
    course_code: str
    sid: str
    course_id: str
    grade: str
    awarded_at: datetime
    #: The grade ctcLink has of it: a re-post. Empty where ctcLink has nothing.
    replaces: str
    obstacle: Obstacle | None


def exported(college: College, year: AcademicYear) -> dict[int, Mapping[str, Any]]:
    """The last worksheet row of each award of a college and year, by award; one query."""
    rows = (
        WorksheetRow.objects.filter(batch__college=college, award__year=year)
        .order_by("batch__number")
        .values(
            "award_id",
            "sid",
            "course_id",
            "grade",
            "batch_id",
            number=F("batch__number"),
            at=F("batch__made_at"),
        )
    )
    return {row["award_id"]: row for row in rows}


def said_of(college: College, year: AcademicYear) -> dict[int, list[Mapping[str, Any]]]:
    """What ctcLink said of each award of a college and year, in the order we heard it; one query."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    rows = PostingEvent.objects.filter(college=college, award__year=year).order_by("said_at", "id")
    for row in rows.values("award_id", "kind", "on", "grade", "said_at"):
        found.setdefault(row["award_id"], []).append(row)
    return found


def due_for_worksheet(college: College, year: AcademicYear) -> list[Due]:
    """Every award of a college and year that no worksheet holds as it stands now, by college ID, without one by name:
    nine queries.

    Never exported; corrected since; or in a worksheet that ctcLink did not take.
    """
    plan = plan_of(terms_of_run(college, year))
    term = term_of(plan, year)
    style = next(one.value for one in columns_of(college) if one.field == Field.GRADE)
    rows, said = exported(college, year), said_of(college, year)
    awards = list(
        CreditAward.objects.standing()
        .filter(college=college, year=year)
        .order_by(of_person("sort_name"), person_key(), "course_code", "id")
        .values(
            "id", "student_id", "college_course_id", "course_code", "points", "letter", "awarded_at",
            "supersedes_id",
            key=of_person("public_id"),
            first_name=of_person("first_name"),
            last_name=of_person("last_name"),
        )
    )  # fmt: skip
    records = {one["student_id"] for one in awards}
    kin = kin_of(records)
    known = CollegeIdentity.objects.standing().at(college).filter(student__in=kin.records(records))
    sids = {kin.person(record): sid for record, sid in known.values_list("student_id", "sid")}
    active = set(TermActivation.objects.filter(college=college, term=term).values_list("sid", flat=True))
    courses = dict(
        CtcLinkCourse.objects.filter(college_course__college=college).values_list(
            "college_course_id", "course_id"
        )
    )
    before = chains(awards)
    due: list[Due] = []
    # A course of one person that an award of its own already took to ctcLink: to key it in again would double it.
    taken = {(row["sid"], row["course_id"]): pk for pk, row in rows.items()}
    for one in awards:
        last = rows.get(one["id"])
        if last is not None and not _goes_out_again(said.get(one["id"], ()), last["at"]):
            continue
        sid, course_id = (
            sids.get(kin.person(one["student_id"]), ""),
            courses.get(one["college_course_id"], ""),
        )
        holder = taken.get((sid, course_id))
        obstacle = None
        if not sid:
            obstacle = Obstacle.NO_SID
        elif sid not in active:
            obstacle = Obstacle.NOT_ACTIVATED
        elif not course_id:
            obstacle = Obstacle.NO_COURSE_ID
        elif holder is not None and holder != one["id"] and holder not in before[one["id"]]:
            obstacle = Obstacle.DUPLICATE
        taken.setdefault((sid, course_id), one["id"])
        due.append(
            Due(
                award_id=one["id"],
                student_id=kin.person(one["student_id"]),
                student_key=str(one["key"]),
                student=list_name(one["last_name"], one["first_name"]),
                course_pk=one["college_course_id"],
                course_code=one["course_code"],
                sid=sid,
                course_id=course_id,
                grade=official_grade(one["points"], one["letter"], style),
                awarded_at=one["awarded_at"],
                replaces=held_by_ctclink(one["id"], before, rows, said, sid=sid),
                obstacle=obstacle,
            )
        )
    return sorted(due, key=lambda one: (one.sid, one.course_code, one.award_id) if one.sid else ("",))


def chains(awards: Sequence[Mapping[str, Any]]) -> dict[int, set[int]]:
    """The awards each of these corrects, and those that they corrected; one query for each correction of a correction."""
    before: dict[int, set[int]] = {one["id"]: set() for one in awards}
    open_ends = {one["supersedes_id"]: one["id"] for one in awards if one["supersedes_id"] is not None}
    while open_ends:
        for earlier, last in open_ends.items():
            before[last].add(earlier)
        found = CreditAward.objects.filter(pk__in=open_ends, supersedes__isnull=False)
        open_ends = {
            further: open_ends[pk] for pk, further in found.order_by("pk").values_list("pk", "supersedes_id")
        }
    return before


def _goes_out_again(said: Iterable[Mapping[str, Any]], since: datetime) -> bool:
    """ctcLink did not take it, or the registrar wants it in the next worksheet, since it was exported last."""
    wanted = (PostingEvent.Kind.RETURNED, PostingEvent.Kind.AGAIN)
    return any(one["kind"] in wanted and one["said_at"] > since for one in said)


def held_by_ctclink(
    award: int,
    before: Mapping[int, Collection[int]],
    rows: Mapping[int, Mapping[str, Any]],
    said: Mapping[int, Sequence[Mapping[str, Any]]],
    *,
    sid: str = "",
) -> str:
    """The grade ctcLink has of an award or of what it corrects, as far as SERS knows: as posted, else as exported.

    Empty where nothing was exported, where ctcLink did not take it, and where the registrar has deleted it there; what
    was said before it was exported once more does not count any more. With `sid`: under this college ID. What went out
    with a wrong one stands on another person's record there.
    """
    out = {
        pk: rows[pk]
        for pk in {award, *before.get(award, ())}
        if pk in rows and (not sid or rows[pk]["sid"] == sid)
    }
    if not out:
        return ""
    newest, last = max(out.items(), key=lambda item: item[1]["number"])
    # That it was deleted is said of the row that took the credit back, which no worksheet holds.
    deleted = (one for pk in {award, *before.get(award, ())} - {newest} for one in said.get(pk, ()))
    if any(one["kind"] == PostingEvent.Kind.REMOVED and one["said_at"] > last["at"] for one in deleted):
        return ""
    heard = [one for one in said.get(newest, ()) if one["kind"] != PostingEvent.Kind.AGAIN]
    if heard and heard[-1]["kind"] in (PostingEvent.Kind.RETURNED, PostingEvent.Kind.REMOVED):
        return "" if heard[-1]["said_at"] > last["at"] else str(last["grade"])
    posted = [one["grade"] for one in heard if one["kind"] == PostingEvent.Kind.POSTED and one["grade"]]
    return str(posted[-1] if posted else last["grade"])


def official_grade(points: Decimal | None, letter: str, style: str) -> str:
    """The grade as ctcLink wants it: `3.9` or `A`."""
    if style == "letter":
        return letter or f"{points}"
    return letter if points is None else f"{points}"


def lines_of(due: Sequence[Due], columns: Sequence[OwnColumn], *, term: str, on: date) -> list[list[str]]:
    """The cells of a worksheet: heads, then one line a credit, those of one person together. Pure."""
    shown = [one for one in columns if one.position]

    def cell(one: Due, column: OwnColumn) -> str:
        return {
            Field.SID: one.sid,
            Field.TERM: term,
            Field.EVALUATED: on.isoformat(),
            Field.COURSE: one.course_id,
            Field.GRADE: one.grade,
            Field.POSTING: f"Re-post, replaces {one.replaces}" if one.replaces else "New",
        }.get(column.field, column.value)

    return [
        [column.heading for column in shown],
        *([cell(one, column) for column in shown] for one in due),
    ]


# --- What came back -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preflight:
    """The next worksheet before it is made: what is ready, how much each obstacle keeps out, and which credit."""

    ready: int
    students: int
    corrections: int
    obstacles: Sequence[tuple[str, str, int]]
    kept_out: Sequence[Due]
    courses: Sequence[Due]
    term: str

    @property
    def total(self) -> int:
        return self.ready + sum(count for _, _, count in self.obstacles)


def preflight(college: College | None, year: AcademicYear, *, obstacle: str = "") -> Preflight:
    """What the next worksheet would hold and what keeps the rest out; `courses` are those without a Course ID."""
    if college is None:
        return Preflight(0, 0, 0, (), (), (), "")
    due = due_for_worksheet(college, year)
    ready = [one for one in due if one.obstacle is None]
    counts = Counter(one.obstacle for one in due if one.obstacle is not None)
    unknown = {one.course_pk: one for one in due if not one.course_id}
    return Preflight(
        ready=len(ready),
        students=len({one.student_id for one in ready}),
        corrections=sum(1 for one in ready if one.replaces),
        obstacles=[(one.value, str(one.label), counts[one]) for one in Obstacle if counts[one]],
        kept_out=[one for one in due if one.obstacle and obstacle in ("", one.obstacle)],
        courses=sorted(unknown.values(), key=lambda one: one.course_code),
        term=term_of(plan_of(terms_of_run(college, year)), year),
    )


def batches_of(
    visible: WorksheetBatchQuerySet, college: College | None, year: AcademicYear
) -> WorksheetBatchQuerySet:
    """The worksheets of a college and year, the latest first."""
    return visible.of(college, year).listed() if college else visible.none()


def downloads_of(batch: WorksheetBatch) -> list[Event]:
    """Who took a worksheet away, and when; the latest first."""
    return list(
        Event.objects.filter(
            subject_type=batch._meta.label_lower, subject_id=batch.pk, kind="transcripts.worksheet_taken"
        )
        .select_related("actor")
        .order_by("-at", "-id")[:50]
    )


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a sheet of confirmations: what ctcLink says of which credit, and the award it fits."""

    line: int
    sid: str
    term: str
    course_id: str
    grade: str
    kind: PostingEvent.Kind
    on: date
    award_id: int | None = None
    known: bool = False


def read_activations(rows: Sequence[Row]) -> tuple[list[tuple[str, str]], list[Fault]]:
    """(college ID, term) of each row, and what is wrong with rows. The same pair twice counts once."""
    found: dict[tuple[str, str], None] = {}
    faults = []
    for row in rows:
        sid, term = tidy_sid(row["sid"]), row["term"]
        if not sid:
            faults.append(Fault(row.line, f"SID: enter nine digits instead of “{row['sid']}”"))
        elif not is_term(term):
            faults.append(Fault(row.line, f"Term: enter four digits like 2275 instead of “{term}”"))
        else:
            found[sid, term] = None
    return list(found), faults


def is_term(text: str) -> bool:
    """Four digits of ctcLink: 2, the year, and 1 winter, 3 spring, 5 summer, 7 fall."""
    return len(text) == 4 and text.isascii() and text.isdigit() and text[0] == "2" and text[3] in "1357"


def read_confirmations(rows: Sequence[Row]) -> tuple[list[Said], list[Fault]]:
    """What ctcLink says, line by line, and what is wrong with rows."""
    said: list[Said] = []
    faults: list[Fault] = []
    for row in rows:
        sid, on = tidy_sid(row["sid"]), read_day(row["on"])
        kind = _KINDS.get(" ".join(row["kind"].casefold().split()))
        course = row["course"].strip()
        wrong = ""
        if not sid:
            wrong = f"ID: enter nine digits instead of “{row['sid']}”"
        elif not is_term(row["term"]):
            wrong = f"Articulation Term: enter four digits like 2275 instead of “{row['term']}”"
        elif not (course.isascii() and course.isdigit() and len(course) <= 6):
            wrong = f"Course ID: enter six digits instead of “{course}”"
        elif len(row["grade"]) > 6:
            wrong = f"Official Grade: enter it like 3.9 or A- instead of “{row['grade']}”"
        elif kind is None:
            wrong = f"Status: write Accepted, Posted or Not taken instead of “{row['kind']}”"
        elif on is None:
            wrong = f"Date: enter a day like 2027-08-21 instead of “{row['on']}”"
        if wrong or kind is None or on is None:
            faults.append(Fault(row.line, wrong))
            continue
        said.append(Said(row.line, sid, row["term"], course.zfill(6), tidy_grade(row["grade"]), kind, on))
    return said, faults


def tidy_grade(typed: str) -> str:
    """A grade as colleges print it: a spreadsheet that made `4` of `4.0` is put right, letters are left alone."""
    kept = typed.strip()
    plain = kept.replace(".", "", 1)
    if plain.isascii() and plain.isdigit() and Decimal(kept) <= 4:
        points = Decimal(kept)
        return f"{points:.1f}" if points == points.quantize(Decimal("0.1")) else kept
    return kept.upper()


def same_grade(one: str, other: str) -> bool:
    """Do two texts say one grade? `4` and `4.0` do."""
    return tidy_grade(one) == tidy_grade(other)


def fitting_awards(college: College, said: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    """The award last exported for each (college ID, term, Course ID); one query."""
    wanted = set(said)
    rows = (
        WorksheetRow.objects.filter(batch__college=college, sid__in={sid for sid, _, _ in wanted})
        .order_by("batch__number")
        .values_list("sid", "batch__term", "course_id", "award_id")
    )
    return {
        (sid, term, course_id): award
        for sid, term, course_id, award in rows
        if (sid, term, course_id) in wanted
    }
