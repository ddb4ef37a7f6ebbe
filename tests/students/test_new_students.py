"""/students/files/: a sheet of students of the former system is handed in, as CSV or as a workbook."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from students.models import StudentFile
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text
from tests.students.sheets import HEADS, as_csv, as_workbook, hand_in, row

WHY = "Of the former system"


def handed_in(client: PolicingClient, content: bytes, name: str = "former.csv", reason: str = WHY) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("students:new_students"), {"file": file, "reason": reason})


@pytest.fixture
def consortium(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.consortium)
    return client


def test_the_page_says_what_stands_where(consortium: PolicingClient, cast: Cast) -> None:
    hand_in(cast.consortium, row())
    words = text(consortium.get(reverse("students:new_students")))
    assert "needed, like TP1-23-456: kept as it is" in words
    assert "Nobody gets mail." in words
    assert "former.csv" in words


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_is_kept_and_looked_at(consortium: PolicingClient, cast: Cast, kind: str) -> None:
    cells = row(birth_date="2009-05-12")
    if kind == "xlsx":
        content = as_workbook([date(2009, 5, 12) if cell == "2009-05-12" else cell for cell in cells])
    else:
        content = as_csv(cells)
    answer = handed_in(consortium, content, f"former.{kind}")
    file = StudentFile.objects.exclude(name="former.csv", rows=[]).get(handed_in_by=cast.consortium)
    assert answer["Location"] == reverse("students:student_file", args=[file.public_id])
    assert file.rows == [["2", *cells]]
    assert file.reason == WHY


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "former.csv", "The file is empty"),
        (b"x", "former.pdf", "Choose a file that ends in .csv or .xlsx"),
        (b"PK\x03\x04x", "former.xlsx", "The workbook cannot be read"),
        (as_csv(["x"], heads=["ID"]), "former.csv", "The column “first name” is missing"),
        (as_csv(heads=HEADS), "former.csv", "holds heads and no rows"),
        (b"a" * (5 * 1024 * 1024 + 1), "former.csv", "The file is larger than 5 MB"),
    ],
)
def test_what_is_no_sheet_is_refused_with_words(
    consortium: PolicingClient, content: bytes, name: str, words: str
) -> None:
    page = handed_in(consortium, content, name)
    assert page.status_code == 422
    assert words in text(page)


def test_a_reason_is_asked(consortium: PolicingClient) -> None:
    page = handed_in(consortium, as_csv(row()), reason="")
    assert page.status_code == 422
    assert "Enter the reason" in text(page)


def test_only_consortium_and_state(client: PolicingClient, cast: Cast) -> None:
    url = reverse("students:new_students")
    assert client.get(url).status_code == 302
    for who in (cast.teacher, cast.counselor, cast.district, cast.registrar):
        client.force_login(who)
        assert client.get(url).status_code == 403
    client.force_login(cast.state)
    assert client.get(url).status_code == 200
