"""A college's catalog is handed in as a CSV file; what cannot be read is told at once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articulations.models import CourseFile
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:new_courses")
HEAD = "Course number,Title,Credits\n"


def send(
    client: PolicingClient, cast: Cast, content: str | bytes, name: str = "catalog.csv", **more: str
) -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(
        PAGE, {"college": str(cast.cbc.public_id), "file": SimpleUploadedFile(name, data), **more}
    )


def test_its_rows_are_kept_to_be_looked_at(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    html = client.get(PAGE).content.decode()
    assert "Download the template of Columbia Basin College" in html
    assert "needed: by it a course is known again" in html
    answer = send(client, cast, f"{HEAD}MKT 101,Marketing,5\n")
    file = CourseFile.objects.latest("id")
    assert answer.headers["Location"] == reverse("articulations:course_file", args=[file.public_id])
    assert (file.college, file.handed_in_by, file.state) == (cast.cbc, cast.registrar, "preview")
    assert file.rows == [{"line": 2, "code": "MKT 101", "title": "Marketing", "credits": "5"}]


def test_long_cells_of_several_lines_are_read(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    send(client, cast, f'number;outcomes\nMKT 101;"1. {"x" * 290}\n2. {"y" * 290}"\n')
    (row,) = CourseFile.objects.latest("id").rows
    assert row["outcomes"].count("\n") == 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "catalog.csv", "The file is empty"),
        (HEAD, "catalog.csv", "heads and no rows"),
        ("Title,Credits\nMarketing,5\n", "catalog.csv", "The column “Course number” is missing"),
        (b"PK\x03\x04 workbook", "catalog.csv", "The file is a workbook"),
        (b"Course number\n\xff\xff\n", "catalog.csv", "letters that cannot be read"),
        (f"{HEAD}MKT 101,Marketing,5\n", "catalog.xlsx", "Choose a file that ends in .csv"),
        (f"{HEAD}MKT 101,{'x' * 4001},5\n", "catalog.csv", "Shorten the cell of more than 4,000 letters"),
        (f'{HEAD}MKT 101,"Marketing,5\n', "catalog.csv", "A quotation mark is open"),
        (HEAD + "".join(f"M {one},T,5\n" for one in range(2501)), "catalog.csv", "Hand in at most 2,500 at once"),
    ],
    ids=["empty", "heads", "no number", "workbook", "letters", "ending", "long", "quote", "many"],
)  # fmt: skip
def test_what_cannot_be_read_is_told(
    client: PolicingClient, cast: Cast, content: str | bytes, name: str, words: str
) -> None:
    client.force_login(cast.registrar)
    before = CourseFile.objects.count()
    answer = send(client, cast, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CourseFile.objects.count() == before


def test_of_ones_own_college_alone(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_registrar)
    assert send(client, cast, f"{HEAD}MKT 101,Marketing,5\n").status_code == 422
    for user in (cast.teacher, cast.district, cast.state):
        client.force_login(user)
        assert send(client, cast, f"{HEAD}MKT 101,Marketing,5\n").status_code == 403
