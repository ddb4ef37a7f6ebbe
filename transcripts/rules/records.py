"""What stands on the record: is it whole, what does it come to, how is it looked up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from organizations.models import College
from sers.lib import chain
from transcripts.models import CODE_LENGTH, CODE_LETTERS, CreditAward, Transcript, TranscriptionRun


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


def award_facts(award: CreditAward, sources: Iterable[int]) -> dict[str, str | int | None]:
    """What the fingerprint of an award covers; `sources` are the ids of the registrations that earned it."""
    return {
        "run": award.run_id,
        "student": award.student_id,
        "college_course": award.college_course_id,
        "year": award.year_id,
        "course_code": award.course_code,
        "course_title": award.course_title,
        "credits": str(award.credits),
        "points": None if award.points is None else str(award.points),
        "letter": award.letter,
        "sources": ",".join(str(pk) for pk in sorted(sources)),
    }


def verify_chain(run: TranscriptionRun) -> bool:
    """Is every award of this run as it was written, none missing, none slipped in?

    Follows the chain from its beginning; it must pass every award once and end at the run's own mark.
    """
    awards = {
        award.previous_link: award
        for award in CreditAward.objects.filter(run=run).prefetch_related("sources").order_by("id")
    }
    head, passed = chain.GENESIS, 0
    while (award := awards.get(head)) is not None:
        facts = award_facts(award, (source.registration_id for source in award.sources.all()))
        if award.link != chain.link(head, facts):
            return False
        head, passed = award.link, passed + 1
    return head == run.chain_head and passed == CreditAward.objects.filter(run=run).count()


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
