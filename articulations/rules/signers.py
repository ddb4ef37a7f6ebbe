"""Who signs: a seat that may, as what is asked for, where the request or the agreement stands."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from django.db.models import Q

from accounts.access import HeldSeat, Role, seats
from accounts.models import User
from articulations.models import AgreementSigner, AgreementText, ArticulationRequest, RequestStep
from organizations.models import Seat

#: What is signed, and the part of it that asks for one title or another.
Signed: TypeAlias = ArticulationRequest | AgreementText
Part: TypeAlias = RequestStep | AgreementSigner

#: The way from what is signed to the place a role's seat stands on.
STANDS_ON: Final = {
    Role.DISTRICT: "school__district", Role.COUNSELOR: "school", Role.FACULTY: "college",
    Role.REGISTRAR: "college", Role.CONSORTIUM: "consortium",
}  # fmt: skip


def stands_at(seat: HeldSeat, signed: Signed) -> bool:
    """Does this seat stand on the school, district, college or consortium of what is signed?"""
    place = {
        Role.DISTRICT: signed.school.district_id,
        Role.COUNSELOR: signed.school_id,
        Role.FACULTY: signed.college_id,
        Role.REGISTRAR: signed.college_id,
        Role.CONSORTIUM: signed.consortium_id,
    }.get(seat.role)
    return place is not None and seat.anchor == place


def signing_seat(user: User, signed: Signed, part: Part) -> Seat | None:
    """The seat this person signs with: one that holds the title asked for, where what is signed stands. The
    skills-center director signs for a skills center only."""
    keys = [seat.id for seat in seats(user) if seat.may_sign and stands_at(seat, signed)]
    titles = [title for title in (part.signs_as_id, part.or_signs_as_id) if title]
    if not keys or not titles:
        return None
    return Seat.objects.in_full().filter(pk__in=keys, signs_as__in=titles).order_by("id").first()


@dataclass(frozen=True, slots=True)
class Signing:
    """One seat a person signs with: the title it holds, and where what it signs stands."""

    title: int
    where: Q


def signings(user: User) -> list[Signing]:
    """Each seat this person signs with; one query, none for who signs nothing."""
    signs = [seat for seat in seats(user) if seat.may_sign]
    if not signs:
        return []
    titles = dict(Seat.objects.filter(pk__in=[seat.id for seat in signs]).values_list("pk", "signs_as"))
    return [Signing(titles[seat.id], Q(**{STANDS_ON[seat.role]: seat.anchor})) for seat in signs]
