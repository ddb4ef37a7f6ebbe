"""Transcripts as PDF: tagged for screen readers (PDF/UA-1), equal bytes for equal facts, nothing fetched.

WeasyPrint is imported when the first document is made, never by a web process that only shows screens.
"""

import atexit
import functools
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from sers.lib.moments import month
from transcripts.models import Transcript

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

STATIC: Path = settings.BASE_DIR / "static"
#: The type faces, then how documents use them.
STYLES = (STATIC / "css" / "document-fonts.css", STATIC / "css" / "documents.css")
#: Longer than any field holds; whatever is longer is cut, so that no name can fill a hundred pages.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One college course on a transcript, with the high-school classes that earned it."""

    year: str
    course_code: str
    course_title: str
    classes: str
    credits: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class _Press:
    """What all documents of this process share: the fonts, unpacked once, and the parsed styles."""

    fonts: "FontConfiguration"
    styles: "list[CSS]"


def transcript_pdf(transcript: Transcript, rows: list[TranscriptRow]) -> bytes:
    """The unofficial transcript of one student at one college: every row, the total, and how to check it.

    The college course comes first, the high-school class below it. Of the birth date only month and year
    are told. In the demo state it says so. `transcript` need not be saved yet.
    """
    from weasyprint import HTML

    press = _press()
    student = transcript.student
    address = settings.PUBLIC_URL + reverse("transcripts:verify_code", args=[transcript.code])
    page = render_to_string(
        "transcripts/transcript.html",
        {
            "college": _plain(transcript.college.name),
            "name": _plain(student.name),
            "sers_id": student.sers_id,
            "born": month(student.birth_date),
            "school": _plain(student.school.name),
            "graduates": student.graduation_year,
            "issued": timezone.localtime(transcript.issued_at),
            "code": transcript.code_in_groups,
            "verify_at": (settings.PUBLIC_URL + reverse("transcripts:verify")).split("://")[-1],
            "rows": [
                {
                    "year": row.year,
                    "course": _plain(row.course_code),
                    "title": _plain(row.course_title),
                    "classes": _plain(row.classes),
                    "credits": row.credits,
                    "grade": _plain(row.grade),
                }
                for row in rows
            ],
            "total": transcript.credits,
            "demo": settings.DEMO,
        },
    )
    assets = {"asset:qr": ("image/png", _qr(address)), "asset:mark": ("image/svg+xml", _mark())}
    html = HTML(string=page, base_url="asset:", url_fetcher=fetcher(assets))
    pdf: bytes = html.write_pdf(
        font_config=press.fonts,
        stylesheets=press.styles,
        pdf_variant="pdf/ua-1",
        pdf_identifier=transcript.code.encode(),
    )
    return pdf


def fetcher(assets: dict[str, tuple[str, bytes]]) -> "URLFetcher":
    """Answers what WeasyPrint asks for from these assets and our own fonts; every other address is refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url in assets:
                kind, body = assets[url]
                return URLFetcherResponse(url, body, {"Content-Type": kind})
            font = _fonts().get(url)
            if font is None:
                raise ValueError("Documents load nothing from elsewhere.")
            return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/woff2"})

    return OwnAssets(allowed_protocols=())


@functools.cache
def _press() -> _Press:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(close_press)
    fonts = FontConfiguration()
    own = fetcher({})
    styles = [
        CSS(string=sheet.read_text(), base_url=sheet.as_uri(), font_config=fonts, url_fetcher=own)
        for sheet in STYLES
    ]
    return _Press(fonts, styles)


def close_press() -> None:
    """Let go of the fonts, and so of the folder they were unpacked into."""
    _press.cache_clear()


@functools.cache
def _fonts() -> dict[str, Path]:
    """Our own font files by the address the style sheet gives them."""
    return {font.as_uri(): font for font in sorted((STATIC / "fonts" / "whole").glob("*.woff2"))}


@functools.cache
def _mark() -> bytes:
    return (STATIC / "img" / "mark.svg").read_bytes()


def _qr(address: str) -> bytes:
    """The address as a QR code, a one-bit image; the white around it is the paper's."""
    image = BytesIO()
    segno.make_qr(address, error="m").save(image, kind="png", scale=8, border=0)
    return image.getvalue()


def _plain(text: str) -> str:
    """Text a document can hold: composed letters, no control characters, bounded."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        character for character in composed if unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")
    )
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"
