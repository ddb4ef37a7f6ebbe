"""Grades pasted or uploaded: read, matched, and shown line by line before anything is saved; and the list to take along."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.actions import RosterResult, RowChange, RowResult, try_roster
from grading.forms.entries import show_seen, typist_of
from grading.forms.words import (
    EMPTY,
    FEES_REQ_LABEL,
    STATUS_LABEL,
    counted,
    earns,
    stands,
    typed_text,
    with_percent,
)
from grading.models import GradePart, RosterRow, Shown, class_part, roster_of
from sers.lib.columns import NoSheet, read_file, read_text
from sers.lib.sheets import write_csv
from students.models import Registration
from students.rules import Whose

#: The longest text of a paste box: a class of 400 with long names.
MOST_LETTERS = 100_000


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of the preview: whom it names, what it gives and earns, and what Save Changes will do with it."""

    number: int
    said: str
    name: str
    grade: str
    college_grade: str
    state: str
    label: str
    why: str
    #: What the form sends of it: name and value of each field; empty where nothing is to be saved.
    fields: tuple[tuple[str, str], ...]


class SheetPage:
    """The page Paste or upload grades: three ways in, and a preview of what each line will do."""

    def __init__(self, section: Section, user: User) -> None:
        self.section, self.user = section, user
        self.part = class_part(section.label, section.term)
        self.rows, self.standards = rules.measured(roster_of(section, user))
        self.labels = part_labels(self.standards.values())
        self.typist = typist_of(user, section)
        self.pasted = self.fill = ""
        #: What is wrong, by the field it is about.
        self.wrong: dict[str, str] = {}
        self.lines: list[PreviewLine] = []
        self.left_out = 0

    @property
    def errors(self) -> list[dict[str, str]]:
        return [{"target": target, "message": message} for target, message in self.wrong.items()]

    @property
    def asks_for_parts(self) -> bool:
        return self.labels != [str(GradePart.Part.WHOLE.label)]

    @property
    def columns(self) -> str:
        """`ID or name, First semester, Second semester`: what a line holds."""
        return ", ".join(["ID or name", *self.labels])

    def read(self, data: QueryDict, file: Any) -> None:
        """Read what was handed in, by the button that was pressed, and prepare the preview or the errors."""
        way = data.get("way", "paste")
        self.pasted, self.fill = data.get("pasted", "")[:MOST_LETTERS], data.get("fill", "")[:40]
        target = {"file": "file", "fill": "fill"}.get(way, "pasted")
        try:
            if way == "file":
                lines = self._lines(read_file(file))
            elif way == "fill":
                lines = self._fill()
            elif len(data.get("pasted", "")) > MOST_LETTERS:
                raise NoSheet("The text is longer than the list of any class. Paste the list of one class.")
            else:
                lines = self._lines(read_text(self.pasted))
        except NoSheet as error:
            self.wrong = {target: str(error)}
            return
        self._preview(lines)

    def _lines(self, table: list[list[str]]) -> list[rules.SheetLine]:
        return rules.lines_of(table, self.rows, self.standards)

    def _fill(self) -> list[rules.SheetLine]:
        if not self.fill.strip():
            raise NoSheet("Enter the grade for the empty rows.")
        return rules.fills_of(self.fill, self.rows, self.standards)

    def _preview(self, lines: list[rules.SheetLine]) -> None:
        """Ask what Save Changes would do with each line, and put it in words."""
        changes = {
            line.number: self._change(line, line.row)
            for line in lines
            if line.row is not None and not line.problem and line.typed
        }
        result = try_roster(section=self.section, changes=list(changes.values()), by=self.user)
        self.lines = [self._line(line, changes.get(line.number), result) for line in lines]
        named = {line.row.pk for line in lines if line.row is not None}
        self.left_out = sum(row.pk not in named for row in self.rows)

    def _change(self, line: rules.SheetLine, row: RosterRow) -> RowChange:
        return RowChange(
            row.public_id,
            row.version,
            grade=line.typed.get(GradePart.Part.WHOLE),
            parts={part: given for part, given in line.typed.items() if part != GradePart.Part.WHOLE},
            was=rules.shown_of(row, self.standards.get(row.pk)),
        )

    def _line(self, line: rules.SheetLine, change: RowChange | None, result: RosterResult) -> PreviewLine:
        row = line.row
        name = row.list_name if row is not None else ""
        given = " / ".join(with_percent(text) if text.isdecimal() else text for text in line.typed.values())
        if row is None or change is None or change.was is None:
            nothing = row is not None and not line.problem
            return PreviewLine(
                line.number, line.said, name, given or (EMPTY if nothing else ""), "",
                *(("quiet", "No grade", "") if nothing else ("stop", "Not taken", line.problem)), (),
            )  # fmt: skip
        standard = self.standards.get(row.pk)
        became: RowResult = result.rows[change.registration]
        grade = ""
        if standard is not None and became.outcome != "refused":
            grade = earns(standard, typed_text(change, change.was, standard))
        if became.outcome == "saved":
            before = stands(change.was) if change.was.grade.strip("/") else ""
            state = ("done", "Will be saved", f"Replaces {before}." if before else "")
        elif became.outcome == "unchanged":
            state = ("quiet", "No change", "It stands so already.")
        else:
            state = ("stop", "Not taken", became.message)
        fields = self._fields(change, change.was) if became.outcome == "saved" else ()
        return PreviewLine(line.number, line.said, name, given, grade, *state, fields)

    @staticmethod
    def _fields(change: RowChange, was: Shown) -> tuple[tuple[str, str], ...]:
        """The fields of the roster's own form, so that saving goes the one way there is."""
        key = str(change.registration)
        typed = {**({} if change.grade is None else {"grade": change.grade}), **change.parts}
        return (
            ("row", f"{key} {show_seen(change.version, was)}"),
            *((f"{part}-{key}", text) for part, text in typed.items()),
        )

    @property
    def ready(self) -> int:
        return sum(bool(line.fields) for line in self.lines)

    @property
    def refused(self) -> int:
        return sum(line.state == "stop" for line in self.lines)

    @property
    def caption(self) -> str:
        """`28 lines: 25 will be saved, 1 stays as it is, 2 are not taken`."""
        quiet = len(self.lines) - self.ready - self.refused
        parts = [
            f"{self.ready} will be saved",
            f"{quiet} {'stays as it is' if quiet == 1 else 'stay as they are'}" if quiet else "",
            f"{self.refused} {'is' if self.refused == 1 else 'are'} not taken" if self.refused else "",
        ]
        return f"{counted(len(self.lines), 'line')}: {', '.join(part for part in parts if part)}"

    @property
    def others(self) -> str:
        """Who is not on the list stays as they are."""
        if not self.left_out:
            return ""
        stay = (
            "is not on it and stays as it is" if self.left_out == 1 else "are not on it and stay as they are"
        )
        return f"{counted(self.left_out, 'student')} of the class {stay}."

    @property
    def button(self) -> str:
        return f"Save {counted(self.ready, 'grade')}"


def part_labels(standards: Iterable[rules.Standard]) -> list[str]:
    """The boxes the colleges of a class ask for, in their order."""
    asked = {part for standard in standards for part in standard.parts}
    return [str(part.label) for part in GradePart.Part if part in asked]


def students_of(section: Section, user: User) -> list[Whose]:
    """Whose names stand in the file."""
    return rules.whose(roster_of(section, user))


def class_list(section: Section, user: User) -> bytes:
    """The class as a CSV file that can be filled in and handed in again: ID, name, grades, status."""
    rows, standards = rules.measured(roster_of(section, user))
    asked = {part for standard in standards.values() for part in standard.parts}
    parts = [part for part in GradePart.Part if part in asked] or [GradePart.Part.WHOLE]
    head = [
        "ID", "Last name", "First name", *(str(part.label) for part in parts), "College grade", "Student Class Status",
        "Fees/Req", "College",
    ]  # fmt: skip
    return write_csv(
        head,
        (
            [
                row.sers_id, row.last_name, row.first_name, *(_cell(row, part) for part in parts),
                row.college_grade if row.is_graded else "", STATUS_LABEL[Registration.Status(row.status)],
                FEES_REQ_LABEL[Registration.FeesReq(row.fees_req)], row.college,
            ]
            for row in rows
        ),
    )  # fmt: skip


def _cell(row: RosterRow, part: str) -> str:
    if part == GradePart.Part.WHOLE and part not in row.parts:
        return row.grade
    return row.parts[part].text if part in row.parts else ""


def file_name(section: Section) -> str:
    """`accounting-1-2-period-3.csv`: letters a file system takes."""
    words = f"{section.high_school_course.title} {section.label}".casefold()
    plain = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in words)
    return "-".join(plain.split())[:60] or "class"
