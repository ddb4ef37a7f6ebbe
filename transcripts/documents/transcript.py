"""The unofficial transcript of one student at one college."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from sers.lib.press import own_mark, plain, press, qr
from sers.lib.seals import sealed
from students.models import Amendment
from transcripts.documents.letterheads import letterhead_facts
from transcripts.models import Letterhead, Transcript


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One college course on a transcript, with the high-school classes that earned it."""

    year: str
    course_code: str
    course_title: str
    classes: str
    credits: Decimal
    grade: str
    points: Decimal | None = None
    #: The classes by their titles alone, as the letter names them.
    titles: tuple[str, ...] = ()

    @property
    def quality(self) -> Decimal | None:
        """Grade points times credits: what a grade-point average adds up."""
        return None if self.points is None else self.points * self.credits


class Graded(Protocol):
    """What an average is made of: a line of a transcript, or an award."""

    @property
    def credits(self) -> Decimal: ...

    @property
    def points(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Average:
    """Grade-point average with the quality points it is made of."""

    value: Decimal
    quality: Decimal


def grade_point_average(graded: Sequence[Graded]) -> Average | None:
    """Quality points by credits, two decimals, cut off as the colleges do; None where a grade has no points.

    One rule for every document: the PDF and the XML of a transcript say the same.
    """
    qualities = [one.points * one.credits for one in graded if one.points is not None]
    credits = sum((one.credits for one in graded), Decimal(0))
    if not credits or len(qualities) < len(graded):
        return None
    quality = sum(qualities, Decimal(0))
    return Average((quality / credits).quantize(Decimal("0.01"), rounding="ROUND_DOWN"), quality)


def transcript_pdf(
    transcript: Transcript,
    rows: list[TranscriptRow],
    letterhead: Letterhead | None = None,
    statements: Sequence[Amendment] = (),
) -> bytes:
    """The unofficial transcript: every row, the total, the average, and how to check it; under our seal.

    The college course comes first, the high-school class below it. Of the birth date only month and year
    are told. What the student stated about a contested item stands below the table. In the demo state it says so. `transcript` need not be saved yet.
    """
    student = transcript.student
    address = settings.PUBLIC_URL + reverse("transcripts:verify_code", args=[transcript.code])
    average = grade_point_average(rows)
    head, assets = letterhead_facts(transcript.college, letterhead)
    page = {
        "head": head,
        "name": plain(transcript.name or student.name),
        "sid": plain(transcript.printed_sid),
        "sers_id": student.sers_id,
        "born": f"{student.birth_date:%B %Y}",
        "school": plain(student.school.name),
        "graduates": student.graduation_year,
        "issued": timezone.localtime(transcript.issued_at),
        "number": transcript.number,
        "code": transcript.code_in_groups,
        "verify_at": (settings.PUBLIC_URL + reverse("transcripts:verify")).split("://")[-1],
        "rows": [
            {
                "year": row.year,
                "course": plain(row.course_code),
                "title": plain(row.course_title),
                "classes": plain(row.classes),
                "credits": row.credits,
                "grade": plain(row.grade),
                "points": row.quality,
            }
            for row in rows
        ],
        "statements": [
            {
                "about": plain(one.about),
                "text": plain(one.statement),
                "who": plain(one.who),
                "on": one.stated_at,
            }
            for one in statements
        ],
        "total": transcript.credits,
        "average": average.value if average else None,
        "points": average.quality if average else None,
        "demo": settings.DEMO,
    }
    assets |= {"asset:qr": ("image/png", qr(address)), "asset:mark": ("image/svg+xml", own_mark())}
    with translation.override("en"):  # whoever asks for it: the transcript is in English
        pdf = press("transcripts/transcript.html", page, assets=assets, mark=transcript.code)
    return sealed(pdf, issuer=plain(transcript.college.name))
