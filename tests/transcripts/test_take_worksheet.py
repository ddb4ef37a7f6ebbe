"""A worksheet is taken away as a file, and that is written down."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from sers.lib.refusal import Refused
from sers.lib.sheets import as_csv, fingerprint
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import WorksheetBatch, WorksheetFile


@pytest.fixture
def batch(cast: Cast) -> WorksheetBatch:
    content = as_csv([["ID", "Official Grade"], ["201234567", "-A"]], notice=rules.NOTICE)
    made = WorksheetBatch.objects.create(
        college=cast.cbc, year=cast.year, number=7, term="2275", made_by=cast.registrar, size=1, students=1,
        sha256=fingerprint(content),
    )  # fmt: skip
    WorksheetFile.objects.create(batch=made, csv=content)
    return made


def take(client: Client, batch: WorksheetBatch, form: str) -> bytes:
    answer = client.post(reverse("transcripts:take_worksheet", args=[batch.public_id]), {"form": form})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="other-credits-WA190-2275-7.{form}"'
    return bytes(answer.content)


def test_csv_is_byte_for_byte_what_was_made(cast: Cast, client: Client, batch: WorksheetBatch) -> None:
    client.force_login(cast.registrar)
    content = take(client, batch, "csv")
    assert fingerprint(content) == batch.sha256
    assert b"'-A" in content
    assert b"99.33" in content


def test_xlsx_has_the_same_cells_and_the_notice(cast: Cast, client: Client, batch: WorksheetBatch) -> None:
    client.force_login(cast.registrar)
    with zipfile.ZipFile(io.BytesIO(take(client, batch, "xlsx"))) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "201234567" in strings
    assert "'-A" in strings
    assert "99.33" in strings


def test_every_download_is_written_down(cast: Cast, client: Client, batch: WorksheetBatch) -> None:
    client.force_login(cast.registrar)
    take(client, batch, "csv")
    take(client, batch, "xlsx")
    events = Event.objects.filter(kind="transcripts.worksheet_taken", subject_id=batch.pk).order_by("id")
    assert [(event.actor, event.data["form"]) for event in events] == [
        (cast.registrar, "csv"),
        (cast.registrar, "xlsx"),
    ]


def test_a_worksheet_that_was_tampered_with_is_not_given_out(cast: Cast, batch: WorksheetBatch) -> None:
    batch.file.csv = b"something else"
    with pytest.raises(Refused, match="not as it was made"):
        actions.take_worksheet(batch=batch, form="csv", by=cast.registrar)


def test_nobody_else_takes_it_and_no_link_does(cast: Cast, client: Client, batch: WorksheetBatch) -> None:
    address = reverse("transcripts:take_worksheet", args=[batch.public_id])
    for user, status in ((cast.other_registrar, 404), (cast.state, 403), (cast.consortium, 403)):
        client.force_login(user)
        assert client.post(address, {"form": "csv"}).status_code == status
    client.force_login(cast.registrar)
    assert client.get(address).status_code == 405
