"""Check a transcript: a code as people type it."""

import pytest
from django.test import Client
from django.urls import reverse

from sers.lib.codes import read_code
from tests.people import Cast

URL = "/transcripts/verify/"
CODE = "7KQ2M9D4WX1R4T0PBN3YV8C6HJ"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "7KQ2M-9D4WX-1R4T0-PBN3Y-V8C6HJ",
        " 7kq2m 9d4wx 1r4t0\tpbn3y v8c6hj ",
        "7KQ2M–9D4WX–IR4TO–PBN3Y–V8C6HJ",  # O for 0, I for 1, dashes of a word processor
        "7KQ2M9D4WXlR4ToPBN3YV8C6HJ",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", CODE[:-1], CODE + "7", CODE[:-1] + "U", CODE[:-1] + "é", "٧" * 26, "<" * 26]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""


def test_anyone_may_ask_and_is_led_to_the_answer(cast: Cast, client: Client) -> None:
    assert "Where is the code?" in client.get(URL).content.decode()
    answer = client.get(URL, {"code": cast.transcript.code_in_groups.lower()})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("transcripts:verify_code", args=[cast.transcript.code])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the code of the transcript"),
        ("7KQ2M", "You typed 5"),
        (CODE[:-1] + "U", "Compare it with the paper again"),
        ("x" * 4000, "Enter the code alone"),
    ],
)
def test_what_is_no_code_is_answered_with_words_and_kept(
    db: None, client: Client, typed: str, words: str
) -> None:
    page = client.get(URL, {"code": typed})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "There is a problem" in page.content.decode()
    assert "<title>Error: " in page.content.decode()
    assert f'value="{typed}"' in page.content.decode() or not typed


def test_only_reading(db: None, client: Client) -> None:
    assert client.post(URL, {"code": CODE}).status_code == 405
