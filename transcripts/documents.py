"""Transcripts as PDF."""

from dataclasses import dataclass
from decimal import Decimal
from html import escape

from transcripts.models import Transcript


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One college course on a transcript, with the high-school classes that earned it."""

    year: str
    course_code: str
    course_title: str
    classes: str
    credits: Decimal
    grade: str


def transcript_pdf(transcript: Transcript, rows: list[TranscriptRow]) -> bytes:
    """The unofficial transcript."""
    from weasyprint import HTML

    body = "".join(f"<p>{escape(row.course_code)} {escape(row.course_title)}</p>" for row in rows)
    pdf: bytes = HTML(string=f"<h1>{escape(transcript.college.name)}</h1>{body}").write_pdf()
    return pdf
