"""Sheets are handed in: by file, with its columns documented."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from sers.lib.sheets import fingerprint
from tests import people
from tests.people import Cast
from tests.raw import breaks, change, copy
from transcripts import actions
from transcripts.models import SheetImport

URL = "/transcripts/imports/"
TEXT = "SID,Last name,First name,Birth date\n201234568,Nobody,Nell,2009-01-01\n"


def hand_in(client: Client, content: bytes | None, kind: str = "sids", name: str = "ids.csv") -> Any:
    data: dict[str, Any] = {"kind": kind}
    if content is not None:
        data["file"] = SimpleUploadedFile(name, content, "text/csv")
    return client.post(URL, data)


def test_a_sheet_is_kept_as_it_came_and_counts_for_nothing_yet(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = hand_in(client, TEXT.encode())
    sheet = SheetImport.objects.get(name="ids.csv")
    assert answer["Location"] == reverse("transcripts:sheet", args=[sheet.public_id])
    assert (sheet.state, sheet.name, sheet.college, sheet.uploaded_by) == (
        "waiting", "ids.csv", cast.cbc, cast.registrar,
    )  # fmt: skip


def in_the_table(sheet: SheetImport) -> bytes:
    """The sheet as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM transcripts_sheetimport WHERE id = %s", [sheet.pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("decide", [actions.apply_import, actions.drop_import])
def test_a_sheet_is_sealed_while_it_waits_and_emptied_when_it_is_decided(cast: Cast, decide: Any) -> None:
    sheet = actions.hand_in(
        college=cast.cbc, kind="sids", name="ids.csv", content=TEXT.encode(), by=cast.registrar
    )
    kept = in_the_table(sheet)
    assert kept
    assert b"2009-01-01" not in kept
    assert b"Nobody" not in kept
    assert SheetImport.objects.get(pk=sheet.pk).text == TEXT
    with breaks("pgtrigger: Cannot update"):
        change(sheet, text=b"")
    decide(sheet=sheet, by=cast.registrar)
    assert in_the_table(sheet) == b""
    assert SheetImport.objects.get(pk=sheet.pk).sha256 == fingerprint(TEXT.encode())
    with breaks("pgtrigger: Cannot update"):
        change(sheet, text=kept)


def test_the_database_keeps_no_text_of_a_decided_sheet(cast: Cast) -> None:
    with breaks("decided_import_is_emptied"):
        copy(cast.applied_sheet, text="\\x00")


def test_every_column_is_documented(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(URL, {"kind": "confirmations"}).content.decode()
    for head in (
        "SID",
        "Former names",
        "Birth date",
        "Articulation Term",
        "Official Grade",
        "Accepted, Posted or Not taken",
    ):
        assert head in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Choose a file"), (b"", "The file is empty"), (b"PK\x03\x04", "workbook"),
        (b"\xff\xfe\xfd\xfc\xfb", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_said_at_the_field(
    cast: Cast, client: Client, content: bytes | None, words: str
) -> None:
    client.force_login(cast.registrar)
    before = SheetImport.objects.count()
    page = hand_in(client, content)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert SheetImport.objects.count() == before


def test_a_kind_that_is_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert hand_in(client, TEXT.encode(), kind="zz").status_code == 422


def test_others_hand_nothing_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    assert client.get(URL).status_code == 200
    assert hand_in(client, TEXT.encode()).status_code == 403
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 403


def test_one_sheet_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"]) == 2
    people.make_sheet(cast.cbc, cast.registrar)
    people.make_sheet(cast.cbc, cast.registrar)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"]) == 4


QUERIES = 7
