"""The CTE Graduation Pathway, as far as dual credit classes tell.

A student may graduate by two or more high-school credits of CTE classes in one area, of which one gives college credit or
leads to an industry credential (RCW 28A.655.250). SERS takes the career cluster for the area and knows articulated
classes alone: what it counts is the least a student has. A class counts once it is Completed; the school may count one
whose grade is below the college's minimum, which SERS does not know.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sers.lib.tags import credits_in_words
from students.models import Registration

Status = Registration.Status

#: High-school credits of one area that the pathway asks for.
NEEDED: Final = Decimal(2)
#: How wide the bar of a pathway is when it is whole, in its own units.
BAR: Final = 1000


class Taken(NamedTuple):
    """One registration, as a pathway counts it: the class (id), its high-school credits where they are known, its
    career cluster (its name or id), and how it stands."""

    course: int
    credits: Decimal | None
    cluster: str | int
    status: str


@dataclass(slots=True)
class Pathway:
    """What a student has in one career cluster: credits Completed and in class now, and classes, Completed or under way,
    of which it is not known how many credits they are."""

    cluster: str | int
    completed: Decimal = Decimal(0)
    under_way: Decimal = Decimal(0)
    unknown: int = 0

    @property
    def is_whole(self) -> bool:
        return self.completed >= NEEDED

    @property
    def words(self) -> str:
        """`1.5 of 2 credits Completed, 0.5 credits in class now`; `3 credits Completed (2 are needed)`."""
        told = (
            _("{completed} credits Completed ({needed} are needed)")
            if self.is_whole
            else _("{completed} of {needed} credits Completed")
        )
        found = [told.format(completed=tidy_credits(self.completed), needed=tidy_credits(NEEDED))]
        if self.under_way:
            found.append(_("{credits} in class now").format(credits=credits_in_words(self.under_way)))
        if self.unknown:
            found.append(
                ngettext(
                    "{number} class without known credits",
                    "{number} classes without known credits",
                    self.unknown,
                ).format(number=self.unknown)
            )
        return ", ".join(found)

    @property
    def filled(self) -> int:
        """How far the bar is filled by what is Completed."""
        return int(BAR * min(self.completed, NEEDED) / NEEDED)

    @property
    def reaches(self) -> int:
        """How far it is filled with what is in class now."""
        return int(BAR * min(self.completed + self.under_way, NEEDED) / NEEDED)


def tidy_credits(credits: Decimal) -> str:
    """`1.5`, `2`: without idle decimals."""
    return f"{credits.normalize():f}"


def pathways(taken: Iterable[Taken]) -> list[Pathway]:
    """What these registrations of one student add up to, cluster by cluster, the most credits first; a class that was
    taken in two years counts once, and Completed if it ever was. Ended registrations count nowhere."""
    best: dict[tuple[str | int, int], Taken] = {}
    for one in taken:
        if one.status in (Status.COMPLETED, Status.IN_PROGRESS):
            key = (one.cluster, one.course)
            if key not in best or one.status == Status.COMPLETED:
                best[key] = one
    found: dict[str | int, Pathway] = {}
    for (cluster, _course), one in best.items():
        pathway = found.setdefault(cluster, Pathway(cluster))
        if one.credits is None:
            pathway.unknown += 1
        elif one.status == Status.IN_PROGRESS:
            pathway.under_way += one.credits
        else:
            pathway.completed += one.credits
    return sorted(found.values(), key=lambda one: (-one.completed, -one.under_way, str(one.cluster)))


def pathways_of(registrations: Iterable[Registration]) -> list[Pathway]:
    """The pathways of one student's registrations; load class and cluster with them. A class without a cluster is of no
    pathway."""
    return pathways(
        Taken(
            one.high_school_course_id,
            one.high_school_course.high_school_credits,
            one.high_school_course.cluster.name,
            one.status,
        )
        for one in registrations
        if one.high_school_course.cluster is not None
    )
