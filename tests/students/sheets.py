"""Sheets of students of the former system."""

import io
from collections.abc import Sequence

import xlsxwriter

from accounts.models import Job, User
from students import actions
from students.models import StudentFile
from students.tasks import save_student_file

HEADS = (
    "ID", "first name", "middle name", "last name", "former names", "birth date", "e-mail", "high school",
    "district", "grade level", "graduation year",
)  # fmt: skip
GOOD = (
    "TP1-23-456", "Nadia", "", "Novak", "", "5/12/2009", "nadia@example.net", "kamiakin high school", "", "11", "2028",
)  # fmt: skip


def row(**cells: str) -> list[str]:
    """A good row with other cells: `row(ID="TP9")`; spaces are written as `_`, hyphens as `__`."""
    changed = dict(zip(HEADS, GOOD, strict=True))
    for name, cell in cells.items():
        changed[name.replace("__", "-").replace("_", " ")] = cell
    return list(changed.values())


def hand_in(by: User, *rows: Sequence[str]) -> StudentFile:
    """A file as the form would keep it, its rows counted from the second line on."""
    kept = [[str(line), *cells] for line, cells in enumerate(rows, 2)]
    return actions.hand_in_students(name="former.csv", rows=kept, reason="Of the former system", by=by)


def save(file: StudentFile) -> StudentFile:
    """Saved by its person, and by the worker."""
    actions.save_students(file=file, by=file.handed_in_by)
    work(file)
    return file


def work(file: StudentFile) -> None:
    save_student_file(Job.objects.get(task=actions.SAVE_STUDENTS_TASK, subject_id=file.pk).pk)
    file.refresh_from_db()


def as_csv(*rows: Sequence[str], heads: Sequence[str] = HEADS) -> bytes:
    return "\n".join(",".join(cells) for cells in (heads, *rows)).encode("utf-8-sig")


def as_workbook(*rows: Sequence[object], heads: Sequence[str] = HEADS) -> bytes:
    """As Excel saves it: a day is a number with the format of a day."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "m/d/yyyy"})
    sheet = book.add_worksheet("Students")
    for number, cells in enumerate((heads, *rows)):
        for at, cell in enumerate(cells):
            sheet.write(number, at, cell)
    book.add_worksheet("Notes").write(0, 0, "not read")
    book.close()
    return out.getvalue()
