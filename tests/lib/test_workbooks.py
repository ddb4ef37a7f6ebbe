"""Workbooks are read by their first sheet, values only; what is no workbook, or more than one, is refused with words."""

import csv
import datetime
import io
import zipfile

import pytest

from sers.lib.sheets import Unreadable
from sers.lib.workbooks import DAMAGED, sheet_text
from tests.students.sheets import as_workbook


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet_text(content), newline="")))


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same workbook with other parts: `sheet1=b"..."`; None of them is checked."""
    names = {
        "sheet1": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "book": "xl/workbook.xml",
    }
    new = {names[name]: part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in old.namelist():
            pack.writestr(name, new.get(name, old.read(name)))
    return out.getvalue()


def test_values_as_people_see_them() -> None:
    born = datetime.date(2009, 5, 12)
    book = as_workbook(["Zoë, Ångström", born, 11, 85.5, True, ""], [], ["=1", None, 2028], heads=("a", "b"))
    assert read(book) == [
        ["a", "b"],
        ["Zoë, Ångström", "2009-05-12", "11", "85.5", "1"],
        [],
        ["0", "", "2028"],  # a formula is its last value, never computed
    ]


def test_cells_left_out_keep_their_column_and_rows_their_line() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="2"><c r="C2" t="inlineStr"><is><t>x</t><rPh><t>spoken</t></rPh></is></c></row>'
        b"</sheetData></worksheet>"
    )
    assert read(repacked(as_workbook(), sheet1=sheet)) == [[], ["", "", "x"]]


def test_a_csv_is_read_as_before() -> None:
    assert sheet_text("a,b\n1,ü".encode()) == "a,b\n1,ü"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        repacked(as_workbook(["x"]), sheet1=b"<worksheet"),
        repacked(as_workbook(["x"]), book=b"<workbook/>"),
        repacked(
            as_workbook(["x"]),
            sheet1=b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 999 + b'"><!ENTITY b "&a;&a;&a;">]><x>&b;</x',
        ),
    ],
    ids=["cut off", "no XML", "no sheet", "entities"],
)
def test_what_is_no_workbook_is_refused_with_words(content: bytes) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        sheet_text(content)
    assert DAMAGED.endswith("CSV UTF-8")


def test_what_would_unpack_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sers.lib.workbooks.MOST_UNPACKED", 1000)
    with pytest.raises(Unreadable, match="too large"):
        sheet_text(repacked(as_workbook(["x"]), strings=b" " * 2000))
