"""/organizations/people/files/new/ and the template: new accounts from a file."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations import rules
from organizations.models import PeopleFile
from tests.people import Cast, make_school
from tests.policing import PolicingClient
from tests.students.pages import errors, text

URL = "/organizations/people/files/new/"
TEMPLATE = "/organizations/people/files/template/"
HEAD = "first name,last name,e-mail,role,place"
ANA = "Ana,Vega,ana@example.org,Teacher,Kamiakin High School"


def send(client: PolicingClient, content: str | bytes, name: str = "new.csv", **more: str) -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(URL, {"reason": "New in 2026-27", "file": SimpleUploadedFile(name, data)} | more)


@pytest.fixture
def district(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.district)
    return client


def test_it_works(district: PolicingClient, cast: Cast) -> None:
    response = send(district, f"{HEAD}\n{ANA}\n")
    file = PeopleFile.objects.latest("id")
    assert response.headers["Location"] == f"/organizations/people/files/{file.public_id}/"
    assert (file.handed_in_by, file.name, file.reason, file.state) == (
        cast.district, "new.csv", "New in 2026-27", "preview",
    )  # fmt: skip
    assert file.rows[0]["e-mail"] == "ana@example.org"


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEAD}\r\n{ANA}\r\n",
        f"{HEAD}\n{ANA}\n".replace(",", ";"),
        f"{HEAD}\n{ANA}\n".replace(",", "\t"),
        f"\n{HEAD.upper()}\n\n{ANA}\n,,,,\n",
        "Place,Role,Email,Last Name,First_name,Room\nKamiakin High School,Teacher,ana@example.org,Vega,Ana,12\n",
        f'{HEAD}\n" Ana ",Vega,ana@example.org,Teacher,"Kamiakin  High School"\n',
        f"{HEAD}\nAna,Vega,ana@example.org,Teacher,Kamiakin High School,,,,,,,\n",
    ],
    ids=["mark and crlf", "semicolons", "tabs", "empty lines", "other heads", "quotes", "long lines"],
)
def test_whatever_a_spreadsheet_saved_is_read(district: PolicingClient, cast: Cast, content: str) -> None:
    send(district, content)
    (row,) = PeopleFile.objects.latest("id").rows
    assert [row[name] for name in HEAD.split(",")] == ANA.split(",")


WRONG: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "The file is empty."),
    "blank": (" \n \n", "The sheet holds no rows."),
    "a workbook": (b"PK\x03\x04rest", "The file is a workbook. Save it as CSV UTF-8"),
    "Windows letters": (f"{HEAD}\nÁna,,a@example.org,Teacher,X".encode("cp1252"), "The file has letters that cannot be read."),
    "a NUL": (f"{HEAD}\nA\0na", "The file is not a text."),
    "a quotation mark": (f'{HEAD}\n"Ana,Vega', "Row 2: A quotation mark is open."),
    "no heads": (ANA, "The column “first name” is missing."),
    "one head twice": (f"{HEAD},role\n{ANA}", "The column “role” stands twice."),
    "nobody": (f"{HEAD}\n,,,Teacher,Kamiakin High School", "The file names nobody."),
    "no rows": (HEAD, "The sheet holds heads and no rows below them"),
    "too long": (f"{HEAD}\n" + f"{ANA}\n" * 2001, "The file has 2,001 rows. Hand in at most 2,000 at once"),
    "too big": (f"{HEAD}\n" + "x" * 1024 * 1024, "The file is larger than 1 MB."),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_read_is_said(district: PolicingClient, cast: Cast, case: str) -> None:
    content, words = WRONG[case]
    before = PeopleFile.objects.count()
    response = send(district, content)
    assert response.status_code == 422
    assert errors(response)[0].startswith(words)
    assert PeopleFile.objects.count() == before


def test_none_chosen_another_kind_and_no_reason(district: PolicingClient, cast: Cast) -> None:
    assert errors(district.post(URL, {"reason": "x"})) == ["Choose a file"]
    assert errors(send(district, ANA, name="new.xlsx"))[0].startswith("Choose a file that ends in .csv.")
    assert errors(send(district, f"{HEAD}\n{ANA}", reason="")) == ["Enter the reason"]


def test_the_page_says_what_goes_into_the_columns(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    words = text(client.get(URL))
    assert "signs as only for who signs agreements" in words
    client.force_login(cast.district)
    words = text(client.get(URL))
    assert "role needed: Counselor, Teacher" in words
    assert "signs as" not in words


def test_the_template_holds_one_s_places_and_is_safe_to_open(client: PolicingClient, cast: Cast) -> None:
    make_school('=HYPERLINK("http://example.org")', cast.kennewick)
    client.force_login(cast.consortium)
    response = client.get(TEMPLATE)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="new-people.csv"'
    head, *lines = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head == [column.head for column in rules.COLUMNS]
    places = {line[4]: line[3] for line in lines}
    assert places["Kamiakin High School"] == "Teacher"
    assert places["Columbia Basin College"] == "College Faculty"
    assert places["Kennewick School District"] == "District User"
    assert not any("Walla Walla" in place for place in places)
    assert '\'=HYPERLINK("http://example.org")' in places


def test_the_template_filled_in_is_read_back(client: PolicingClient, cast: Cast) -> None:
    """Also the place whose name a spreadsheet would have run."""
    make_school("=Cmd School", cast.kennewick)
    client.force_login(cast.consortium)
    head, *lines = csv.reader(io.StringIO(client.get(TEMPLATE).content.decode("utf-8-sig")))
    filled = io.StringIO()
    writer = csv.writer(filled)
    writer.writerow(head)
    for number, line in enumerate(lines):
        writer.writerow([f"P{number}", "", f"p{number}@example.org", *line[3:]])
    send(client, filled.getvalue())
    response = client.get(f"/organizations/people/files/{PeopleFile.objects.latest('id').public_id}/")
    assert response.context["problems"] == 0
    assert response.context["rows"] == len(lines) == 4


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    for path in (URL, TEMPLATE):
        assert client.get(path).status_code == 302
    for who in ("teacher", "counselor", "registrar"):
        client.force_login(getattr(cast, who))
        for path in (URL, TEMPLATE):
            assert client.get(path).status_code == 403
