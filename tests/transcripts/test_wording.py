"""The words of a college's letters: written, looked at with real values, kept version by version."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from tests.people import Cast
from transcripts.models import LetterWording, Transcript

TYPED = {
    "heading": "Congratulations, {first_name}",
    "opening": "Dear {first_name},\n\nyou earned {credits}.",
    "steps": "Keep this letter. {sid}",
    "closing": "{worth}",
}


def address(cast: Cast, language: str = "en") -> str:
    return reverse("transcripts:wording", args=[cast.cbc.public_id]) + f"?language={language}"


def test_a_preview_has_the_values_of_a_real_student_and_keeps_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.post(address(cast), {**TYPED, "preview": "yes"}).content.decode()
    for words in (
        "Congratulations, Grace",
        "you earned 5 college credits.",
        "about $660 of tuition",
        "not saved yet",
    ):
        assert words in text
    assert LetterWording.objects.filter(college=cast.cbc).count() == 1


def test_a_new_version_is_kept_beside_the_old_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert client.post(address(cast), {**TYPED, "save": "yes"})["Location"] == address(cast)
    newest = LetterWording.objects.latest_of(cast.cbc, "en")
    assert newest is not None
    assert (newest.number, newest.saved_by, newest.heading) == (2, cast.registrar, TYPED["heading"])
    text = client.get(address(cast)).content.decode()
    assert "Version 2, saved" in text
    assert "Well done: {credits}" in text
    client.post(address(cast), {**TYPED, "save": "yes"})
    assert LetterWording.objects.filter(college=cast.cbc).count() == 2


def test_spanish_has_words_of_its_own(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(address(cast, "es")).content.decode()
    assert "Felicidades: has ganado {credits}" in text
    assert "Felicidades: has ganado 5 créditos universitarios" in text
    client.post(address(cast, "es"), {**TYPED, "save": "yes"})
    assert LetterWording.objects.get(college=cast.cbc, language="es").number == 1
    assert client.get(address(cast, "fr")).status_code == 404


def test_a_college_without_transcripts_sees_an_invented_student(cast: Cast, client: Client) -> None:
    Transcript.objects.filter(college=cast.cbc).update(
        revoked_at="2026-01-01T00:00Z", revoked_by=cast.registrar, revoked_reason="x"
    )
    client.force_login(cast.registrar)
    assert "With an invented student" in client.get(address(cast)).content.decode()


@pytest.mark.parametrize(
    ("part", "words", "told"),
    [
        ("opening", "Your number is {ssn}", "{ssn} is no field of a letter"),
        ("heading", "{credits", "a single brace"),
        ("heading", "", "Enter the heading"),
        ("steps", "x" * 1501, "Shorten the steps"),
    ],
)
def test_a_field_there_is_not_is_named_and_what_was_typed_stays(
    cast: Cast, client: Client, part: str, words: str, told: str
) -> None:
    client.force_login(cast.registrar)
    page = client.post(address(cast), {**TYPED, part: words, "save": "yes"})
    assert page.status_code == 422
    assert told in page.content.decode()
    assert "Error: " in page.content.decode()
    assert LetterWording.objects.filter(college=cast.cbc).count() == 1


def test_markup_is_text_on_the_preview(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.post(
        address(cast), {**TYPED, "opening": "<img src=x onerror=alert(1)>", "preview": "yes"}
    ).content.decode()
    assert "<img src=x" not in text


def test_versions_are_ink(cast: Cast) -> None:
    for change in (
        lambda rows: rows.update(heading="Changed"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError, match="wording_is_ink"), transaction.atomic():
            change(LetterWording.objects.filter(college=cast.cbc))


def test_it_is_another_college_s(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(address(cast)).status_code == 404
    client.force_login(cast.faculty)
    assert client.get(address(cast)).status_code == 403
