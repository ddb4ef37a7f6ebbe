"""Bank files are handed in; money that names nobody waits here."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from students.models import Statement, StatementLine
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, text

URL = reverse("students:statements")
SHEET = "Posting Date,Amount,Description\n11/02/2026,$50.00,Dual credit\n"


def hand_in(cast: Cast, client: PolicingClient, content: str | bytes, name: str = "bank.csv") -> Any:
    content = content.encode() if isinstance(content, str) else content
    data = {"consortium": str(cast.columbia_basin.public_id), "file": SimpleUploadedFile(name, content)}
    return client.post(URL, data)


@pytest.fixture
def staff(cast: Cast, client: PolicingClient) -> PolicingClient:
    client.force_login(cast.consortium)
    return client


def test_a_file_is_kept_to_be_looked_at_and_enters_nothing(cast: Cast, staff: PolicingClient) -> None:
    response = hand_in(cast, staff, SHEET)
    file = Statement.objects.get(state="preview")
    assert response.headers["Location"] == reverse("students:statement", args=[file.public_id])
    assert file.columns == {"paid_on": "Posting Date", "amount": "Amount", "words": ["Description"]}
    assert not StatementLine.objects.filter(statement=file).exists()
    assert "to be checked" in text(staff.get(URL))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "bank.csv", "The file is empty"),
        ("Date,Amount\n", "bank.csv", "The file holds no lines below its heads"),
        ("Date,Date\n1,2\n", "bank.csv", "Each column needs a head of its own in the first line"),
        ("a,b\n1,2\n", "bank.pdf", "Choose a file that ends in .csv or .xlsx"),
        (b"PK\x03\x04nonsense", "bank.xlsx", ""),
        ("Date,Amount\n" + "1,2\n" * 5001, "bank.csv", "Hand in at most 5,000 at once"),
        (f"Date,Amount\n{'x' * 501},2\n", "bank.csv", "cells of more than 500 letters"),
    ],
)
def test_what_is_no_sheet_is_refused(
    cast: Cast, staff: PolicingClient, content: str | bytes, name: str, said: str
) -> None:
    response = hand_in(cast, staff, content, name)
    assert response.status_code == 422
    assert any(said in one for one in errors(response))
    assert not Statement.objects.filter(state="preview").exists()


def test_a_consortium_that_is_not_one_s_own_is_no_choice(cast: Cast, staff: PolicingClient) -> None:
    data = {
        "consortium": str(cast.walla_walla.public_id),
        "file": SimpleUploadedFile("b.csv", SHEET.encode()),
    }
    assert staff.post(URL, data).status_code == 422


def test_one_row_and_three_cost_the_same(
    cast: Cast, staff: PolicingClient, django_assert_num_queries: Any
) -> None:
    def waits(number: int) -> None:
        StatementLine.objects.create(
            statement=cast.statement, consortium=cast.columbia_basin, number=number, fingerprint=f"{number}",
            paid_on=cast.statement_line.paid_on, amount=5, words="Somebody", state="unmatched",
        )  # fmt: skip

    waits(10)
    staff.get(URL)
    with django_assert_num_queries(8):
        assert "1 line unmatched" in text(staff.get(URL))
    waits(11)
    waits(12)
    with django_assert_num_queries(8):
        staff.get(URL)
