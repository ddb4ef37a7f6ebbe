"""Documents by the thousand: ours beside the naive way and beside the least a page can cost. No database is asked.

Ours: the transcript of six courses as a worker makes it, fonts and styles kept, PDF/UA, sealed. Naive: the same page by
`HTML(string).write_pdf()`, everything read anew. Bare: the same words by fpdf2, untagged, unsealed, one built-in font.
The three are made in turns, so that a busy machine is busy for all of them.
"""

import datetime
import gc
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from organizations.models import College, HighSchool
from sers.lib import press
from sers.lib.codes import new_code
from students.models import Student
from transcripts import documents
from transcripts.models import Transcript

#: So many of ours are made for one of each other way: theirs are there for the ratio, ours for the memory.
IN_TURN = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """Processor milliseconds a document, and the memory of the process after the first and the last of ours."""

    made: int
    seconds: float
    ours: float
    naive: float
    bare: float
    size: int
    megabytes: tuple[float, float]

    @property
    def lines(self) -> list[str]:
        """What is printed."""
        return [
            f"{self.made:,} transcripts in {self.seconds:.0f} s by one process: {1000 / self.ours:.1f} a second of "
            f"processor, {self.ours:.0f} ms and {self.size / 1024:.0f} KB each, tagged and sealed",
            f"ratio to the naive way {self.ours / self.naive:.2f} ({self.naive:.0f} ms), "
            f"to a bare page by fpdf2 {self.ours / self.bare:.0f} ({self.bare:.1f} ms)",
            f"memory {self.megabytes[0]:.0f} MB after the first, {self.megabytes[1]:.0f} MB after the last",
        ]


def example() -> tuple[Transcript, list[documents.TranscriptRow]]:
    """A transcript of six courses that no database knows."""
    student = Student(
        first_name="Maximiliano", last_name="Hernández de la Cruz", sers_id="TP6-20-4187-3",
        birth_date=datetime.date(2009, 3, 12), school=HighSchool(name="Kamiakin High School"),
        graduation_year=2027,
    )  # fmt: skip
    transcript = Transcript(
        student=student, college=College(name="Columbia Basin College"), code=new_code(), sid="201447093",
        credits=Decimal(30), issued_at=datetime.datetime(2026, 8, 22, 3, tzinfo=datetime.UTC),
    )  # fmt: skip
    rows = [
        documents.TranscriptRow(
            "2025-26", f"BUS& 10{n}", "Introduction to Business", "Accounting 1-2, Kamiakin High School",
            Decimal("5.0"), "3.9 A", Decimal("3.9"),
        )
        for n in range(6)
    ]  # fmt: skip
    return transcript, rows


def measure(count: int, *, most_seconds: float = 900) -> Measured:
    """Make so many of ours, or as many as the time allows, and now and then one of each other way."""
    transcript, rows = example()
    ours = documents.transcript_pdf(transcript, rows)
    page, styles = _page_of(transcript, rows)
    spent = {"ours": 0.0, "naive": 0.0, "bare": 0.0}
    times = dict.fromkeys(spent, 0)
    _naive(page, styles)  # each way once unmeasured: what is imported and read at first is nobody's
    _bare(rows)
    first = _megabytes()

    def timed(name: str, work: Callable[[], object]) -> None:
        start = time.process_time()
        work()
        spent[name] += time.process_time() - start
        times[name] += 1

    gc.collect()
    began = time.monotonic()
    while times["ours"] < count and time.monotonic() - began < most_seconds:
        timed("ours", lambda: documents.transcript_pdf(transcript, rows))
        if times["ours"] % IN_TURN == 1:
            timed("naive", lambda: _naive(page, styles))
            timed("bare", lambda: _bare(rows))
    each = {name: 1000 * spent[name] / times[name] for name in spent}
    return Measured(
        made=times["ours"],
        seconds=time.monotonic() - began,
        size=len(ours),
        megabytes=(first, _megabytes()),
        **each,
    )


def _page_of(transcript: Transcript, rows: list[documents.TranscriptRow]) -> tuple[str, list[str]]:
    caught: dict[str, str] = {}

    def catch(template: str, facts: dict[str, object], **_: object) -> bytes:
        caught["page"] = render_to_string(template, facts)
        return b""

    from transcripts.documents import transcript as module

    draw, seal = module.press, module.sealed
    module.press, module.sealed = catch, lambda pdf, *, issuer: pdf
    try:
        documents.transcript_pdf(transcript, rows)
    finally:
        module.press, module.sealed = draw, seal
    mark = (settings.BASE_DIR / "static/img/mark.svg").as_uri()
    page = caught["page"].replace("asset:qr", mark).replace("asset:mark", mark)
    return page, [str(sheet) for sheet in press.STYLES]


def _naive(page: str, styles: list[str]) -> bytes:
    from weasyprint import HTML

    pdf: bytes = HTML(string=page).write_pdf(stylesheets=styles)
    return pdf


def _bare(rows: list[documents.TranscriptRow]) -> bytes:
    from fpdf import FPDF

    pdf = FPDF(format="Letter")
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for row in rows:
        for width, words in (
            (30, row.year),
            (30, row.course_code),
            (80, row.course_title),
            (20, str(row.credits)),
        ):
            pdf.cell(width, 8, words)
        pdf.ln()
    return bytes(pdf.output())


def _megabytes() -> float:
    """What the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024
