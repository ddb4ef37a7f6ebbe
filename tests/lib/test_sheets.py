"""Sheets: read whatever a spreadsheet saves, told row by row; written so that no cell is ever computed."""

import datetime
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sers.lib.sheets import (
    FORMULA,
    MOST_BYTES,
    Column,
    Unreadable,
    as_csv,
    as_xlsx,
    read_day,
    read_lines,
    read_sheet,
    safe,
    text_of,
)

COLUMNS = (Column("sid", "SID", ("College ID",), True), Column("name", "Last name"))


def cells(text: str) -> list[dict[str, str]]:
    rows, faults = read_sheet(text, COLUMNS)
    assert faults == []
    return [dict(row.cells) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "SID,Last name\n1,Vega\n",
        "SID;Last name\r\n1;Vega\r\n",
        "SID\tLast name\n1\tVega",
        "last NAME , college-id\nVega, 1\n",
        "\n\nSID,Last name\n\n1,Vega\n,,\n",
        "SID,Last name,Something else\n1,Vega,x\n",
        "SID,Last name\n'1,Vega\n",
    ],
)
def test_what_spreadsheets_save_is_read(text: str) -> None:
    assert cells(text) == [{"sid": "1", "name": "Vega"}]


def test_rows_know_their_line() -> None:
    rows, _ = read_sheet('SID,Last name\n1,"De la\nCruz"\n\n2,Vega\n', COLUMNS)
    assert [(row.line, row["sid"], row["missing"]) for row in rows] == [(3, "1", ""), (5, "2", "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no rows"),
        ("Last name\nVega\n", "column “SID” is missing"),
        ("SID,College ID\n1,2\n", "column “SID” stands twice"),
        ("SID,Last name\n", "no rows below"),
        ('SID,Last name\n1,"Vega\n', "quotation mark is open"),
        ("SID,Last name\n1," + "x" * 501 + "\n", "Shorten the cell"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said(text: str, words: str) -> None:
    _, faults = read_sheet(text, COLUMNS)
    assert words in faults[0].message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"PK\x03\x04...", "workbook"),
        (b"SID\n\xff\xfe\xfd", "cannot be read"),
        (b"SID\n\0", "not a text"),
    ],
)
def test_files_that_are_no_sheets(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        text_of(content)


def test_marks_of_unicode_are_no_part_of_the_text() -> None:
    assert text_of("SID\n1".encode("utf-8-sig")) == "SID\n1"
    assert text_of("SID\n1".encode("utf-16")) == "SID\n1"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2009-05-01", datetime.date(2009, 5, 1)), ("5/1/2009", datetime.date(2009, 5, 1)),
        ("05/01/2009", datetime.date(2009, 5, 1)), ("2009-02-29", None), ("13/1/2009", None), ("5/1/09", None),
        ("", None), ("May 1", None), ("2009-05-01T00:00", None), ("٢٠٠٩-05-01", None), ("0-0-0", None),
    ],
)  # fmt: skip
def test_days(typed: str, day: datetime.date | None) -> None:
    assert read_day(typed) == day


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), min_size=1, max_size=5))
def test_no_cell_begins_a_formula(lines: list[list[str]]) -> None:
    for line in lines:
        for cell in line:
            assert not safe(cell).startswith(FORMULA)


def test_csv_comes_back_as_it_was() -> None:
    lines = [["ID", "Grade"], ["201234567", "-A"], ["=1+1", "Ünïcode, with comma"]]
    content = as_csv(lines, notice="Notice: keep it")
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"'=1+1" in content
    assert read_lines(content) == [*lines, ["Notice: keep it"]]


def test_a_workbook_holds_texts_and_no_formula() -> None:
    content = as_xlsx(
        [["ID"], ["=HYPERLINK(1)"], ["012345"]], title="other-credits", notice="Notice: keep it"
    )
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
        strings = book.read("xl/sharedStrings.xml").decode()
    assert not any("<f>" in one for one in sheets)
    assert "'=HYPERLINK(1)" in strings
    assert "012345" in strings  # the zero in front stays
    assert "Notice: keep it" in strings
    assert content == as_xlsx(
        [["ID"], ["=HYPERLINK(1)"], ["012345"]], title="other-credits", notice="Notice: keep it"
    )
