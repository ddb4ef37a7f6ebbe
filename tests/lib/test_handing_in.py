"""A file that is handed in is read where it is chosen, or refused in words at its field."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sers.lib.handing_in import CheckFileForm, SheetField
from sers.lib.sheets import Column
from sers.lib.uploads import MEGABYTE
from tests.students.sheets import as_workbook

COLUMNS = (Column("name", "Name", needed=True), Column("note", "Note"))


class ListForm(CheckFileForm):
    """A list of at most two, as CSV."""

    file = SheetField(columns=COLUMNS, most_rows=2, most_bytes=MEGABYTE, most_letters=10)


class BookForm(CheckFileForm):
    """Whatever a workbook or a CSV holds."""

    file = SheetField(most_bytes=MEGABYTE, workbooks=True)


def handed_in(form: type[CheckFileForm], content: bytes | str, name: str = "list.csv") -> CheckFileForm:
    data = content.encode() if isinstance(content, str) else content
    return form({}, {"file": SimpleUploadedFile(name, data)})


def test_a_sheet_is_its_name_its_text_and_its_rows() -> None:
    form = handed_in(ListForm, "name,Other\nAna,x\n", "List.TXT")
    assert form.is_valid()
    sheet = form.cleaned_data["file"]
    assert (sheet.name, sheet.text) == ("List.TXT", "name,Other\nAna,x\n")
    assert [(row.line, row["name"], row["note"]) for row in sheet.rows] == [(2, "Ana", "")]


def test_without_columns_it_is_its_text_alone() -> None:
    form = handed_in(BookForm, as_workbook(["1", "2"], heads=["a", "b"]), "list.xlsx")
    assert form.is_valid()
    assert (form.cleaned_data["file"].text, form.cleaned_data["file"].rows) == ("a,b\r\n1,2\r\n", ())


@pytest.mark.parametrize(
    ("form", "content", "name", "words"),
    [
        (ListForm, "", "list.csv", ["The file is empty. Choose it again"]),
        (
            ListForm, "name\nAna\n", "list.xlsx",
            ["Choose a file that ends in .csv. In the spreadsheet choose Save as, then CSV UTF-8"],
        ),
        (BookForm, "name\nAna\n", "list.ods", ["Choose a file that ends in .csv or .xlsx"]),
        (ListForm, as_workbook(["x"], heads=["name"]), "list.csv",
         ["The file is a workbook. Save it as CSV UTF-8 and choose that file"]),
        (ListForm, "x" * (MEGABYTE + 1), "list.csv", ["The file is larger than 1 MB. Hand it in in parts"]),
        (ListForm, "note\nx\n", "list.csv", ["The column “Name” is missing. Add it to the first line"]),
        (ListForm, "name\nA\nB\nC\n", "list.csv", ["The file has 3 rows. Hand in at most 2 at once"]),
        (ListForm, f"name\n{'x' * 11}\n", "list.csv", ["Row 2: Shorten the cell of more than 10 letters"]),
        (ListForm, "name\n" + f"{'x' * 11}\n" * 12, "list.csv",
         [f"Row {line}: Shorten the cell of more than 10 letters" for line in range(2, 12)]),
    ],
    ids=["empty", "ending", "other ending", "workbook", "large", "head", "many rows", "long cell", "many faults"],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_row_and_remedy(
    form: type[CheckFileForm], content: bytes | str, name: str, words: list[str]
) -> None:
    assert handed_in(form, content, name).errors == {"file": words}


@pytest.mark.parametrize("files", [{}, {"file": None}, {"file": "text"}])
def test_who_chose_none_is_told(files: dict[str, Any]) -> None:
    assert ListForm({}, files).errors == {"file": ["Choose a file"]}


def test_the_browser_offers_the_files_that_are_taken() -> None:
    fields = (ListForm().fields["file"], BookForm().fields["file"])
    assert [field.label for field in fields] == ["CSV file", "CSV or XLSX file"]
    assert [field.widget.attrs["accept"] for field in fields] == [".csv,text/csv", ".csv,.xlsx,text/csv"]
