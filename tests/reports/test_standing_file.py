"""A report of the work as a sheet: the same numbers, and that one of students was taken is written down."""

import csv
import io

import pytest
from django.urls import reverse

from accounts.models import Event
from sers.lib.workbooks import sheet_text
from tests.owing import make_fee
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("reports:standing_file")


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("what", ["agreements", "assurances", "fees", "rosters", "graded", "posting"])
def test_the_sheet_says_what_the_page_says(client: PolicingClient, cast: Cast, what: str) -> None:
    make_fee(cast.registration, 20)
    client.force_login(cast.consortium)
    query = f"what={what}"
    page = text(client.get(f"{reverse('reports:standing')}?{query}"))
    response = client.post(f"{URL}?{query}", {"as": "csv"})
    lines = lines_of(response.content)
    assert response["Content-Disposition"].startswith(f'attachment; filename="sers-{what}-')
    heads, rows, total = lines[0], lines[1:-2], lines[-2]
    assert heads[0] == "School year"
    assert total[1] == "All"
    for row in (*rows, total) if rows else ():
        assert " ".join(filter(None, row[1:2])) in page
    for number in filter(None, total[2:-1]):
        assert number in page
    assert lines[-1][0].startswith("Notice: ")
    book = sheet_text(client.post(f"{URL}?{query}", {"as": "xlsx"}).content)
    assert list(csv.reader(io.StringIO(book, newline=""))) == lines[:-1]
    taken = Event.objects.filter(kind="reports.standing_taken", actor=cast.consortium)
    assert taken.count() == (0 if what in ("agreements", "assurances", "graded") else 2)
    assert {event.data["report"] for event in taken} <= {what}


@pytest.mark.parametrize("what", ["agreements", "assurances", "fees", "rosters", "graded", "posting"])
def test_the_years_beside_each_other_are_a_sheet_too(client: PolicingClient, cast: Cast, what: str) -> None:
    make_fee(cast.registration, 20)
    client.force_login(cast.consortium)
    query = f"what={what}"
    page = text(client.get(f"{reverse('reports:standing')}?{query}"))
    response = client.post(f"{URL}?{query}", {"as": "csv", "table": "years"})
    assert response["Content-Disposition"].startswith(f'attachment; filename="sers-{what}-years-to-20')
    heads, *rows, notice = lines_of(response.content)
    assert (heads[0], heads[-1], len(rows)) == ("School year", "As of", 4)
    for row in rows:
        assert " ".join(filter(None, row[:2])) in page
    assert notice[0].startswith("Notice: ")
    book = sheet_text(client.post(f"{URL}?{query}", {"as": "xlsx", "table": "years"}).content)
    assert list(csv.reader(io.StringIO(book, newline=""))) == [heads, *rows]


def test_it_is_asked_for_not_linked_to(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 405
