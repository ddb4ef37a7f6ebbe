"""The transcript as PDF: tagged, deterministic, with every name spelled right, loading nothing from elsewhere."""

import datetime
import io
import resource
import subprocess
import sys
import time
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.test import override_settings

from organizations.models import College, HighSchool
from sers.lib import press, seals
from students.models import Student
from tests.transcripts.reading import font_file, tags_of, text_of, untagged
from transcripts import checks, documents
from transcripts.documents import TranscriptRow, transcript_pdf
from transcripts.models import Transcript

ISSUED = datetime.datetime(2026, 8, 22, 3, 0, tzinfo=datetime.UTC)  # in Washington still August 21
CODE = "7KQ2M9D4WXR4T0PBN3YV8C6HJZ"


@pytest.fixture(autouse=True)
def quiet_libraries() -> Iterator[None]:
    """Font libraries warn of their own coming changes; those are not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def make(
    first_name: str = "Marisol",
    last_name: str = "Vega",
    *,
    courses: int = 2,
    title: str = "Principles of Accounting I",
    classes: str = "Accounting 1-2, Kamiakin High School",
    college: str = "Columbia Basin College",
) -> tuple[Transcript, list[TranscriptRow]]:
    student = Student(
        first_name=first_name, last_name=last_name, sers_id="TP6-20-4187-3",
        birth_date=datetime.date(2009, 3, 12), school=HighSchool(name="Kamiakin High School"),
        graduation_year=2027,
    )  # fmt: skip
    transcript = Transcript(
        student=student, college=College(name=college), code=CODE, issued_at=ISSUED,
        credits=Decimal("5.0") * courses,
    )  # fmt: skip
    rows = [
        TranscriptRow("2025-26", f"ACCT& {201 + number}", title, classes, Decimal("5.0"), "3.9 A")
        for number in range(courses)
    ]
    return transcript, rows


def test_it_says_what_was_earned() -> None:
    text = text_of(transcript_pdf(*make()))
    for words in (
        "Columbia Basin College", "Issued August 21, 2026", "Unofficial transcript, CTE Dual Credit",
        "Marisol Vega", "TP6-20-4187-3", "Kamiakin High School", "2027", "March 2009",
        "2025-26", "ACCT& 201", "ACCT& 202", "Principles of Accounting I", "Accounting 1-2, Kamiakin High School",
        "3.9 A", "10.0", "End of transcript", "7KQ2M-9D4WX-R4T0P-BN3YV-8C6HJZ", "/transcripts/verify/", "Page 1 of 1",
    ):  # fmt: skip
        assert words in text, words
    assert "March 12" not in text
    assert text.index("ACCT& 201") < text.index("Accounting 1-2") < text.index("ACCT& 202")


def test_it_is_tagged_and_says_its_language_and_title() -> None:
    with pikepdf.open(io.BytesIO(transcript_pdf(*make()))) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == "Unofficial transcript of Marisol Vega, Columbia Basin College"
        tags = list(tags_of(root.StructTreeRoot.K))
        kinds = [str(tag.S) for tag in tags]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 2
        assert kinds.count("/Table") == 2
        assert {"/TH", "/TD", "/THead", "/Figure"} <= set(kinds)
        assert [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"] == [
            "QR code that leads to the page where this transcript can be checked",
            "SERS",
        ]
        assert all(font_file(font) for page in document.pages for font in page.Resources.Font.values())


def test_equal_facts_give_equal_bytes_and_other_facts_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the seal, which is new each time."""
    monkeypatch.setattr("transcripts.documents.transcript.sealed", lambda pdf, issuer: pdf)
    assert transcript_pdf(*make()) == transcript_pdf(*make())
    assert transcript_pdf(*make()) != transcript_pdf(*make("Marisola"))


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Ánh", "Łukasz Żółw", "Maximiliano Hernández de la Cruz", "ʻOkina Kahananui", "Ļōkā m̧ ņ", "Оксана Петренко", "D’Arcy Þór", "Ngo\u0323\u0302"],
)  # fmt: skip
def test_names_are_spelled_as_their_owners_spell_them(name: str) -> None:
    """By our own fonts alone: a letter they lack would be drawn with another font or as a box."""
    pdf = transcript_pdf(*make(name, ""))
    assert unicodedata.normalize("NFC", name) in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    assert all("Plex" in name for name in names), names


HOSTILE = (
    '<img src="file:///etc/passwd">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/steal.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import url(http://127.0.0.1:9/x); body{display:none}</style>",
    "<object data='file:///etc/hostname'></object>",
    "</title><base href='http://127.0.0.1:9/'><script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "&lt;b&gt; &amp; \"quotes\" 'all' of them",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_names_and_titles_is_only_text(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = press.fetcher

    def watched(assets: dict[str, tuple[str, bytes]]) -> Any:
        answering = real(assets)
        fetch: Callable[..., Any] = answering.fetch

        def note(url: str, headers: Any = None) -> Any:
            asked.append(url)
            return fetch(url, headers)

        answering.fetch = note
        return answering

    monkeypatch.setattr(press, "fetcher", watched)
    pdf = transcript_pdf(*make(words[:100], words[:100], title=words, classes=words, college=words))
    assert set(asked) <= {"asset:qr", "asset:mark"} | set(press.own_fonts())
    assert "".join(words.split()) in "".join(text_of(pdf).split())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.attachments) == 0


def test_nothing_is_fetched_but_our_own_fonts_and_pictures() -> None:
    fetch = press.fetcher({"asset:one": ("image/png", b"x")}).fetch
    assert fetch("asset:one").read() == b"x"
    for font in press.own_fonts():
        assert fetch(font).read(4) == b"wOF2"
    for url in (
        "file:///etc/passwd", "http://127.0.0.1:9/", "https://example.org/", "data:text/plain,x", "asset:two", "ftp://example.org/x",
        Path(settings.BASE_DIR, "static/fonts/../../sers/settings.py").as_uri(), next(iter(press.own_fonts())) + "?x",
    ):  # fmt: skip
        with pytest.raises(ValueError, match="nothing from elsewhere"):
            fetch(url)


def test_ten_thousand_letters_fill_no_hundred_pages() -> None:
    long = "Wolfeschlegelsteinhausen" * 420
    pdf = transcript_pdf(*make(long, long, title=long, classes=long, college=long))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) <= 4
    text = transcript_pdf(*make("Nul\x00 and \x0b bell\x07 and \ud800 half", ""))
    assert "Nul and bell and half" in text_of(text)


def test_a_long_record_keeps_its_rows_whole_and_repeats_its_head() -> None:
    pdf = transcript_pdf(*make(courses=40))
    text = text_of(pdf)
    assert text.count("Title, and the high-school class it came from") == 3
    assert "200.0" in text
    assert "Page 3 of 3" in text


def test_six_courses_fit_one_page() -> None:
    assert "Page 1 of 1" in text_of(transcript_pdf(*make(courses=6)))


def test_the_demo_state_is_told_and_nothing_else_is() -> None:
    assert "Demo state" in text_of(transcript_pdf(*make()))
    own = seals.demo_seal()
    with override_settings(
        DEMO=False,
        PUBLIC_URL="https://sers.example.gov",
        SIGNING_KEY=own.key.decode(),
        SIGNING_CERT=own.certificate.decode(),
    ):
        text = text_of(transcript_pdf(*make()))
    assert "Demo state" not in text
    assert "sers.example.gov/transcripts/verify/" in text


def test_a_web_process_does_not_load_the_press() -> None:
    """Showing a screen must not cost two seconds and forty megabytes: WeasyPrint is for workers."""
    code = "import django; django.setup(); import sers.urls, sys; print('weasyprint' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        env={"DJANGO_SETTINGS_MODULE": "sers.settings", "SERS_DEMO": "1", "DATABASE_URL": "postgres://x@/x", "REDIS_URL": "redis://x"},
    )  # fmt: skip
    assert done.stdout.strip() == "False"


def test_the_check_names_the_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(*gone: str) -> list[Any]:
        monkeypatch.setattr(checks, "loads", lambda library: not any(name in library for name in gone))
        return list(checks.check_documents())

    assert without() == []
    (error,) = without("libpango", "harfbuzz")
    assert error.id == "transcripts.E001"
    assert error.hint == "Install the system packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
    (warning,) = without("harfbuzz")
    assert warning.id == "transcripts.W001"
    assert "libharfbuzz-subset0" in warning.hint
    monkeypatch.undo()
    assert not checks.loads("libnothing-of-the-kind.so.7")
    assert list(checks.check_documents()) == []


def test_one_document_takes_so_much_time_and_memory_and_no_more() -> None:
    """And whatever happens, the process may do afterwards what it could before."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(press.TooLong), press.bounded(seconds=0.2, memory=1 << 30):
        while True:
            pass
    with pytest.raises(MemoryError), press.bounded(seconds=5, memory=64 << 20):
        bytearray(512 << 20)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(512 << 20)) == 512 << 20
    time.sleep(0.3)  # no alarm is left to ring


def test_nothing_is_painted_outside_a_tag_or_an_artifact() -> None:
    with pikepdf.open(io.BytesIO(transcript_pdf(*make(courses=40)))) as document:
        assert untagged(document) == []
        assert all(str(page.Tabs) == "/S" for page in document.pages)


def test_points_and_average() -> None:
    rows = [
        TranscriptRow("2025-26", "A 1", "A", "", Decimal("5.0"), "3.6 A-", Decimal("3.6")),
        TranscriptRow("2025-26", "B 1", "B", "", Decimal("3.0"), "3.9 A", Decimal("3.9")),
    ]
    average = documents.grade_point_average(rows)
    assert average is not None
    assert (average.value, average.quality) == (Decimal("3.71"), Decimal("29.70"))
    assert documents.grade_point_average([]) is None
    letters = TranscriptRow("2025-26", "C 1", "C", "", Decimal("5.0"), "A")
    assert documents.grade_point_average([*rows, letters]) is None
