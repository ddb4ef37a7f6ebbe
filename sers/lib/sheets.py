"""Sheets: CSV that people hand in, and CSV and XLSX that they take away and open in a spreadsheet.

Read: whatever a spreadsheet saves as CSV, by its heads, each row with its line; what is wrong is said row by row.
Written: no cell can become a formula (OWASP ASVS 5.0, 1.2.10).
"""

import csv
import datetime
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any, Final, TextIO

import xlsxwriter

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 50_000
MOST_LETTERS: Final = 500
#: A cell that begins with one of these may be computed by a spreadsheet.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """A column a sheet may have: its head, other heads that mean the same, whether it must be there, what it holds."""

    name: str
    head: str
    also: tuple[str, ...] = ()
    needed: bool = False
    holds: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed, by the names of its columns; `line` counts from 1, the heads among them."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in words that name the field and the remedy; line 0 is the sheet itself."""

    line: int
    message: str


class Unreadable(ValueError):
    """The file cannot be read as a sheet; the words say what to do."""


def text_of(content: bytes) -> str:
    """The text of an uploaded CSV. Raises Unreadable with one of its own sentences for each thing that can be wrong."""
    if not content:
        raise Unreadable("The file is empty. Choose it again")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Hand it in in parts")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("The file is a workbook. Save it as CSV UTF-8 and choose that file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("The file has letters that cannot be read. Save it as CSV UTF-8") from None
    if "\0" in text:
        raise Unreadable("The file is not a text. Save the sheet as CSV UTF-8 and choose that file")
    return text


def fingerprint(content: bytes) -> str:
    """SHA-256 of the bytes, hex."""
    return hashlib.sha256(content).hexdigest()


def read_sheet(
    text: str, columns: Sequence[Column], *, ignore: str = "", most_letters: int = MOST_LETTERS
) -> tuple[list[Row], list[Fault]]:
    """The rows of a CSV by the heads of its first line, in any order and case; faults of the sheet as a whole.

    Empty lines are passed over, and lines whose first cell begins with `ignore` (a notice below the rows).
    """
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    known = {_plain(head): column.name for column in columns for head in (column.head, *column.also)}
    rows: list[Row] = []
    faults: list[Fault] = []
    heads: list[str | None] | None = None
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells) or (ignore and cells[0].startswith(ignore)):
                continue
            if heads is None:
                heads = [known.get(_plain(cell)) for cell in cells]
                faults = _head_faults(heads, columns)
                if faults:
                    return [], faults
                continue
            if len(rows) == MOST_ROWS:
                return rows, [Fault(0, f"The sheet has more than {MOST_ROWS:,} rows. Hand it in in parts")]
            if any(len(cell) > most_letters for cell in cells):
                faults.append(
                    Fault(reader.line_num, f"Shorten the cell of more than {most_letters:,} letters")
                )
                continue
            rows.append(
                Row(
                    reader.line_num,
                    {
                        name: cell.removeprefix("'")
                        for name, cell in zip(heads, cells, strict=False)
                        if name is not None
                    },
                )
            )
    except csv.Error:
        faults.append(Fault(reader.line_num, "A quotation mark is open. Close it or take it out"))
    if heads is None:
        faults = [Fault(0, "The sheet holds no rows. Its first line must name the columns")]
    elif not rows and not faults:
        faults = [Fault(0, "The sheet holds heads and no rows below them")]
    return rows, faults


def text_in(file: IO[bytes]) -> TextIO:
    """A CSV file as text, read as it is asked for: UTF-8, or UTF-16 as spreadsheets save "Unicode text"."""
    begins = file.read(2)
    file.seek(0)
    encoding = "utf-16" if begins in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return io.TextIOWrapper(file, encoding=encoding, newline="")


def stream_sheet(text: TextIO, columns: Sequence[Column]) -> Iterator[Row | Fault]:
    """The rows of a CSV one after the other, and what is wrong with one in its place: never more than one in memory.

    Raises Unreadable with its own sentence when the file, or what is left of it, is no sheet with these columns.
    """
    known = {_plain(head): column.name for column in columns for head in (column.head, *column.also)}
    heads: list[str | None] | None = None
    try:
        first = text.readline()
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if heads is None:
                heads = [known.get(_plain(cell)) for cell in cells]
                for fault in _head_faults(heads, columns):
                    raise Unreadable(fault.message)
                continue
            if any(len(cell) > MOST_LETTERS for cell in cells):
                yield Fault(reader.line_num, f"Shorten the cell of more than {MOST_LETTERS} letters.")
                continue
            named = zip(heads, cells, strict=False)
            yield Row(reader.line_num, {name: cell.removeprefix("'") for name, cell in named if name})
    except UnicodeDecodeError:
        raise Unreadable("The file has letters that cannot be read. Save it as CSV UTF-8") from None
    except csv.Error:
        raise Unreadable("A quotation mark is open. Close it or take it out") from None
    if heads is None:
        raise Unreadable("The sheet holds no rows. Its first line must name the columns")


def _head_faults(heads: Sequence[str | None], columns: Sequence[Column]) -> list[Fault]:
    faults = [
        Fault(0, f"The column “{column.head}” is missing. Add it to the first line")
        for column in columns
        if column.needed and column.name not in heads
    ]
    faults += [
        Fault(0, f"The column “{column.head}” stands twice. Take one out")
        for column in columns
        if heads.count(column.name) > 1
    ]
    return faults


def _plain(head: str) -> str:
    return "".join(sign for sign in head.casefold() if sign.isalnum())


def read_day(typed: str) -> datetime.date | None:
    """A day as sheets write it: 2026-06-15 or 6/15/2026; None for anything else."""
    parts = typed.replace("/", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else (numbers[2], numbers[0], numbers[1])
    if year < 1000:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def safe(cell: object) -> str:
    """A cell no spreadsheet computes: an apostrophe before a sign that would begin a formula; nothing is empty."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file with a line of heads, every cell safe."""
    return as_csv([head, *rows])


def as_csv(lines: Iterable[Sequence[object]], *, notice: str = "") -> bytes:
    """UTF-8 with a mark that spreadsheets know it by; the notice is the last line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([safe(cell) for cell in line])
    if notice:
        writer.writerow([notice])
    return out.getvalue().encode("utf-8-sig")


def read_lines(content: bytes) -> list[list[str]]:
    """The cells of a CSV of our own, as they were before they were made safe."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [[cell.removeprefix("'") for cell in line] for line in lines]


def open_workbook(out: IO[bytes], *, title: str, **how: Any) -> Any:
    """A new workbook whose cells are texts and nothing else. Equal facts give equal bytes: no clock is in the file."""
    texts = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(out, {**texts, **how})
    book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)})
    return book


def as_xlsx(lines: Sequence[Sequence[str]], *, title: str, notice: str = "") -> bytes:
    """The same cells as a workbook: every one a text, heads bold and in sight, the notice on a sheet of its own."""
    out = io.BytesIO()
    book = open_workbook(out, title=title, in_memory=True)
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "text_wrap": True})
    widths = [0] * max((len(line) for line in lines), default=0)
    for number, line in enumerate(lines):
        for at, cell in enumerate(line):
            sheet.write_string(number, at, safe(cell), bold if number == 0 else None)
            widths[at] = min(max(widths[at], len(cell)), 40)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width + 2)
    sheet.freeze_panes(1, 0)
    if notice:
        sheet.set_footer(f"&L{notice[:240]}")
        below = book.add_worksheet("Notice")
        below.set_column(0, 0, 90)
        below.write_string(0, 0, notice, book.add_format({"text_wrap": True}))
    book.close()
    return out.getvalue()
