"""What grade a late claim can be accepted with."""

from collections.abc import Mapping

from articulations.models import Section
from grading.models import GradePart
from grading.rules.standards import Decided, Read, Standard, standard_of
from organizations.models import CollegeYear
from sers.lib.refusal import Refusal
from students.models import LateClaim

NO_STANDARD = Refusal(
    "no_scale",
    "The college has set no grade scale for that school year.",
    "Set it under Rules and dates, then accept the claim.",
)


def standard_of_claim(claim: LateClaim) -> Standard | None:
    """What the college asked of the class in the year it was taken; None where it has set nothing for it. Two queries."""
    year = CollegeYear.objects.of(claim.college, claim.year)
    if year is None:
        return None
    return standard_of(
        year, list(year.scale.rows.all()), term=Section.Term.YEAR, own_minimum=claim.articulation.minimum_percent
    )  # fmt: skip


def read_claimed(typed: Mapping[str, str], standard: Standard) -> dict[str, Read]:
    """What was typed in the boxes of a claim, by part. Raises ValueError, with words that name the part."""
    read: dict[str, Read] = {}
    for part in standard.parts:
        try:
            read[part] = standard.read(part, typed.get(part, ""))
        except ValueError as error:
            raise ValueError(f"{GradePart.Part(part).label}: {error}") from None
    return read


def why_not_accept_with(decided: Decided | None, claim: LateClaim) -> Refusal | None:
    """A claim is accepted with a grade that earns credit: every part is there, and reaches the college's minimum."""
    if decided is None:
        return Refusal("incomplete", "Enter every grade the college asks for.")
    if not decided.grade.is_earned:
        return Refusal(
            "below",
            f"This grade earns no credit at {claim.college}.",
            "Refuse the claim: the grade does not reach the minimum.",
        )
    return None
