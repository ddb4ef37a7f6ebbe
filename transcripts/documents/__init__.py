"""What leaves SERS as a document: transcripts and letters as PDF, pages for the printer, XML and badges."""

from transcripts.documents.letter import LetterFacts, address_pdf, draw, letter_page, letter_pdf
from transcripts.documents.press import TooLong, bounded, close_press, fetcher
from transcripts.documents.seals import (
    demo_seal,
    is_demo_certificate,
    known_certificates,
    own_seal,
    sealed,
)
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
    "TooLong",
    "TranscriptRow",
    "Wording",
    "address_pdf",
    "bounded",
    "close_press",
    "demo_seal",
    "draw",
    "fetcher",
    "grade_point_average",
    "is_demo_certificate",
    "known_certificates",
    "letter_page",
    "letter_pdf",
    "own_seal",
    "sealed",
    "transcript_pdf",
    "unknown_fields",
]
