"""The catalog of a college: who keeps it, what a change of a course is, and what a file of courses would change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q

from accounts.access import Role, has_role, seats, stands_on
from accounts.models import User
from articulations.models import CollegeCourse, cip_in_words, course_number
from organizations.models import College
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from sers.lib.sheets import Column, Row, fingerprint, read_day

#: Who changes what a college's courses are.
KEEPS_COURSES: Final = (Role.FACULTY, Role.REGISTRAR, Role.CONSORTIUM)
#: Who reads the catalog with its history; everybody reads a course in Search Articulations.
READS_COURSES: Final = (*KEEPS_COURSES, Role.STATE)
#: What a course is, in the words of a change.
COURSE_FIELDS: Final[Mapping[str, str]] = {
    "title": "Title",
    "credits": "Credits",
    "cip": "CIP code",
    "description_url": "Course description",
    "site_url": "College site",
    "description": "Content",
    "outcomes": "Outcomes",
    "structure": "Structure",
    "faculty": "Faculty",
    "active_from": "Taught from",
    "active_until": "Taught until",
}
#: What may change without a review of the agreements: where the college's site is says nothing of the course.
NO_REVIEW: Final = frozenset({"site_url"})
DAYS: Final = frozenset({"active_from", "active_until"})

#: So many rows one file holds at most; the largest catalog of a college in Washington has some two thousand courses.
MOST_COURSES: Final = 2500
MOST_CELL_LETTERS: Final = 4000
#: Longest text of a field; an outcome of its own fits the alignment matrix.
LONGEST: Final[Mapping[str, int]] = {
    "code": 20, "title": 120, "description_url": 200, "site_url": 200, "description": 4000, "outcomes": 4000,
    "structure": 300, "faculty": 300,
}  # fmt: skip
LONGEST_OUTCOME: Final = 300
COURSE_COLUMNS: Final = (
    Column("code", "Course number", ("number", "course", "code"), needed=True,
           holds="needed: by it a course is known again", example="ACCT& 201"),
    Column("title", "Title", ("course title",), holds="needed for a new course", example="Principles of Accounting I"),
    Column("credits", "Credits", holds="needed for a new course, from 0.5 to 25", example="5"),
    Column("cip", "CIP code", ("cip",), holds="six digits, with or without the dot", example="52.0301"),
    Column("description", "Content", ("description",), holds="what the course is about, at most 4,000 letters",
           example="Recording and reporting of what a business does."),
    Column("outcomes", "Outcomes", ("learning outcomes",),
           holds="one a line within the cell, or parted by |; numbers before them are left out",
           example="Record transactions in a ledger | Prepare financial statements"),
    Column("description_url", "Course description", ("description address",),
           holds="the whole address of the page, https://...", example="https://college.example.org/catalog/acct201"),
    Column("site_url", "College site", ("site",), holds="the whole address of the department’s or college’s page"),
    Column("structure", "Structure", holds="hours of lecture and laboratory, prerequisites"),
    Column("faculty", "Faculty", holds="who leads the course"),
    Column("active_from", "Taught from", ("active from",), holds="a day like 9/1/2026; empty means always"),
    Column("active_until", "Taught until", ("active until",), holds="a day like 6/30/2028; empty means no end is known"),
)  # fmt: skip
_URL: Final = URLValidator(schemes=("http", "https"))
_NUMBERED: Final = re.compile(r"^\s*(?:\d{1,2}\s*[.)]|[-•*–])\s+")


# --- Who keeps it -----------------------------------------------------------------------------------------


def keeps_catalog(user: User, college: College) -> bool:
    """A college's catalog is kept by its faculty and registrar, and by the consortia of the college."""
    if stands_on(user, Role.FACULTY, college.pk) or stands_on(user, Role.REGISTRAR, college.pk):
        return True
    ids = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    return bool(ids) and college.consortia.filter(pk__in=ids).exists()


def keeps_course(user: User, course: CollegeCourse) -> bool:
    """What a college course is, is kept by who keeps the catalog of its college."""
    return keeps_catalog(user, course.college)


def reads_course(user: User, course: CollegeCourse) -> bool:
    """A course with its history is read by who keeps it, and by the State."""
    return has_role(user, Role.STATE) or keeps_course(user, course)


def colleges_kept(user: User) -> list[College]:
    """The colleges whose courses a person keeps."""
    own = [seat.anchor for seat in seats(user, Role.FACULTY, Role.REGISTRAR)]
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    return list(
        College.objects.filter(Q(pk__in=own) | Q(consortia__in=consortia)).distinct().order_by("name")
    )


def colleges_read(user: User) -> list[College]:
    """The colleges whose catalog a person reads: those they keep; the State every one."""
    return list(College.objects.order_by("name")) if has_role(user, Role.STATE) else colleges_kept(user)


def why_not_add(user: User, college: College, code: str) -> Refusal | None:
    """A course is added by who keeps the catalog, under a number that stands once in it."""
    if not keeps_catalog(user, college):
        return Refusal("not_yours", f"{college} and its consortium keep this catalog.")
    if course_number(code) in CollegeCourse.objects.by_number(college):
        return Refusal(
            "there_already",
            f"{course_number(code)} is in the catalog already.",
            "Open it and change it there.",
        )
    return None


# --- What changed -----------------------------------------------------------------------------------------


def course_facts(course: CollegeCourse) -> dict[str, str]:
    """What a course is, as text; days as 2026-09-01."""
    return {field: fact_of(getattr(course, field)) for field in COURSE_FIELDS}


def fact_of(value: Any) -> str:
    """One fact of a course as text, so that two can be compared."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "\n".join(line.rstrip() for line in str(value).splitlines()).strip()


def set_facts(course: CollegeCourse, facts: Mapping[str, str]) -> None:
    """Put these facts into the row."""
    for field, text in facts.items():
        value: Any = text
        if field == "credits":
            value = Decimal(text)
        elif field in DAYS:
            value = date.fromisoformat(text) if text else None
        setattr(course, field, value)
    course.fold()


def course_changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[dict[str, str]]:
    """What differs, field by field, before and after; what `now` does not name stays."""
    return [
        {"name": name, "was": _in_words(field, before[field]), "is_now": _in_words(field, now[field])}
        for field, name in COURSE_FIELDS.items()
        if field in now and before[field] != now[field]
    ]


def _in_words(field: str, text: str) -> str:
    if field == "cip":
        return cip_in_words(text)
    return day(date.fromisoformat(text)) if text and field in DAYS else text


def calls_for_review(changes: Iterable[Mapping[str, str]]) -> bool:
    """A change marks the agreements on a course unless all of it is where the college's site is."""
    unmarked = {COURSE_FIELDS[field] for field in NO_REVIEW}
    return any(one["name"] not in unmarked for one in changes)


def told_in_full(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines of an agreement with the outcomes of their courses one by one."""
    return [{**line, "outcomes": line["outcomes"].splitlines()} for line in lines]


# --- A file of courses ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A row of a file that was read: the course it is about, and what saving it would change, or what is wrong."""

    line: int
    code: str
    #: None where the catalog does not hold it yet.
    course: CollegeCourse | None = None
    facts: Mapping[str, str] | None = None
    changes: Sequence[Mapping[str, str]] = ()
    problem: str = ""

    @property
    def title(self) -> str:
        """As the file says it, else as the catalog does."""
        told = (self.facts or {}).get("title", "")
        return told or (self.course.title if self.course is not None else "")

    @property
    def is_new(self) -> bool:
        return not self.problem and self.course is None

    @property
    def is_changed(self) -> bool:
        return not self.problem and self.course is not None and bool(self.changes)

    @property
    def tag(self) -> tuple[str, str]:
        """The state of its tag, and what comes of it."""
        if self.problem:
            return "stop", "To correct"
        if self.course is None:
            return "progress", "New"
        return ("wait", "Changes") if self.changes else ("quiet", "As it is")


def rows_of_courses(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows of a sheet as a file keeps them: the columns it has and no others."""
    return [{"line": row.line, **row.cells} for row in rows]


def read_courses(college: College, rows: Iterable[Mapping[str, Any]]) -> list[CourseRow]:
    """Each row of a file against the catalog as it stands now. A column the file does not have changes nothing; an
    empty cell empties what stands there."""
    known = CollegeCourse.objects.by_number(college)
    before: dict[str, int] = {}
    found = []
    for cells in rows:
        row = _course_row(cells, known)
        if not row.problem and row.code in before:
            row = CourseRow(
                row.line,
                row.code,
                problem=f"The same course as row {before[row.code]}. Take one of them out.",
            )
        before.setdefault(row.code, row.line)
        found.append(row)
    return found


def _course_row(cells: Mapping[str, Any], known: Mapping[str, CollegeCourse]) -> CourseRow:
    line, code = int(cells["line"]), course_number(str(cells.get("code", "")))
    if not code:
        return CourseRow(line, code, problem="Enter the course number.")
    course = known.get(code)
    try:
        facts = {field: _read(field, str(cells[field])) for field in COURSE_FIELDS if field in cells}
    except ValueError as error:
        return CourseRow(line, code, course, problem=str(error))
    problem = _problem(code, course, facts)
    if problem:
        return CourseRow(line, code, course, facts, problem=problem)
    before = course_facts(course) if course is not None else dict.fromkeys(COURSE_FIELDS, "")
    return CourseRow(line, code, course, facts, course_changes(before, facts))


def _problem(code: str, course: CollegeCourse | None, facts: Mapping[str, str]) -> str:
    if len(code) > LONGEST["code"]:
        return f"Shorten the course number to {LONGEST['code']} letters."
    for field, what in (("title", "title"), ("credits", "credits")):
        if (course is None or field in facts) and not facts.get(field):
            return f"Enter the {what} of {code}."
    whole = {**(course_facts(course) if course is not None else {}), **facts}
    begins, ends = whole.get("active_from", ""), whole.get("active_until", "")
    return (
        f"{code} ends before it begins. Correct one of the days." if begins and ends and ends < begins else ""
    )


def _read(field: str, typed: str) -> str:
    """A cell as a fact. Raises ValueError with the words that tell what is wrong."""
    text = typed.strip()
    name = COURSE_FIELDS[field]
    if field == "outcomes":
        text = "\n".join(outcomes_typed(text))
        if any(len(one) > LONGEST_OUTCOME for one in text.splitlines()):
            raise ValueError(f"Shorten each outcome to {LONGEST_OUTCOME} letters.")
    if not text:
        return ""
    if len(text) > LONGEST.get(field, MOST_CELL_LETTERS):
        raise ValueError(f"{name}: shorten it to {LONGEST[field]:,} letters.")
    if field == "credits":
        return read_credits(text)
    if field == "cip":
        return read_cip(text)
    if field in DAYS:
        found = read_day(text)
        if found is None:
            raise ValueError(f"{name}: enter a day like 9/1/2026.")
        return found.isoformat()
    if field.endswith("_url"):
        try:
            _URL(text)
        except ValidationError:
            raise ValueError(f"{name}: enter a whole address, https://...") from None
    return fact_of(text)


def read_credits(typed: str) -> str:
    """Credits from 0.5 to 25 in halves or tenths, as text. Raises ValueError in words."""
    try:
        credits = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        credits = Decimal("NaN")
    if not credits.is_finite() or not Decimal("0.5") <= credits <= 25 or credits != round(credits, 1):
        raise ValueError("Enter credits from 0.5 to 25.")
    return fact_of(credits)


def read_cip(typed: str) -> str:
    """The six digits of a CIP code, typed with or without its dot. Raises ValueError in words."""
    cip = typed.replace(".", "").replace(" ", "")
    if cip and not (cip.isascii() and cip.isdigit() and len(cip) == 6):
        raise ValueError("Enter the six digits of the CIP code, for example 52.0301.")
    return cip


def outcomes_typed(text: str) -> list[str]:
    """Outcomes as people list them, one a line or parted by |, each once; numbers and bullets before them left out."""
    lines = (" ".join(_NUMBERED.sub("", one).split()) for one in re.split(r"[\r\n|]+", text))
    return list(dict.fromkeys(filter(None, lines)))


def seen_of(rows: Iterable[CourseRow]) -> str:
    """The fingerprint of what a preview shows: saving does that, or shows it again."""
    told = [f"{row.line} {row.code} {row.problem} {row.course is None} {row.changes}" for row in rows]
    return fingerprint("\n".join(told).encode())


def tally_of_courses(rows: Sequence[CourseRow]) -> list[tuple[str, str]]:
    """How many rows come to what, in words, what must be corrected first."""
    counts = (
        (sum(bool(row.problem) for row in rows), "to correct"),
        (sum(row.is_new for row in rows), "new"),
        (sum(row.is_changed for row in rows), "with changes"),
        (sum(not (row.problem or row.is_new or row.is_changed) for row in rows), "as they are"),
    )
    return [(f"{number:,}", words) for number, words in counts if number]


def rows_to_show(rows: Iterable[CourseRow]) -> list[CourseRow]:
    """Rows in the order they are looked at: to correct, changed, new, and last those that change nothing."""
    return sorted(rows, key=lambda row: (not row.problem, not row.is_changed, not row.is_new))


def left_alone(college: College, rows: Iterable[CourseRow]) -> int:
    """How many courses of the catalog a file does not name: they stay as they are."""
    named = {row.code for row in rows}
    return sum(code not in named for code in CollegeCourse.objects.by_number(college))


def courses_as_rows(courses: Iterable[CollegeCourse]) -> list[list[str]]:
    """A catalog as the file that can be handed in again: handing it in changes nothing."""
    rows = []
    for course in courses:
        facts = {"code": course.code, **course_facts(course)}
        rows.append([facts[column.name] for column in COURSE_COLUMNS])
    return rows
