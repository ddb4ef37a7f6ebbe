"""/articulations/classes/from-file/: the codes of a district's classes, handed in as CSV or XLSX."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articulations.models import ClassFile
from sers.lib.sheets import as_xlsx
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:new_classes")
HEAD = "High school,Class,Course ID\n"


def send(client: PolicingClient, cast: Cast, content: str | bytes, name: str = "codes.csv") -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(
        PAGE, {"district": str(cast.kennewick.public_id), "file": SimpleUploadedFile(name, data)}
    )


def test_its_rows_are_kept_to_be_looked_at(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    html = client.get(PAGE).content.decode()
    assert "Download the template" in html
    assert "as CEDARS lists the course" in html
    answer = send(client, cast, f"{HEAD}Kamiakin High School,Accounting 1,BUS201\n")
    file = ClassFile.objects.latest("id")
    assert answer.headers["Location"] == reverse("articulations:class_file", args=[file.public_id])
    assert (file.district, file.handed_in_by, file.state) == (cast.kennewick, cast.district, "preview")
    assert file.rows == [
        {"line": 2, "school": "Kamiakin High School", "title": "Accounting 1", "local_code": "BUS201"}
    ]


def test_a_workbook_is_read_and_keeps_its_noughts(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    book = as_xlsx([["Class", "State course code"], ["Accounting 1", "01104"]], title="Classes")
    assert send(client, cast, book, "codes.xlsx").status_code == 302
    assert ClassFile.objects.latest("id").rows == [
        {"line": 2, "title": "Accounting 1", "state_code": "01104"}
    ]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "codes.csv", "The file is empty"),
        (HEAD, "codes.csv", "heads and no rows"),
        ("High school,Course ID\nKamiakin,BUS\n", "codes.csv", "The column “Class” is missing"),
        (f"{HEAD},Accounting 1,1\n", "codes.pdf", "Choose a file that ends in .csv or .xlsx"),
        (HEAD + ",A,1\n" * 2501, "codes.csv", "Hand in at most 2,500 at once"),
    ],
)
def test_what_cannot_be_read_is_told(
    client: PolicingClient, cast: Cast, content: str, name: str, words: str
) -> None:
    client.force_login(cast.district)
    before = ClassFile.objects.count()
    answer = send(client, cast, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ClassFile.objects.count() == before


def test_the_state_chooses_the_district(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    html = client.get(PAGE).content.decode()
    assert "Choose a school district" in html
    assert "Walla Walla Public Schools" in html


def test_of_ones_own_district_alone(client: PolicingClient, cast: Cast) -> None:
    for user, status in ((cast.other_district, 422), (cast.other_consortium, 422), (cast.counselor, 403)):
        client.force_login(user)
        assert send(client, cast, f"{HEAD},Accounting 1,1\n").status_code == status
