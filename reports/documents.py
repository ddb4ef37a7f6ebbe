"""The file of everything SERS holds about a student: a page to read, the same as JSON and CSV, and their papers."""

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.rules import language_of
from grading.models import GradeChangeFile
from reports.models import RecordExport
from reports.rules import Copied, Copier, Holder, tables_for
from sers.lib.sheets import write_csv
from students.models import Amendment, LateClaimFile, Registration
from students.rules import history_row, is_own
from transcripts.models import LetterFile, TranscriptFile

STYLE: Final = settings.BASE_DIR / "static" / "css" / "record.css"
#: Equal records give equal files: no clock of the packer.
PACKED_ON: Final = (2000, 1, 1, 0, 0, 0)


def record_zip(export: RecordExport, *, now: datetime, told: Callable[[int], None]) -> bytes:
    """Everything SERS holds about a student, in the language of who takes it; for a parent the school's side of it.
    `told` hears of every table written."""
    student = export.student
    holder, own = Holder.of(student), is_own(export.asked_by, student)
    with translation.override(language_of(export.reader)):
        copier, copies = Copier(holder), []
        for number, table in enumerate(tables_for(own=own, parent=export.parent), 1):
            copies.append(copier.copy(table))
            told(number)
        papers = list(_papers(holder, school_side=export.is_school_side))
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
            _put(pack, "record.html", _page(export, copies, papers, own=own, now=now).encode())
            _put(pack, "record.css", STYLE.read_bytes())
            _put(pack, "record.json", _json(export, copies, now=now).encode())
            for copy in copies:
                _put(pack, f"tables/{copy.table.name}.csv", write_csv(copy.heads, copy.cells()))
            for name, content in papers:
                _put(pack, f"files/{name}", content)
    return out.getvalue()


def _put(pack: zipfile.ZipFile, name: str, content: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(name, PACKED_ON), content, zipfile.ZIP_DEFLATED)


def _papers(holder: Holder, *, school_side: bool) -> Iterator[tuple[str, bytes]]:
    """Documents colleges made for the student and papers handed in about them; each under a name of its own."""
    records = holder.records
    if not school_side:
        yield from _college_papers(records)
    kept = GradeChangeFile.objects.filter(change__registration__student__in=records)
    for paper in kept.select_related("change").order_by("pk"):
        ending = paper.path.rpartition(".")[2]
        with storages["uploads"].open(paper.path) as file:
            yield f"grade-change-{paper.change.reference}.{ending}", file.read()

    for proof in (
        LateClaimFile.objects.filter(claim__student__in=records).select_related("claim").order_by("pk")
    ):
        ending = proof.path.rpartition(".")[2]
        with storages["uploads"].open(proof.path) as file:
            yield f"late-claim-{proof.claim.reference}-{proof.pk}.{ending}", file.read()


def _college_papers(records: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    for transcript in TranscriptFile.objects.filter(transcript__student__in=records).order_by("pk"):
        yield _numbered(transcript.transcript.file_name, transcript.transcript_id), bytes(transcript.pdf)
    for letter in LetterFile.objects.filter(letter__transcript__student__in=records).order_by("pk"):
        yield _numbered(letter.letter.file_name, letter.letter_id), bytes(letter.pdf)


def _numbered(name: str, number: int) -> str:
    """`transcript-columbia-basin-college-2026-08-21-17.pdf`: two of one day keep apart."""
    stem, _dot, ending = name.rpartition(".")
    return f"{stem}-{number}.{ending}"


def _json(export: RecordExport, copies: Sequence[Copied], *, now: datetime) -> str:
    whole = {
        "record_of": export.student.sers_id,
        "made_at": timezone.localtime(now).isoformat(),
        "notice": notice(),
        "tables": {
            copy.table.name: {
                "title": str(copy.table.title),
                "columns": copy.documented(),
                "left_out": dict(copy.table.left_out),
                "rows": [{name: _as_json(value) for name, value in row.items()} for row in copy.rows],
            }
            for copy in copies
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _as_json(value: Any) -> Any:
    if isinstance(value, None | bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _page(
    export: RecordExport,
    copies: Sequence[Copied],
    papers: Sequence[tuple[str, bytes]],
    *,
    own: bool,
    now: datetime,
) -> str:
    student = export.student
    classes = Registration.objects.of(student).in_full()
    stated = Amendment.objects.stated().of(student)
    return render_to_string(
        "reports/record_page.html",
        {
            "language": translation.get_language(),
            "student": student,
            "now": now,
            "own": own,
            "asked_by": export.made_for,
            "school_side": export.is_school_side,
            "notice": notice(),
            # By the rule of Registration History: the same status, grade and credit as its screen.
            "classes": [history_row(one) for one in classes],
            "tables": [
                {"name": copy.table.name, "title": copy.table.title, "rows": copy.told()} for copy in copies
            ],
            "statements": stated.of_school() if export.is_school_side else stated,
            "papers": [name for name, content in papers],
        },
    )


def notice() -> str:
    """What 34 CFR 99.33 asks to be said with a record that leaves."""
    return _(
        "This file holds an education record. Federal law (FERPA, 34 CFR 99.33) does not let anyone but the student, or "
        "the parent, pass it on without written consent."
    )
