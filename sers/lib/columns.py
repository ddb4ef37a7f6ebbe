"""Columns people bring from a spreadsheet, pasted or as a CSV file, with heads or without: read as text and nothing else."""

import csv
import io
from typing import Any, Final

from sers.lib.sheets import FORMULA

MOST_BYTES: Final = 512 * 1024
ENDINGS: Final = (".csv", ".txt", ".tsv")
#: How other kinds of file begin, whatever they are called.
_OTHERS: Final = {
    b"PK\x03\x04": "an Excel workbook or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document with formats",
}


class NoSheet(ValueError):
    """A file or text that is no table of ours; its words say what to do."""


def read_file(upload: Any) -> list[list[str]]:
    """The rows of a CSV file that was handed in: UTF-8, or UTF-16 as spreadsheets save "Unicode text".

    Raises NoSheet when there is no file, when it is too big, empty, of another kind or under another name, or when
    its letters cannot be read.
    """
    if upload is None:
        raise NoSheet("Choose a CSV file.")
    name = str(upload.name or "").lower()
    if not name.endswith(ENDINGS):
        raise NoSheet("Choose a file whose name ends in .csv. In Excel: Save As, CSV UTF-8.")
    if upload.size > MOST_BYTES:
        raise NoSheet(f"The file is larger than {MOST_BYTES // 1024} KB. Choose the list of one class.")
    content: bytes = upload.read(MOST_BYTES + 1)
    if not content.strip():
        raise NoSheet("The file is empty. Choose another one.")
    for begins, kind in _OTHERS.items():
        if content.startswith(begins):
            raise NoSheet(f"The file is {kind} under the name of a CSV file. In Excel: Save As, CSV UTF-8.")
    return read_text(_decoded(content))


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise NoSheet("The letters of the file cannot be read. In Excel: Save As, CSV UTF-8.") from None
    if "\x00" in text:
        raise NoSheet("The file is not a table of text. In Excel: Save As, CSV UTF-8.")
    return text


def read_text(text: str) -> list[list[str]]:
    """The rows of a pasted or decoded table: cells parted by tabs, else semicolons or commas, whichever it has.

    Empty rows inside are kept, since a column may be pasted by position; those at the end are not.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not lines.strip():
        return []
    first = lines.lstrip("\n").partition("\n")[0]
    mark = "\t" if "\t" in lines else ";" if first.count(";") > first.count(",") else ","
    try:
        rows = [
            [plain(cell) for cell in row]
            for row in csv.reader(io.StringIO(lines), delimiter=mark, strict=True)
        ]
    except csv.Error:
        raise NoSheet(
            "The table has a quotation mark that is not closed. Save it as CSV once more."
        ) from None
    if mark == ",":
        rows = [_decimal_comma(row) for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _decimal_comma(row: list[str]) -> list[str]:
    """`95,5` alone on its line is one percent, not two cells."""
    if len(row) == 2 and all(part.isdecimal() for part in row) and len(row[0]) <= 3 >= len(row[1]):
        return [",".join(row)]
    return row


def plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def is_formula(cell: str) -> bool:
    """Would a spreadsheet run it? A lone dash is no formula, and neither is a negative number."""
    text = cell.strip()
    return text.startswith(FORMULA) and any(sign.isalpha() or sign in "(!|" for sign in text[1:])
