"""The congratulatory letter that goes with a transcript: three things to do, in the student's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from sers.lib.press import own_mark, plain, press, qr
from sers.lib.seals import sealed
from sers.lib.tags import dollars
from students.models import Amendment
from transcripts.documents.letterheads import letterhead_facts
from transcripts.documents.transcript import TranscriptRow, transcript_pdf
from transcripts.documents.wording import PHRASES, Wording, filled, paragraphs, phrase, steps
from transcripts.models import Letter, Letterhead

#: How long a student has to tell of a mistake, from the day of the letter.
CORRECT_WITHIN: Final = timedelta(days=40)
#: Parts of a letter are no more than this, whatever is filled in: a letter is one page.
MOST_PARAGRAPHS: Final = 8
LONGEST_PARAGRAPH: Final = 1200


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter tells of its student: the courses it is about and what they come to."""

    rows: list[TranscriptRow]
    year: str
    school: str
    classes: str
    total: Decimal
    tuition_per_credit: Decimal | None

    @property
    def credits(self) -> Decimal:
        return sum((row.credits for row in self.rows), Decimal(0))


def letter_values(letter: Letter, facts: LetterFacts, letterhead: Letterhead | None) -> dict[str, str]:
    """The value of every field a letter's wording may name, in the language of the letter."""
    transcript, language = letter.transcript, letter.language
    worth = ""
    if facts.tuition_per_credit is not None:
        amount = dollars((facts.tuition_per_credit * facts.credits).quantize(Decimal(1)))
        worth = phrase(language, "worth", credits=_credits(language, facts.credits), amount=amount)
    values = {
        "first_name": transcript.student.first_name,
        "name": transcript.name or transcript.student.name,
        "school": facts.school,
        "college": transcript.college.name,
        "classes": facts.classes,
        "year": facts.year,
        "credits": _credits(language, facts.credits),
        "total": _credits(language, facts.total),
        "worth": worth,
        "sid": phrase(language, "sid", sid=transcript.printed_sid)
        if transcript.sid
        else phrase(language, "no_sid"),
        "correct_by": _day(language, timezone.localdate(transcript.issued_at) + CORRECT_WITHIN),
        "phone": letterhead.phone if letterhead else "",
    }
    return {name: plain(value) for name, value in values.items()}


def _credits(language: str, amount: Decimal) -> str:
    return phrase(language, "credit" if amount == 1 else "credits", number=f"{amount.normalize():f}")


def _day(language: str, day: date) -> str:
    with translation.override(language):
        return date_format(day, PHRASES[language]["day"])


def letter_parts(wording: Wording, values: Mapping[str, str]) -> dict[str, Any]:
    """The words of a letter as a page shows them: heading, paragraphs, steps; each composed and bounded."""

    def told(text: str) -> list[str]:
        found = paragraphs(filled(text, values))[:MOST_PARAGRAPHS]
        return [plain(one, LONGEST_PARAGRAPH) for one in found]

    return {
        "heading": plain(filled(wording.heading, values)),
        "opening": told(wording.opening),
        "steps": [
            (plain(first, LONGEST_PARAGRAPH), plain(rest, LONGEST_PARAGRAPH))
            for first, rest in steps(filled(wording.steps, values))[:MOST_PARAGRAPHS]
        ],
        "closing": told(wording.closing),
    }


def letter_page(
    letter: Letter, wording: Wording, facts: LetterFacts, letterhead: Letterhead | None
) -> dict[str, Any]:
    """Everything a letter says, for its template and for the preview of a wording on the screen."""
    transcript, language = letter.transcript, letter.language
    college = plain(transcript.college.name)
    name = plain(transcript.name or transcript.student.name)
    title = letterhead.title_in(language) if letterhead else ""
    return {
        "language": language,
        "say": {
            **PHRASES[language],
            "awarded": phrase(language, "awarded", year=facts.year),
            "about": phrase(language, "about", name=name, college=college),
        },
        "signer_title": plain(title or phrase(language, "registrar", college=college)),
        "issued": _day(language, timezone.localdate(transcript.issued_at)),
        "issued_at": timezone.localtime(transcript.issued_at),
        "to": [name, *(plain(line) for line in letter.address_lines)],
        "sid": plain(transcript.printed_sid),
        "code": letter.code_in_groups,
        "verify_at": (settings.PUBLIC_URL + reverse("transcripts:verify")).split("://")[-1],
        "rows": [
            {
                "course": plain(row.course_code),
                "title": plain(row.course_title),
                "credits": row.credits,
                "grade": plain(row.grade),
            }
            for row in facts.rows
        ],
        "demo": settings.DEMO,
        **letter_parts(wording, letter_values(letter, facts, letterhead)),
    }


def letter_pdf(
    letter: Letter, wording: Wording, facts: LetterFacts, letterhead: Letterhead | None = None
) -> bytes:
    """The letter, one page, with the address where a window envelope shows it; under our seal.

    `letter` and its transcript need not be saved yet.
    """
    head, assets = letterhead_facts(letter.transcript.college, letterhead)
    address = settings.PUBLIC_URL + reverse("transcripts:verify_code", args=[letter.code])
    assets |= {"asset:qr": ("image/png", qr(address)), "asset:mark": ("image/svg+xml", own_mark())}
    page = {"head": head, **letter_page(letter, wording, facts, letterhead)}
    pdf = press("transcripts/letter.html", page, assets=assets, mark=letter.code)
    return sealed(pdf, issuer=head["college"])


def address_pdf(letter: Letter, letterhead: Letterhead | None = None) -> bytes:
    """A sheet that goes before a letter written to another address: today's, where a window envelope shows it.

    For the printer alone, so it carries no seal. The letter behind it is the one that was issued.
    """
    transcript = letter.transcript
    head, assets = letterhead_facts(transcript.college, letterhead)
    name = plain(transcript.name)
    college = head["college"]
    page = {
        "head": head,
        "language": letter.language,
        "title": phrase(letter.language, "about", name=name, college=college),
        "to": [name, *(plain(line) for line in transcript.student.address_lines)],
    }
    return press("transcripts/address.html", page, assets=assets, mark=letter.code)


def draw(
    letter: Letter,
    rows: list[TranscriptRow],
    wording: Wording,
    facts: LetterFacts,
    letterhead: Letterhead | None,
    statements: Sequence[Amendment],
) -> tuple[bytes, bytes]:
    """The transcript a letter goes with, and the letter: what a student gets."""
    return (
        transcript_pdf(letter.transcript, rows, letterhead, statements),
        letter_pdf(letter, wording, facts, letterhead),
    )
