"""What stands on a student's record, and what it is worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from organizations.models import College, CollegeYear
from students.models import Student, records_of
from transcripts.models import Badge, CreditAward, Transcript


@dataclass(frozen=True, slots=True)
class EarnedCourse:
    """One credit award with its badge, if the student asked for one."""

    award: CreditAward
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class CollegeCredit:
    """A student's credit at one college, what it is worth, and the documents that show it.

    `worth` is what the credits would have cost at the rate of their school year; `unpriced` are credits of years
    whose rate is not known, which are in no sum.
    """

    college: College
    awards: Sequence[CreditAward]
    transcripts: Sequence[Transcript]
    credits: Decimal
    worth: Decimal
    unpriced: Decimal

    @property
    def sid(self) -> str:
        """The college's student ID, as the newest document says it."""
        return next((one.printed_sid for one in self.transcripts if one.sid), "")


@dataclass(frozen=True, slots=True)
class CreditSum:
    """All of a student's credit, over colleges and years."""

    credits: Decimal
    colleges: int
    worth: Decimal
    unpriced: Decimal


#: Dollars of tuition for one credit, by the ids of college and school year.
Rates = Mapping[tuple[int, int], Decimal]


def tuition_rates(student: Student) -> Rates:
    """What a credit cost at the colleges and in the years a student earned some; unknown rates are left out."""
    known = CollegeYear.objects.filter(
        college__awards__student__in=records_of(student), tuition_per_credit__isnull=False
    ).distinct()
    return {
        (college, year): rate
        for college, year, rate in known.values_list("college", "year", "tuition_per_credit")
        if rate is not None
    }


def credit_by_college(
    awards: Iterable[CreditAward],
    transcripts: Iterable[Transcript],
    *,
    rates: Rates | None = None,
) -> list[CollegeCredit]:
    """A student's credit and documents, college by college in the order of their names."""
    rates = rates or {}
    colleges: dict[int, College] = {}
    earned: dict[int, list[CreditAward]] = {}
    written: dict[int, list[Transcript]] = {}
    for award in awards:
        colleges[award.college_id] = award.college
        earned.setdefault(award.college_id, []).append(award)
    for transcript in transcripts:
        colleges[transcript.college_id] = transcript.college
        written.setdefault(transcript.college_id, []).append(transcript)
    found = []
    for pk, college in sorted(colleges.items(), key=lambda item: item[1].name):
        own = earned.get(pk, [])
        priced = [one for one in own if (pk, one.year_id) in rates]
        credits = sum((one.credits for one in own), Decimal(0))
        found.append(
            CollegeCredit(
                college=college,
                awards=own,
                transcripts=written.get(pk, []),
                credits=credits,
                worth=sum((one.credits * rates[pk, one.year_id] for one in priced), Decimal(0)),
                unpriced=credits - sum((one.credits for one in priced), Decimal(0)),
            )
        )
    return found


def with_badges(awards: Iterable[CreditAward], badges: Iterable[Badge]) -> list[EarnedCourse]:
    """A student's awards, each with its badge if there is one."""
    held = {badge.award_id: badge for badge in badges}
    return [EarnedCourse(award, held.get(award.pk)) for award in awards]


def sum_of(colleges: Iterable[CollegeCredit]) -> CreditSum:
    """What a student's credit comes to. The worth leaves out what has no known rate: it is never told as nothing."""
    with_credit = [one for one in colleges if one.credits]
    return CreditSum(
        credits=sum((one.credits for one in with_credit), Decimal(0)),
        colleges=len(with_credit),
        worth=sum((one.worth for one in with_credit), Decimal(0)),
        unpriced=sum((one.unpriced for one in with_credit), Decimal(0)),
    )
