"""Files people hand in: read by their content, kept under names of our own, given back as downloads only.

What a file is called is shown and never trusted. `check` says what it is by its first bytes and its end, and refuses
what is empty, too large, cut off, locked, renamed, active, or two kinds at once; a scanner of the house may look too
(settings.UPLOAD_SCANNER). `keep` puts it into the storage `uploads`, which no address serves; `download` gives it
back as an attachment, so that a browser never shows it as a page of ours.
"""

import hashlib
import logging
import shlex
import subprocess
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sers.lib.attachments import attachment

logger = logging.getLogger(__name__)

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 5 * MEGABYTE
MOST_LETTERS: Final = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its word, the endings a name may have, its MIME type, and what makes it whole."""

    word: str
    endings: tuple[str, ...]
    mime: str
    begins: bytes
    is_whole: Callable[[bytes], bool]


def _png_is_whole(content: bytes) -> bool:
    """Chunk after chunk to IEND, and nothing behind it."""
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name, at = content[at + 4 : at + 8], at + 12 + length
        if name == b"IEND":
            return at == len(content)
    return False


def _jpeg_is_whole(content: bytes) -> bool:
    return content.rstrip(b"\0\r\n ").endswith(b"\xff\xd9")


def _pdf_is_whole(content: bytes) -> bool:
    return b"%%EOF" in content[-1024:]


PDF: Final = Kind("PDF", (".pdf",), "application/pdf", b"%PDF-", _pdf_is_whole)
PNG: Final = Kind("PNG", (".png",), "image/png", b"\x89PNG\r\n\x1a\n", _png_is_whole)
JPEG: Final = Kind("JPEG", (".jpg", ".jpeg"), "image/jpeg", b"\xff\xd8\xff", _jpeg_is_whole)
PAPERS: Final = (PDF, PNG, JPEG)

#: What makes a PDF more than paper. Names inside compressed parts are not seen; the scanner's business.
_ACTIVE: Final = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
#: What another program would read in a file that begins as one of ours: the end of a ZIP, a page of HTML.
_ZIP_END: Final = b"PK\x05\x06"
_PAGE: Final = (b"<script", b"<html", b"<!doctype html", b"<svg")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: the name to show, its kind, its bytes and their fingerprint."""

    name: str
    mime: str
    ending: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class CappedUploads(FileUploadHandler):
    """The first of the upload handlers: a request that says it is larger than anything SERS takes is not read."""

    MOST_BYTES = 25 * MEGABYTE

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > self.MOST_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def check(upload: Any, *, kinds: tuple[Kind, ...] = PAPERS, most: int = MOST_BYTES) -> Checked:
    """The file as it may be kept, or a ValidationError whose words say what to do.

    Nothing is decoded: a picture of a thousand megapixels costs no more than its bytes.
    """
    words = _listed([kind.word for kind in kinds])
    size = upload.size or 0
    if size > most:
        raise ValidationError(
            _(
                "The file is larger than %(most)s MB. Choose a smaller one, or scan it with fewer dots per inch"
            )
            % {"most": most // MEGABYTE},
            code="too_big",
        )
    if not size:
        raise ValidationError(_("The file is empty. Choose it again"), code="empty")
    upload.seek(0)
    content = upload.read()
    kind = next((kind for kind in kinds if content.startswith(kind.begins)), None)
    if kind is None:
        raise ValidationError(
            _("The file is not a %(kinds)s file. Save or scan it as one of these") % {"kinds": words},
            code="wrong_kind",
        )
    name = shown_name(upload.name or "")
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    if ending not in kind.endings:
        raise ValidationError(
            _("The file is a %(kind)s file, its name says otherwise. Give it a name that ends in %(ending)s")
            % {"kind": kind.word, "ending": kind.endings[0]},
            code="renamed",
        )
    if not kind.is_whole(content):
        raise ValidationError(
            _("The file is cut off or damaged, or something follows its end. Save or scan it again"),
            code="not_whole",
        )
    if kind is PDF and b"/Encrypt" in content:
        raise ValidationError(
            _("The PDF is locked by a password. Save it without one, or print it to a new PDF"), code="locked"
        )
    if kind is PDF and any(word in content for word in _ACTIVE):
        raise ValidationError(
            _("The PDF holds programs or other files. Print it to a new PDF and choose that"), code="active"
        )
    start = content[:1024].lower()
    if (
        _ZIP_END in content[-66_000:]
        or any(word in start for word in _PAGE)
        or (kind is not PDF and b"%PDF-" in content)
    ):
        raise ValidationError(
            _("The file is two kinds of file at once. Print or scan it to a new one"), code="two_kinds"
        )
    _scan(content)
    return Checked(name, kind.mime, kind.endings[0], content)


def check_sheet(upload: Any, *, endings: Mapping[str, bytes], most: int) -> Checked:
    """A sheet as it may be kept: by its ending, and by the bytes such a file begins with, where it has any.

    What is in it is read later, by whoever keeps it, and is never given back.
    """
    name = shown_name(upload.name or "")
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    size = upload.size or 0
    if ending not in endings:
        raise ValidationError(f"Choose a file that ends in {_listed(list(endings))}", code="wrong_kind")
    if size > most:
        raise ValidationError(
            f"The file is larger than {most // MEGABYTE} MB. Hand it in in parts", code="too_big"
        )
    if not size:
        raise ValidationError("The file is empty. Choose it again", code="empty")
    upload.seek(0)
    content = upload.read()
    begins = endings[ending]
    packed = content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"))
    if (begins and not content.startswith(begins)) or (packed and not begins):
        raise ValidationError(
            f"The file is no {ending[1:].upper()} file, though its name says so. Export it once more",
            code="renamed",
        )
    _scan(content)
    return Checked(name, "application/octet-stream", ending, content)


def forget(path: str) -> None:
    """Remove what was kept; what is gone already is gone."""
    storages["uploads"].delete(path)


def open_kept(path: str) -> Any:
    """A kept file, to be read from its beginning."""
    return storages["uploads"].open(path)


def shown_name(typed: str) -> str:
    """The name of a file as it may be shown: no folders, no signs that cannot be seen, at most a hundred letters."""
    plain = "".join(sign for sign in typed.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip(
        ". "
    )
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:MOST_LETTERS]
    ending = ending[:10]
    return f"{stem[: MOST_LETTERS - len(ending) - 1]}.{ending}"


def _scan(content: bytes) -> None:
    """Hand the bytes to the scanner of the house, if it has one: 0 is clean, 1 is a virus, all else is no answer."""
    command = shlex.split(settings.UPLOAD_SCANNER)
    if not command:
        return
    try:
        answer = subprocess.run(
            command, input=content, capture_output=True, timeout=30, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("The scanner of uploads did not answer: %s", error)
        answer = -1
    if answer == 1:
        raise ValidationError(_("The file holds a virus. It was not kept"), code="virus")
    if answer:
        raise ValidationError(
            _("The file could not be checked for viruses now. Nothing was kept. Try again in some minutes"),
            code="not_checked",
        )


def keep(checked: Checked) -> str:
    """Put a checked file into the storage, by a path nobody can guess or choose; the path is for the row.

    Written before the row: a transaction that fails leaves a file no row knows, never a row without its file.
    """
    today = timezone.localdate()
    path = f"{today:%Y}/{today:%m}/{uuid.uuid4().hex}{checked.ending}"
    return storages["uploads"].save(path, ContentFile(checked.content))


def download(path: str, *, name: str, mime: str) -> HttpResponse:
    """The file as an attachment under the name it was handed in with; a browser saves it and shows nothing."""
    with storages["uploads"].open(path) as kept:
        response = attachment(kept.read(), name=name, mime=mime)
    response["Cache-Control"] = "no-store"
    return response


def _listed(words: list[str]) -> str:
    """`PDF, PNG or JPEG`."""
    return (
        words[0]
        if len(words) == 1
        else _("%(words)s or %(last)s") % {"words": ", ".join(words[:-1]), "last": words[-1]}
    )
