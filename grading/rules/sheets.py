"""Grades that come as a table: which student each line means, and which grade it gives. Pure: rows in, lines out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grading.models import GradePart, RosterRow
from grading.rules.standards import Standard
from sers.lib.columns import NoSheet, is_formula
from sers.lib.folding import fold
from students.models import Registration
from students.rules import tidy_sers_id

Part = GradePart.Part

#: More lines than any class has students.
MOST_LINES: Final = 400
#: What the head of a column may read, folded.
_ID_HEADS: Final = {"id", "sers id", "cte dual credit id", "student id", "tp number"}
_LAST_HEADS: Final = {"last name", "last", "surname"}
_FIRST_HEADS: Final = {"first name", "first", "given name"}
_NAME_HEADS: Final = {"name", "student", "student name", "full name"}
_GRADE_HEADS: Final = {"student grade", "grade", "percent", "final grade", "final", "score"}
_PART_HEADS: Final = {fold(str(part.label)): part.value for part in Part if part != Part.WHOLE}


@dataclass(slots=True)
class SheetLine:
    """One line of a table: where it stands, whom it names, whom it means, what it gives; or what is wrong with it."""

    number: int
    said: str
    row: RosterRow | None = None
    typed: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def lines_of(
    table: Sequence[Sequence[str]], rows: Sequence[RosterRow], standards: Mapping[int, Standard]
) -> list[SheetLine]:
    """What each line of a table means for a class.

    With a head, columns are known by their names. Without one, a line is an ID or a name and then the grade; a table
    of one column gives the grades in the order of the class list, to all students or to those without a grade.
    Raises NoSheet when the table as a whole cannot be read so.
    """
    if not table:
        raise NoSheet("Paste the grades, one student a line.")
    if len(table) > MOST_LINES + 1:
        raise NoSheet(f"The table has {len(table):,} lines. Paste the list of one class.")
    head = _head(table[0])
    if head is not None:
        lines = [_by_head(number, cells, head, rows, standards) for number, cells in enumerate(table[1:], 2)]
    elif max(len(cells) for cells in table) == 1:
        lines = _by_position(table, rows, standards)
    else:
        lines = [_by_key(number, cells, rows, standards) for number, cells in enumerate(table, 1)]
    lines = [line for line in lines if line.said or line.typed or line.problem]
    if not lines:
        raise NoSheet("The table has no line with a student. Paste an ID or a name, then the grade.")
    _refuse_twice(lines)
    return lines


def fills_of(grade: str, rows: Sequence[RosterRow], standards: Mapping[int, Standard]) -> list[SheetLine]:
    """The same grade for every student in class who has none; of terms, for those that are empty."""
    lines = []
    for number, row in enumerate(rows, 1):
        standard = standards.get(row.pk)
        if standard is None or row.status != Registration.Status.IN_PROGRESS:
            continue
        empty = [
            part
            for part in standard.parts
            if part not in GradePart.CRITERIA and (part not in row.parts or not row.parts[part].text)
        ]
        if empty:
            lines.append(SheetLine(number, row.list_name, row, dict.fromkeys(empty, grade)))
    if not lines:
        raise NoSheet("Every student in class has a grade: there is no empty row to fill.")
    return lines


def _head(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is what; None when the first line is no head."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = fold(cell)
        for kind, heads in (
            ("id", _ID_HEADS), ("last", _LAST_HEADS), ("first", _FIRST_HEADS), ("name", _NAME_HEADS),
            (Part.WHOLE.value, _GRADE_HEADS),
        ):  # fmt: skip
            if name in heads:
                found.setdefault(kind, at)
        if name in _PART_HEADS:
            found.setdefault(f"part {_PART_HEADS[name]}", at)
    knows_whom = found.keys() & {"id", "last", "name"}
    knows_what = Part.WHOLE.value in found or any(kind.startswith("part ") for kind in found)
    return found if knows_whom and knows_what else None


def _by_head(
    number: int,
    cells: Sequence[str],
    head: Mapping[str, int],
    rows: Sequence[RosterRow],
    standards: Mapping[int, Standard],
) -> SheetLine:
    def cell(kind: str) -> str:
        at = head.get(kind)
        return cells[at] if at is not None and at < len(cells) else ""

    name = cell("name") or f"{cell('last')} {cell('first')}".strip()
    line = SheetLine(number, cell("id") or name)
    if not line.said:
        return line
    _find(line, [text for text in (cell("id"), name) if text], rows)
    if line.row is None:
        return line
    standard = standards.get(line.row.pk)
    for part in standard.parts if standard is not None else (Part.WHOLE,):
        given = cell(Part.WHOLE.value) if part == Part.WHOLE else cell(f"part {part}")
        if given:
            _give(line, part, given)
    return line


def _by_key(
    number: int, cells: Sequence[str], rows: Sequence[RosterRow], standards: Mapping[int, Standard]
) -> SheetLine:
    """An ID or a name (in one cell or two), then the grade or the parts in their order."""
    filled = list(cells)
    while filled and not filled[-1]:
        filled.pop()
    line = SheetLine(number, filled[0] if filled else "")
    if not filled:
        return line
    for width in (1, 2):
        _find(line, [" ".join(filled[:width])], rows)
        if line.row is not None or "names" in line.problem:
            line.said = " ".join(filled[:width])
            break
    if line.row is None:
        return line
    values = filled[width:]
    standard = standards.get(line.row.pk)
    parts = standard.parts if standard is not None else (Part.WHOLE,)
    if len(values) > len(parts):
        line.problem = "More columns than grades. Keep the ID or the name, then the grade."
    else:
        for part, given in zip(parts, values, strict=False):
            if given:
                _give(line, part, given)
    return line


def _by_position(
    table: Sequence[Sequence[str]], rows: Sequence[RosterRow], standards: Mapping[int, Standard]
) -> list[SheetLine]:
    """A column alone: as many grades as students, or as students without a grade."""
    column = [cells[0] if cells else "" for cells in table]
    if fold(column[0]) in _GRADE_HEADS | _PART_HEADS.keys():
        column = column[1:]
    blank = [row for row in rows if row.status == Registration.Status.IN_PROGRESS]
    whom = rows if len(column) == len(rows) else blank if len(column) == len(blank) else None
    if whom is None:
        raise NoSheet(
            f"The column has {len(column)} grades; the class has {len(rows)} students, {len(blank)} without a grade. "
            "Paste the IDs or the names beside the grades."
        )
    lines = []
    for number, (row, given) in enumerate(zip(whom, column, strict=True), 1):
        line = SheetLine(number, row.list_name, row)
        standard = standards.get(row.pk)
        if given and standard is not None and not standard.is_whole:
            line.problem = (
                "The college asks for more than one grade. Paste the IDs or the names, then each part."
            )
        elif given:
            _give(line, Part.WHOLE, given)
        lines.append(line)
    return lines


def _give(line: SheetLine, part: str, given: str) -> None:
    if is_formula(given):
        line.problem = "The cell holds a formula. Copy the values, not the formulas."
    line.typed[part] = given


def _find(line: SheetLine, keys: Sequence[str], rows: Sequence[RosterRow]) -> None:
    """The student a line names: by ID, else by the whole name, last name first or first name first."""
    line.problem = "Nobody in this class has this ID or name."
    for key in keys:
        if is_formula(key):
            line.problem = "The cell holds a formula. Copy the values, not the formulas."
            return
        sers_id = tidy_sers_id(key)
        if sers_id:
            found = [row for row in rows if row.sers_id == sers_id]
        else:
            name = fold(key)
            found = [
                row for row in rows if name in (fold(row.name), fold(f"{row.last_name} {row.first_name}"))
            ]
        if len(found) > 1:
            line.problem = f"{len(found)} students have the same names. Use the ID."
            return
        if found:
            line.row, line.problem = found[0], ""
            return


def _refuse_twice(lines: Sequence[SheetLine]) -> None:
    """Who stands twice with one grade is taken once; with two grades, not at all."""
    counted = Counter(line.row.pk for line in lines if line.row is not None)
    first: dict[int, SheetLine] = {}
    for line in lines:
        if line.row is None or counted[line.row.pk] == 1:
            continue
        if line.row.pk not in first:
            first[line.row.pk] = line
        elif line.typed == first[line.row.pk].typed:
            line.problem = line.problem or f"Stands on line {first[line.row.pk].number} already."
        else:
            for one in (line, first[line.row.pk]):
                one.problem = f"{line.row.name} stands here twice, with different grades. Keep the right one."
