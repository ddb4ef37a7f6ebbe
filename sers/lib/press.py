"""The press: a page of ours becomes a PDF, tagged for screen readers (PDF/UA-1), with nothing fetched.

WeasyPrint is imported when the first document is made, never by a web process that only shows screens. What
people have typed reaches it as escaped, composed, bounded text; it can name no file and no address, because the
press answers for its own fonts and pictures alone. One document may take so much time and memory and no more.
"""

import atexit
import functools
import resource
import signal
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import segno
from django.conf import settings
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

STATIC: Path = settings.BASE_DIR / "static"
#: The type faces, then how documents use them.
STYLES = (STATIC / "css" / "document-fonts.css", STATIC / "css" / "documents.css")
#: Longer than any field holds; whatever is longer is cut, so that no name can fill a hundred pages.
LONGEST: Final = 300
#: What one document may take: one of forty rows takes a second and some megabytes.
MOST_SECONDS: Final = 20.0
MOST_MEMORY: Final = 512 * 1024 * 1024

Assets = dict[str, tuple[str, bytes]]


class TooLong(Exception):
    """A document took longer than any honest one does."""


@dataclass(frozen=True, slots=True)
class _Press:
    """What all documents of this process share: the fonts, unpacked once, and the parsed styles."""

    fonts: "FontConfiguration"
    styles: "list[CSS]"


def press(template: str, facts: dict[str, Any], *, assets: Assets, mark: str) -> bytes:
    """The PDF of a template and its facts. `mark` is the name the file is born with; equal facts give equal bytes."""
    from weasyprint import HTML

    page = render_to_string(template, facts)
    with bounded(seconds=MOST_SECONDS, memory=MOST_MEMORY):
        press = _press()
        html = HTML(string=page, base_url="asset:", url_fetcher=fetcher(assets))
        pdf: bytes = html.write_pdf(
            font_config=press.fonts,
            stylesheets=press.styles,
            pdf_variant="pdf/ua-1",
            pdf_identifier=mark.encode(),
            finisher=_order_of_tags,
        )
    return pdf


def _order_of_tags(_: Any, pdf: Any) -> None:
    """A sealed page has an annotation; PDF/UA then asks that one moves through it in the order of its tags."""
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("Type") == "/Page":
            one["Tabs"] = "/S"


@contextmanager
def bounded(*, seconds: float, memory: int) -> Iterator[None]:
    """End what runs inside when it takes longer (TooLong) or more memory (MemoryError) than it may.

    A library of C that is out of memory ends the process; whoever runs the job counts that as an attempt.
    The clock is watched in the main thread, where workers work.
    """

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"A document took more than {seconds:.0f} seconds.")

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = used + memory if hard == resource.RLIM_INFINITY else min(used + memory, hard)
    watched = threading.current_thread() is threading.main_thread()
    if watched:
        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        if watched:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def fetcher(assets: Assets) -> "URLFetcher":
    """Answers what WeasyPrint asks for from these assets and our own fonts; every other address is refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url in assets:
                kind, body = assets[url]
                return URLFetcherResponse(url, body, {"Content-Type": kind})
            font = own_fonts().get(url)
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
def own_fonts() -> dict[str, Path]:
    """Our own font files by the address the style sheet gives them."""
    return {font.as_uri(): font for font in sorted((STATIC / "fonts" / "whole").glob("*.woff2"))}


@functools.cache
def own_mark() -> bytes:
    return (STATIC / "img" / "mark.svg").read_bytes()


def qr(address: str) -> bytes:
    """The address as a QR code, a one-bit image; the white around it is the paper's."""
    image = BytesIO()
    segno.make_qr(address, error="m").save(image, kind="png", scale=8, border=0)
    return image.getvalue()


def plain(text: str, longest: int = LONGEST) -> str:
    """Text a document can hold: composed letters, no control characters, bounded."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        character for character in composed if unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")
    )
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"
