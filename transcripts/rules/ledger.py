"""The ledger of credit: what its fingerprints cover, and where it does not stand as it was written."""

from collections.abc import Iterable
from dataclasses import dataclass

from sers.lib import chain
from transcripts.models import CreditAward, TranscriptionRun


@dataclass(frozen=True, slots=True)
class Checked:
    """A run's ledger, recomputed: how many links hold, and the first that does not, with what is wrong."""

    links: int
    broken: CreditAward | None = None
    wrong: str = ""

    @property
    def holds(self) -> bool:
        return not self.wrong


def award_facts(award: CreditAward, sources: Iterable[int]) -> dict[str, str | int | None]:
    """What the fingerprint of an award covers; `sources` are the ids of the registrations that earned it.

    A correction also covers the award it corrects, and whether it takes that back.
    """
    facts: dict[str, str | int | None] = {
        "run": award.run_id,
        "student": award.student_id,
        "college_course": award.college_course_id,
        "year": award.year_id,
        "course_code": award.course_code,
        "course_title": award.course_title,
        "credits": f"{award.credits:.1f}",
        "points": None if award.points is None else f"{award.points:.1f}",
        "letter": award.letter,
        "sources": ",".join(str(pk) for pk in sorted(sources)),
    }
    if award.supersedes_id is not None:
        facts["supersedes"] = award.supersedes_id
    if award.takes_back:
        facts["takes_back"] = 1
    return facts


def check_ledger(run: TranscriptionRun) -> Checked:
    """Recompute a run's chain from its beginning, in the order it was written: is every award as it was, none missing,
    none slipped in? The last link must be the run's own mark."""
    head, links = chain.GENESIS, 0
    for award in CreditAward.objects.of_run(run).iterator(chunk_size=500):
        if award.previous_link != head:
            return Checked(links, award, "An award before it is missing, or it was slipped in here.")
        facts = award_facts(award, (source.registration_id for source in award.sources.all()))
        if award.link != chain.link(head, facts):
            return Checked(links, award, "It does not say what was written.")
        head, links = award.link, links + 1
    if head != run.chain_head:
        return Checked(links, None, "The last award of the run is missing.")
    return Checked(links)


def verify_chain(run: TranscriptionRun) -> bool:
    """Does the ledger of this run stand as it was written?"""
    return check_ledger(run).holds
