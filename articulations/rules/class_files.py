"""A file of a district's classes with their codes and credits: what it may hold, and what saving it would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from articulations.models import HighSchoolCourse, folded_title
from articulations.rules.classes import (
    CLASS_FIELDS,
    class_changes,
    class_facts,
    read_class_fact,
)
from organizations.models import HighSchool, SchoolDistrict
from sers.lib.folding import fold
from sers.lib.refusal import Refusal
from sers.lib.sheets import Column, Row, fingerprint

#: So many rows one file holds at most; the largest district of the State has some twenty high schools.
MOST_CLASSES: Final = 2500
CLASS_COLUMNS: Final = (
    Column("school", "High school", ("school",), holds="its name in SERS; needed where the district has several",
           example="Kamiakin High School"),
    Column("title", "Class", ("course title", "title"), needed=True,
           holds="needed: by it and its school a class is known again", example="Accounting 1-2"),
    Column("local_code", "Course ID", ("course code", "local course code"), holds="as in the district’s own system",
           example="BUS201"),
    Column("state_code", "State course code", ("state code",), holds="as CEDARS lists the course", example="12104"),
    Column("cip", "CIP code", ("cip",), holds="six digits, with or without the dot", example="52.0301"),
    Column("high_school_credits", "High-school credits", ("credits",),
           holds="what the whole class counts, from 0.25 to 3", example="1"),
)  # fmt: skip
#: What of a class such a file changes.
FILED: Final = tuple(column.name for column in CLASS_COLUMNS if column.name in CLASS_FIELDS)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A row of a file that was read: its class, and what saving it would change, or what is wrong."""

    line: int
    title: str
    school: str = ""
    taught: HighSchoolCourse | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    changes: Sequence[Mapping[str, str]] = ()
    problem: str = ""

    @property
    def tag(self) -> tuple[str, str]:
        """The state of its tag, and what comes of it."""
        if self.problem:
            return "stop", "To correct"
        return ("wait", "Changes") if self.changes else ("quiet", "As it is")


def rows_of_classes(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows of a sheet as a file keeps them: the columns it has and no others."""
    return [{"line": row.line, **row.cells} for row in rows]


def read_classes(district: SchoolDistrict, rows: Iterable[Mapping[str, Any]]) -> list[ClassRow]:
    """Each row of a file against the classes of the district as they stand now. A column the file does not have changes
    nothing; an empty cell empties what stands there."""
    schools = {fold(one.name): one for one in HighSchool.objects.filter(district=district).order_by("pk")}
    known: dict[tuple[int, str], HighSchoolCourse] = {}
    for one in HighSchoolCourse.objects.of_district(district):
        known.setdefault((one.school_id, one.folded), one)
    before: dict[int, int] = {}
    found = []
    for cells in rows:
        row = _class_row(cells, schools, known)
        if row.taught is not None and not row.problem and row.taught.pk in before:
            row = ClassRow(
                row.line, row.title, row.school,
                problem=f"The same class as row {before[row.taught.pk]}. Take one of them out.",
            )  # fmt: skip
        if row.taught is not None:
            before.setdefault(row.taught.pk, row.line)
        found.append(row)
    return found


def _class_row(
    cells: Mapping[str, Any],
    schools: Mapping[str, HighSchool],
    known: Mapping[tuple[int, str], HighSchoolCourse],
) -> ClassRow:
    line, title = int(cells["line"]), " ".join(str(cells.get("title", "")).split())
    name = " ".join(str(cells.get("school", "")).split())
    only = next(iter(schools.values())) if len(schools) == 1 else None
    school = schools.get(fold(name)) if name else only
    if school is None:
        words = f"The district has no high school {name}." if name else "Enter the high school."
        return ClassRow(line, title, name, problem=words)
    if not title:
        return ClassRow(line, title, school.name, problem="Enter the class.")
    taught = known.get((school.pk, folded_title(title)))
    if taught is None:
        return ClassRow(
            line, title, school.name,
            problem="The school has no class of this name in SERS. A class comes with its first agreement.",
        )  # fmt: skip
    try:
        facts = {one: read_class_fact(one, cells[one]) for one in FILED if one in cells}
    except ValueError as error:
        return ClassRow(line, taught.title, school.name, taught, problem=str(error))
    return ClassRow(line, taught.title, school.name, taught, facts, class_changes(class_facts(taught), facts))


def why_not_save_classes(rows: Sequence[ClassRow], seen: str) -> Refusal | None:
    """A file is saved when no row has to be corrected, and as it was shown."""
    if any(row.problem for row in rows):
        return Refusal(
            "rows_to_correct", "Some rows have to be corrected.", "Correct the file and send it again."
        )
    if classes_seen(rows) != seen:
        return Refusal(
            "changed_meanwhile",
            "A class has changed since you looked. Nothing was saved.",
            "Look at the rows below again, then press Save All.",
        )
    return None


def classes_seen(rows: Iterable[ClassRow]) -> str:
    """The fingerprint of what a preview shows: saving does that, or shows it again."""
    told = [f"{row.line} {row.school} {row.title} {row.problem} {row.changes}" for row in rows]
    return fingerprint("\n".join(told).encode())


def tally_of_classes(rows: Sequence[ClassRow]) -> list[tuple[str, str]]:
    """How many rows come to what, in words, what must be corrected first."""
    counts = (
        (sum(bool(row.problem) for row in rows), "to correct"),
        (sum(bool(row.changes) and not row.problem for row in rows), "with changes"),
        (sum(not (row.problem or row.changes) for row in rows), "as they are"),
    )
    return [(f"{number:,}", words) for number, words in counts if number]


def class_rows_to_show(rows: Iterable[ClassRow]) -> list[ClassRow]:
    """Rows in the order they are looked at: to correct, changed, and last those that change nothing."""
    return sorted(rows, key=lambda row: (not row.problem, not row.changes))


def classes_as_rows(taught: Iterable[HighSchoolCourse]) -> list[list[str]]:
    """Classes as the file that can be handed in again: handing it in changes nothing. A workbook keeps a CIP code as it is
    read; of 52.0300 in a CSV a spreadsheet would make 52.03."""
    rows = []
    for one in taught:
        facts = {"school": one.school.name, "title": one.title, **class_facts(one), "cip": one.cip_in_words}
        rows.append([facts[column.name] for column in CLASS_COLUMNS])
    return rows
