"""A file is checked: genuine, changed, replaced, revoked, or not ours; nothing of it is kept."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import RateLimit
from articulations.documents import agreement_pdf
from articulations.models import AgreementDocument
from sers.lib import sealing, seals
from sers.lib.codes import new_code
from sers.lib.confined import Limits, confined
from tests import agreeing
from tests.lib.test_sealing import PLAIN
from tests.people import Cast
from tests.transcripts.reading import quiet
from transcripts import actions, rules
from transcripts.actions import Verdict
from transcripts.models import Letter, Transcript, TranscriptFile

URL = "/transcripts/verify/file/"


@pytest.fixture(autouse=True)
def quiet_libraries() -> Iterator[None]:
    with quiet():
        yield


@pytest.fixture
def real(cast: Cast) -> bytes:
    """The graduate's transcript and letter, really drawn and sealed."""
    drawn = actions.draw_documents(
        transcript=cast.transcript,
        rows=actions.transcript_rows(student=cast.graduate, run=cast.run, earned=()),
    )
    cast.transcript.sha256 = hashlib.sha256(drawn.pdf).hexdigest()
    cast.transcript.save()
    TranscriptFile.objects.filter(transcript=cast.transcript).update(pdf=drawn.pdf)
    return drawn.pdf


def judge(content: bytes) -> actions.CheckedFile:
    return actions.check_file(content=content, address="203.0.113.7")


def send(client: Client, content: bytes, name: str = "transcript.pdf") -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def test_what_was_issued_is_genuine_and_names_the_demo_seal(cast: Cast, client: Client, real: bytes) -> None:
    found = judge(real)
    assert (found.verdict, found.transcript, found.is_letter) == (Verdict.GENUINE, cast.transcript, False)
    assert found.seal_holds
    text = send(client, real).content.decode()
    for words in ("This file is real", "Grace Nakamura", "seal of the demo state", "has not kept the file"):
        assert words in text
    assert reverse("transcripts:verify_code", args=[cast.transcript.code]) in text


@pytest.mark.parametrize("where", ["a byte of the text", "a line more", "the seal's padding", "another end"])
def test_a_changed_one_is_told_and_names_nobody(cast: Cast, client: Client, real: bytes, where: str) -> None:
    changed = {
        "a byte of the text": lambda: real[:3000] + bytes([real[3000] ^ 1]) + real[3001:],
        "a line more": lambda: real + b"\n",
        "the seal's padding": lambda: real.replace(b"00>", b"01>"),
        "another end": lambda: real + b"%%EOF\n",
    }[where]()
    assert judge(changed).verdict == Verdict.CHANGED
    text = send(client, changed).content.decode()
    assert "This file was changed" in text
    assert "Grace" not in text


def test_replaced_and_revoked_are_told(cast: Cast, real: bytes) -> None:
    newer = Transcript.objects.create(
        run=cast.run, student=cast.graduate, college=cast.cbc, number=2, credits=5, sha256="0" * 64
    )
    Transcript.objects.filter(pk=cast.transcript.pk).update(replaced_by=newer)
    assert judge(real).verdict == Verdict.REPLACED
    actions.revoke_transcript(transcript=cast.transcript, reason="The wrong student", by=cast.registrar)
    assert judge(real).verdict == Verdict.REVOKED


def test_a_letter_is_told_from_its_transcript(cast: Cast) -> None:
    drawn = actions.draw_documents(
        transcript=cast.transcript,
        rows=actions.transcript_rows(student=cast.graduate, run=cast.run, earned=()),
    )
    cast.transcript.save()
    letter = Letter.objects.get(transcript=cast.transcript)
    letter.code, letter.sha256 = drawn.letter.code, hashlib.sha256(drawn.letter_pdf).hexdigest()
    letter.save()
    found = judge(drawn.letter_pdf)
    assert (found.verdict, found.is_letter) == (Verdict.GENUINE, True)
    changed = judge(drawn.letter_pdf + b" ")
    assert (changed.verdict, changed.is_letter) == (Verdict.CHANGED, True)


@pytest.fixture
def agreed(cast: Cast) -> tuple[AgreementDocument, bytes]:
    """A signed agreement, its file really drawn and sealed."""
    agreeing.signed(cast.agreement_text, by=cast.district)
    agreeing.signed(cast.agreement_text, by=agreeing.make_dean(cast.cbc, cast.dean))
    document = AgreementDocument(text=cast.agreement_text, code=new_code())
    pdf = agreement_pdf(document, list(cast.agreement_text.signatures.order_by("number")))
    document.pdf, document.sha256 = pdf, hashlib.sha256(pdf).hexdigest()
    document.certificate = seals.own_seal().fingerprint
    document.save()
    return document, pdf


def test_a_signed_agreement_is_genuine_or_changed(
    cast: Cast, client: Client, agreed: tuple[AgreementDocument, bytes]
) -> None:
    document, pdf = agreed
    found = judge(pdf)
    assert (found.verdict, found.agreement, found.transcript) == (Verdict.GENUINE, document, None)
    page = send(client, pdf).content.decode()
    for words in (
        "This file is real",
        str(cast.agreement_text),
        "Kamiakin High School",
        "seal of the demo state",
    ):
        assert words in page
    assert reverse("articulations:verify_agreement", args=[document.code]) in page
    changed = judge(pdf + b"\n")
    assert (changed.verdict, changed.agreement, changed.seal_holds) == (Verdict.CHANGED, document, None)
    page = send(client, pdf + b"\n").content.decode()
    assert "This file was changed" in page
    assert "It was made from an agreement of SERS" in page


def test_a_forged_one_under_the_same_seal_is_not_ours(cast: Cast) -> None:
    """Everybody can make the demo seal; what SERS does not remember it did not issue."""
    forged = sealing.seal(PLAIN, seals.own_seal(), reason="Issued through SERS", name="SERS")
    assert judge(forged).verdict == Verdict.NOT_OURS
    assert judge(PLAIN).verdict == Verdict.NOT_OURS


def test_the_row_alone_makes_nothing_genuine(cast: Cast) -> None:
    """Whoever writes a fingerprint into the database has no seal that holds."""
    cast.transcript.sha256 = hashlib.sha256(PLAIN).hexdigest()
    cast.transcript.certificate = seals.own_seal().fingerprint
    cast.transcript.save()
    found = judge(PLAIN)
    assert (found.verdict, found.seal_holds) == (Verdict.CHANGED, False)


def test_one_from_before_there_were_seals_is_known_by_its_fingerprint(cast: Cast) -> None:
    found = judge(bytes(cast.transcript.file.pdf))
    assert (found.verdict, found.seal_holds) == (Verdict.GENUINE, None)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.pdf", "The file is empty"),
        (b"<html>", "page.pdf", "The file is not a PDF"),
        (b"%PDF-" + bytes(5 * 1024 * 1024), "large.pdf", "larger than 5 MB"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(
    cast: Cast, client: Client, content: bytes, name: str, words: str
) -> None:
    page = send(client, content, name)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "<title>Error: " in page.content.decode()
    assert client.post(URL).status_code == 422


def test_a_hostile_file_is_ended_and_said_so(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        actions.checking,
        "confined",
        lambda work, body, **_: confined(
            "tests.lib.strangers:forever", body, limits=Limits(processor=1, clock=3)
        ),
    )
    text = send(client, b"%PDF-1.7 a bomb").content.decode()
    assert "The file could not be read" in text


BOMBS = {
    "nested arrays": b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\nstartxref\n9\n%%EOF\n",
    "a page that is its own parent": PLAIN.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "an xref that points to itself": PLAIN.replace(b"/Size 4", b"/Prev 170/Size 4"),
    "a length that never ends": PLAIN.replace(b"/MediaBox[0 0 612 792]", b"/Length 99999999999999999999"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_not_ours_within_the_time(cast: Cast, bomb: str) -> None:
    assert judge(BOMBS[bomb]).verdict in (Verdict.NOT_OURS, Verdict.CHANGED)


def test_too_many_from_one_network_wait(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules.documents, "CHECKS_BY_ADDRESS", 2)
    monkeypatch.setattr(rules, "CHECKS_BY_ADDRESS", 2)
    monkeypatch.setattr(actions.checking, "confined", lambda *_, **__: {"is_pdf": True})
    for _ in range(2):
        assert send(client, PLAIN).status_code == 200
    page = send(client, PLAIN)
    assert page.status_code == 429
    assert "Wait until" in page.content.decode()
    assert RateLimit.objects.count() == 2


def test_opening_it_is_not_checking(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 405
