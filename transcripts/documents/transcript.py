"""The unofficial transcript of one student at one college."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from sers.lib.press import own_mark, plain, press, qr
from sers.lib.seals import sealed
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

    @property
    def quality(self) -> Decimal | None:
        """Grade points times credits: what a grade-point average adds up."""
        return None if self.points is None else self.points * self.credits


def grade_point_average(rows: list[TranscriptRow]) -> Decimal | None:
    """Quality points by credits, two decimals, cut off as the colleges do; None where a grade has no points."""
    points = [row.quality for row in rows]
    credits = sum((row.credits for row in rows), Decimal(0))
    if not credits or any(point is None for point in points):
        return None
    total = sum((point for point in points if point is not None), Decimal(0))
    return (total / credits).quantize(Decimal("0.01"), rounding="ROUND_DOWN")


def transcript_pdf(
    transcript: Transcript, rows: list[TranscriptRow], letterhead: Letterhead | None = None
) -> bytes:
    """The unofficial transcript: every row, the total, the average, and how to check it; under our seal.

    The college course comes first, the high-school class below it. Of the birth date only month and year
    are told. In the demo state it says so. `transcript` need not be saved yet.
    """
    student = transcript.student
    address = settings.PUBLIC_URL + reverse("transcripts:verify_code", args=[transcript.code])
    points = [row.quality for row in rows]
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
        "total": transcript.credits,
        "average": average,
        "points": None if average is None else sum((one for one in points if one is not None), Decimal(0)),
        "demo": settings.DEMO,
    }
    assets |= {"asset:qr": ("image/png", qr(address)), "asset:mark": ("image/svg+xml", own_mark())}
    with translation.override("en"):  # whoever asks for it: the transcript is in English
        pdf = press("transcripts/transcript.html", page, assets=assets, mark=transcript.code)
    return sealed(pdf, issuer=plain(transcript.college.name))
