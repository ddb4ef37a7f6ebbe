"""The list of a class as CSV: every column, safe to open, and readable again."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from organizations.models import CollegeYear
from students.models import Student
from tests.people import Cast
from tests.policing import PolicingClient


def address(section: Any) -> str:
    return reverse("grading:sheet", args=[section.public_id])


def table(client: PolicingClient, cast: Cast) -> list[list[str]]:
    response = client.get(address(cast.section))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def test_the_whole_class(teacher: PolicingClient, cast: Cast) -> None:
    head, *rows = table(teacher, cast)
    assert head == [
        "ID", "Last name", "First name", "Student Grade", "College grade", "Student Class Status", "Fees/Req", "College",
    ]  # fmt: skip
    assert [row[1:] for row in rows] == [
        ["Ángel-Lindqvist", "Bo", "84", "", "Not Attained", "Not required", cast.cbc.name],
        ["Hernández de la Cruz", "Maximiliano", "97", "3.9 A", "Completed", "Processed", cast.cbc.name],
        ["O'Farrell", "Gwen", "", "", "Withdrawn", "Not required", cast.cbc.name],
        ["Petrenko", "Oksana", "91", "3.5 A-", "Completed", "Pending", cast.cbc.name],
        ["Vega", "Marisol", "", "", "In Progress", "Not required", cast.cbc.name],
    ]
    assert rows[-1][0] == cast.student.sers_id


def test_a_column_for_each_part(teacher: PolicingClient, cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True, needs_checklist=True)
    head, *_ = table(teacher, cast)
    assert head[3:6] == ["First semester", "Second semester", "Competency checklist"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"])
def test_no_cell_begins_a_formula(teacher: PolicingClient, cast: Cast, name: str) -> None:
    Student.objects.filter(pk=cast.student.pk).update(last_name=name)
    (row,) = [row for row in table(teacher, cast)[1:] if row[0] == cast.student.sers_id]
    assert row[1] == f"'{name}"


def test_its_name_is_plain(teacher: PolicingClient, cast: Cast) -> None:
    response = teacher.get(address(cast.section))
    assert response.headers["Content-Disposition"] == 'attachment; filename="accounting-1-period-2.csv"'
    assert "no-store" in response.headers["Cache-Control"]


def test_who_may_have_it(client: PolicingClient, cast: Cast) -> None:
    for person, status in {"colleague": 404, "other_teacher": 404, "counselor": 403, "state": 403}.items():
        client.force_login(getattr(cast, person))
        assert client.get(address(cast.section)).status_code == status, person
