"""Files that are taken away: a browser saves each under its name and never shows it as a page of ours."""

from collections.abc import Sequence
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from sers.lib.sheets import as_csv, as_xlsx

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF: Final = "application/pdf"
ZIP: Final = "application/zip"


def headers_of(name: str) -> dict[str, str]:
    """What makes the answer a file of this name; even opened in place it could run nothing."""
    return {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def attachment(content: bytes | str, *, name: str, mime: str) -> HttpResponse:
    """The file as an answer."""
    return HttpResponse(content, content_type=mime, headers=headers_of(name))


def sheet_attachment(
    lines: Sequence[Sequence[str]], *, form: str, name: str, title: str, notice: str
) -> HttpResponse:
    """The lines as a workbook where the form is `xlsx`, else as CSV; the name comes without its ending."""
    if form == "xlsx":
        return attachment(as_xlsx(lines, title=title, notice=notice), name=f"{name}.xlsx", mime=XLSX)
    return attachment(as_csv(lines, notice=notice), name=f"{name}.csv", mime=CSV)
