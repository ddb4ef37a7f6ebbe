"""The ledger of credit: what its fingerprints cover, and whether it stands as it was written."""

from collections.abc import Iterable

from sers.lib import chain
from transcripts.models import CreditAward, TranscriptionRun


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
