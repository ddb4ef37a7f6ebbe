"""Workbooks (XLSX) that people hand in, read as the text of a CSV: the first sheet, values only, nothing computed.

A workbook is a ZIP of XML. Neither is trusted: what it says to unpack is bounded, and its XML may name nothing outside.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from sers.lib.sheets import MOST_ROWS, Unreadable, text_of

_ZIP: Final = b"PK\x03\x04"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
#: Of one part of the workbook, unpacked.
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_COLUMNS: Final = 200
#: Numbers of formats that Excel keeps for dates, and what a date of one's own has.
_DATES: Final = frozenset([*range(14, 23), 45, 46, 47])
_DATE_LETTERS: Final = re.compile(r"[dmy]", re.IGNORECASE)
#: Excel counts days from here (1900 had no February 29, Excel thinks it had).
_DAY_ZERO: Final = datetime.date(1899, 12, 30)
DAMAGED: Final = "The workbook cannot be read. Save it again as XLSX, or as CSV UTF-8"


def sheet_text(content: bytes) -> str:
    """The text of an uploaded CSV, or of the first sheet of an XLSX workbook. Raises Unreadable."""
    if not content.startswith(_ZIP):
        return text_of(content)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for number, cells in enumerate(_rows(book)):
                if number > MOST_ROWS:
                    break
                writer.writerow(cells)
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unreadable(DAMAGED) from None
    return out.getvalue()


def _part(book: zipfile.ZipFile, name: str) -> io.BytesIO:
    with book.open(name) as part:
        content = part.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise Unreadable("The workbook is too large. Hand it in in parts")
    return io.BytesIO(content)


def _elements(book: zipfile.ZipFile, name: str, tag: str) -> Iterator[Any]:
    """These elements one after the other; each is forgotten before the next is read."""
    reading = etree.iterparse(
        _part(book, name), tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _, element in reading:
        yield element
        element.clear()


def _first_sheet(book: zipfile.ZipFile) -> str:
    sheet = next(_elements(book, "xl/workbook.xml", f"{_MAIN}sheet"))
    key = sheet.get(f"{_OFFICE}id")
    for link in _elements(book, "xl/_rels/workbook.xml.rels", f"{_PACKAGE}Relationship"):
        if link.get("Id") == key:
            target = str(link.get("Target"))
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(key)


def _texts(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    return [_text_in(one) for one in _elements(book, "xl/sharedStrings.xml", f"{_MAIN}si")]


def _text_in(element: Any) -> str:
    """What stands in it; how a word is pronounced does not."""
    return "".join(
        one.text or ""
        for one in element.iter(f"{_MAIN}t")
        if one.getparent() is None or one.getparent().tag != f"{_MAIN}rPh"
    )


def _date_styles(book: zipfile.ZipFile) -> set[int]:
    """The styles under which a number is a day."""
    if "xl/styles.xml" not in book.namelist():
        return set()
    root = etree.parse(
        _part(book, "xl/styles.xml"), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    ).getroot()
    own = {
        int(one.get("numFmtId"))
        for one in root.iter(f"{_MAIN}numFmt")
        if _DATE_LETTERS.search(re.sub(r'"[^"]*"|\[[^]]*]|\\.', "", one.get("formatCode") or ""))
    }
    formats = root.find(f"{_MAIN}cellXfs")
    listed = [] if formats is None else formats.findall(f"{_MAIN}xf")
    return {number for number, one in enumerate(listed) if int(one.get("numFmtId") or 0) in _DATES | own}


def _rows(book: zipfile.ZipFile) -> Iterator[list[str]]:
    texts, dates = _texts(book), _date_styles(book)
    last = 0
    for row in _elements(book, _first_sheet(book), f"{_MAIN}row"):
        number = int(row.get("r") or last + 1)
        for _ in range(last + 1, min(number, last + 1000)):
            yield []  # a row without cells is not written: lines are counted as the person sees them
        last = number
        cells: list[str] = []
        for cell in row.iterchildren(f"{_MAIN}c"):
            at = _column(cell.get("r") or "") if cell.get("r") else len(cells)
            if at >= MOST_COLUMNS:
                break
            cells += [""] * (at - len(cells))
            cells.append(_value(cell, texts, dates))
        yield cells


def _column(reference: str) -> int:
    """`C7` is the third column: 2."""
    at = 0
    for letter in reference:
        if not letter.isalpha():
            break
        at = at * 26 + ord(letter.upper()) - 64
    return at - 1


def _value(cell: Any, texts: list[str], dates: set[int]) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _text_in(cell)
    held = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return texts[int(held)] if held and int(held) < len(texts) else ""
    if kind == "n" and held:
        number = float(held)
        if int(cell.get("s") or 0) in dates and 1 <= number < 2_958_466:
            return (_DAY_ZERO + datetime.timedelta(days=int(number))).isoformat()
        return str(int(number)) if number.is_integer() else held
    return held
