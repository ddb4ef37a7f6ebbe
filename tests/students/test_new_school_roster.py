"""/students/rosters/new/: a school's roster is handed in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sers.lib.refusal import Refused
from sers.lib.uploads import Checked
from students import actions
from students.models import RosterImport
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, text
from tests.students.rosters import PERIOD_2, as_bundle, as_csv, district

HERE = reverse("students:new_school_roster")


def test_it_names_the_columns_and_what_is_kept(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    words = text(client.get(HERE))
    assert "student number" in words
    assert "Nobody gets mail by an upload" in client.get(HERE).content.decode()


@pytest.mark.parametrize(("name", "kind"), [("roster.csv", "csv"), ("roster.zip", "oneroster")])
def test_a_file_is_kept_and_read_by_a_worker(
    client: PolicingClient, cast: Cast, name: str, kind: str, nudges: list[tuple[str, int]],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    content = as_csv(*PERIOD_2) if kind == "csv" else as_bundle(district())
    client.force_login(cast.counselor)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(HERE, {"file": SimpleUploadedFile(name, content)})
    roster = RosterImport.objects.of(cast.counselor).get()
    assert response["Location"] == reverse("students:school_roster", args=[roster.public_id])
    assert (roster.kind, roster.state, roster.year) == (kind, "reading", cast.year)
    assert actions.READ_ROSTER_TASK in [task for task, _ in nudges]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("roster.pdf", b"%PDF-1.7", "Choose a file that ends in .csv, .txt or .zip"),
        ("roster", b"a,b", "Choose a file that ends in .csv, .txt or .zip"),
        ("roster.csv", b"", "The file is empty. Choose it again"),
        (
            "roster.csv",
            b"PK\x03\x04workbook",
            "The file is no CSV file, though its name says so. Export it once more",
        ),
        (
            "roster.zip",
            b"class,first name",
            "The file is no ZIP file, though its name says so. Export it once more",
        ),
    ],
)
def test_what_is_no_roster_is_refused_in_words(
    client: PolicingClient, cast: Cast, name: str, content: bytes, words: str
) -> None:
    client.force_login(cast.teacher)
    response = client.post(HERE, {"file": SimpleUploadedFile(name, content)})
    assert (response.status_code, errors(response)) == (422, [words])
    assert not RosterImport.objects.filter(name__startswith=name, state="reading").exists()


def test_too_large_and_none_at_all(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("students.forms.school_rosters.MOST_ROSTER_BYTES", 1024 * 1024)
    client.force_login(cast.teacher)
    response = client.post(HERE, {"file": SimpleUploadedFile("r.csv", b"a" * (1024 * 1024 + 1))})
    assert errors(response) == ["The file is larger than 1 MB. Hand it in in parts"]
    assert errors(client.post(HERE)) == ["Choose a file"]


def test_a_virus_is_not_kept(client: PolicingClient, cast: Cast, settings: Any) -> None:
    settings.UPLOAD_SCANNER = "false"  # ends with 1: a virus
    client.force_login(cast.teacher)
    response = client.post(HERE, {"file": SimpleUploadedFile("r.csv", as_csv(*PERIOD_2))})
    assert errors(response) == ["The file holds a virus. It was not kept"]


def test_the_action_asks_for_the_seat_too(cast: Cast) -> None:
    with pytest.raises(Refused, match="Teachers, counselors and district users"):
        actions.hand_in_roster(checked=Checked("r.csv", "", ".csv", b"a"), by=cast.consortium)
