"""What leaves SERS as a document: transcripts and letters as PDF, pages for the printer, XML and badges."""

from transcripts.documents.letter import LetterFacts, address_pdf, draw, letter_page, letter_pdf
from transcripts.documents.transcript import TranscriptRow, grade_point_average, transcript_pdf
from transcripts.documents.wording import (
    ENGLISH,
    FIELDS,
    LANGUAGES,
    SPANISH,
    USUAL,
    Wording,
    unknown_fields,
)

__all__ = [
    "ENGLISH",
    "FIELDS",
    "LANGUAGES",
    "SPANISH",
    "USUAL",
    "LetterFacts",
    "TranscriptRow",
    "Wording",
    "address_pdf",
    "draw",
    "grade_point_average",
    "letter_page",
    "letter_pdf",
    "transcript_pdf",
    "unknown_fields",
]
