"""What stands on a student's record, and how a verification code is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from organizations.models import College
from transcripts.models import CODE_LENGTH, CODE_LETTERS, CreditAward, Transcript


@dataclass(frozen=True, slots=True)
class CollegeCredit:
    """A student's credit at one college, with the transcripts it made."""

    college: College
    awards: Sequence[CreditAward]
    transcripts: Sequence[Transcript]
    credits: Decimal


def credit_by_college(
    awards: Iterable[CreditAward], transcripts: Iterable[Transcript]
) -> list[CollegeCredit]:
    """A student's credit and transcripts, college by college in the order of their names."""
    colleges: dict[int, College] = {}
    earned: dict[int, list[CreditAward]] = {}
    written: dict[int, list[Transcript]] = {}
    for award in awards:
        colleges[award.college_id] = award.college
        earned.setdefault(award.college_id, []).append(award)
    for transcript in transcripts:
        colleges[transcript.college_id] = transcript.college
        written.setdefault(transcript.college_id, []).append(transcript)
    return [
        CollegeCredit(
            college=college,
            awards=earned.get(pk, []),
            transcripts=written.get(pk, []),
            credits=sum((award.credits for award in earned.get(pk, [])), Decimal(0)),
        )
        for pk, college in sorted(colleges.items(), key=lambda item: item[1].name)
    ]


def read_code(typed: str) -> str:
    """A verification code as people type it: any case, spaces, hyphens, O for 0, I and L for 1.

    Empty when it cannot be one.
    """
    kept = "".join(
        letter
        for letter in typed.upper()
        if not letter.isspace() and letter not in "-\u2010\u2011\u2013\u2014"
    )
    kept = kept.translate(str.maketrans("OIL", "011"))
    return kept if len(kept) == CODE_LENGTH and set(kept) <= set(CODE_LETTERS) else ""
