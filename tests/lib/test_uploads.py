"""Files people hand in: what is taken, what is refused with which words, how it is kept and given back."""

import io
import sys
import zipfile
import zlib
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from sers.lib import uploads


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\1" * 40 + b"\xff\xd9"


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("a.txt", "a")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("test.pdf", PDF, "application/pdf"),
        ("Test Scan.PDF", PDF, "application/pdf"),
        ("exam.png", PNG, "image/png"),
        ("exam.jpg", JPEG, "image/jpeg"),
        ("exam.JPEG", JPEG + b"\0\0", "image/jpeg"),
    ],
)
def test_papers_are_taken(name: str, content: bytes, mime: str) -> None:
    checked = uploads.check(SimpleUploadedFile(name, content, "text/html"))
    assert (checked.name, checked.mime, checked.content) == (name, mime, content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("test.pdf", b"", "empty"),
        ("test.pdf", PDF + b" " * 5 * uploads.MEGABYTE, "too_big"),
        ("test.docx", archive(), "wrong_kind"),
        ("page.html", b"<script>alert(1)</script>", "wrong_kind"),
        ("page.pdf", b"<html>%PDF-1.7 %%EOF", "wrong_kind"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_kind"),
        ("test.pdf", b"\n" + PDF, "wrong_kind"),
        ("test.png", PDF, "renamed"),
        ("test.pdf.exe", PDF, "renamed"),
        ("test", PDF, "renamed"),
        ("test.jpg", PNG, "renamed"),
        ("test.pdf", PDF[:40], "not_whole"),
        ("test.png", PNG[:-5], "not_whole"),
        ("test.png", PNG + b"more", "not_whole"),
        ("test.png", PNG + archive(), "not_whole"),
        ("test.jpg", JPEG[:-1], "not_whole"),
        ("test.pdf", PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root"), "locked"),
        ("test.pdf", PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript >> /Type"), "active"),
        ("test.pdf", PDF.replace(b"/Type", b"/EmbeddedFile /Type"), "active"),
        ("test.pdf", archive() + PDF, "wrong_kind"),
        ("test.pdf", PDF + archive() + b"%%EOF", "two_kinds"),
        ("test.pdf", PDF[:9] + b"<script>" + PDF[9:], "two_kinds"),
        ("test.jpg", JPEG[:20] + b"%PDF-1.7" + JPEG[20:], "two_kinds"),
        ("test.jpg", JPEG[:-2] + archive() + b"\xff\xd9", "two_kinds"),
    ],
)
def test_everything_else_is_refused_and_says_what_to_do(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        uploads.check(SimpleUploadedFile(name, content))
    assert refused.value.code == code
    words = refused.value.messages[0]
    assert not {"invalid", "please", "sorry", "failed"} & set(words.lower().split())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("C:\\Users\\me\\exam.pdf", "exam.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("ex\u202eam\r\n.pdf", "exam.pdf"),
        ("Prüfung №1.pdf", "Prüfung №1.pdf"),
        ("a" * 300 + ".pdf", "a" * 96 + ".pdf"),
        ("", ""),
    ],
)
def test_names_are_shown_and_never_trusted(typed: str, shown: str) -> None:
    assert uploads.shown_name(typed) == shown


def test_a_file_is_kept_under_a_name_of_our_own_and_given_back_as_a_download() -> None:
    checked = uploads.check(SimpleUploadedFile("Prüfung.pdf", PDF))
    path, again = uploads.keep(checked), uploads.keep(checked)
    assert path != again
    assert path.endswith(".pdf")
    assert "fung" not in path
    with storages["uploads"].open(path) as held:
        assert held.read() == PDF
    response = uploads.download(path, name=checked.name, mime=checked.mime)
    assert response.content == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Pr%C3%BCfung.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import sys; sys.exit(0)", ""),
        ("import sys; sys.exit(1)", "virus"),
        ("import sys; sys.exit(2)", "not_checked"),
    ],
)
def test_a_scanner_may_look(settings: Settings, program: str, code: str) -> None:
    settings.UPLOAD_SCANNER = f"{sys.executable} -c '{program}'"
    if not code:
        uploads.check(SimpleUploadedFile("test.pdf", PDF))
        return
    with pytest.raises(ValidationError) as refused:
        uploads.check(SimpleUploadedFile("test.pdf", PDF))
    assert refused.value.code == code


def test_a_scanner_that_is_not_there_lets_nothing_in(settings: Settings) -> None:
    settings.UPLOAD_SCANNER = "/no/such/program"
    with pytest.raises(ValidationError) as refused:
        uploads.check(SimpleUploadedFile("test.pdf", PDF))
    assert refused.value.code == "not_checked"


def test_a_request_that_is_too_large_is_not_read() -> None:
    handler = uploads.CappedUploads()
    handler.handle_raw_input(None, {}, uploads.CappedUploads.MOST_BYTES, b"")
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, uploads.CappedUploads.MOST_BYTES + 1, b"")


def test_folders_that_are_served_hold_no_uploads(settings: Any) -> None:
    for served in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        assert not settings.UPLOADS_ROOT.is_relative_to(served)
