"""Who gives seats to whom: state > consortium > district > school, and consortium > college.

Nobody gives a seat above or beside their own reach, and nobody changes a seat of their own. Colleges stand above
no school: their seats give none. The State gives the State's seats, since nobody stands above it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings

from accounts.access import Role, has_role, school_year_of, seats
from accounts.models import User
from organizations.models import (
    College,
    Consortium,
    HighSchool,
    Place,
    SchoolDistrict,
    Seat,
    SignerTitle,
)
from sers.lib.refusal import Refusal

#: The roles each role may give, inside its own reach.
GRANTS: Final[Mapping[Role, tuple[Role, ...]]] = {
    Role.STATE: (
        Role.STATE, Role.CONSORTIUM, Role.REGISTRAR, Role.FACULTY, Role.DISTRICT, Role.COUNSELOR, Role.TEACHER,
    ),
    Role.CONSORTIUM: (Role.REGISTRAR, Role.FACULTY, Role.DISTRICT, Role.COUNSELOR, Role.TEACHER),
    Role.DISTRICT: (Role.COUNSELOR, Role.TEACHER),
}  # fmt: skip
#: A signature binds the school's side and the college's: who stands above both says who signs.
SAYS_WHO_SIGNS: Final = (Role.STATE, Role.CONSORTIUM)
#: Roles that see People; those among them that give no seats see their own school or college.
SEES_PEOPLE: Final = (Role.STATE, Role.CONSORTIUM, Role.DISTRICT, Role.REGISTRAR, Role.COUNSELOR)
#: A seat is given at most so long before it begins.
MOST_AHEAD: Final = timedelta(days=366)

KIND_WORDS: Final = {
    "school": "a high school",
    "district": "a school district",
    "college": "a college",
    "consortium": "a consortium",
}
GIVEN_BY: Final = {
    Role.STATE: "state staff",
    Role.CONSORTIUM: "state staff",
    Role.DISTRICT: "the consortium or state staff",
    Role.FACULTY: "the consortium or state staff",
    Role.REGISTRAR: "the consortium or state staff",
    Role.TEACHER: "the district, the consortium or state staff",
    Role.COUNSELOR: "the district, the consortium or state staff",
}


@dataclass(slots=True)
class Reach:
    """Where a person may give which seats, read once and asked often. `everywhere` is the State's."""

    user: User
    everywhere: bool = False
    signs: bool = False
    consortia: list[str] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    #: For each role the places (ids) where a seat of it may be given.
    places: dict[Role, set[int]] = field(default_factory=dict)
    #: For each of those, where the right to sign may be given with it.
    signing: dict[Role, set[int]] = field(default_factory=dict)

    @property
    def roles(self) -> list[Role]:
        """The roles this person may give somewhere, in the order of the chain."""
        if self.everywhere:
            return list(GRANTS[Role.STATE])
        return [role for role in GRANTS[Role.STATE] if self.places.get(role)]

    def may(self, role: Role, place: Place | None) -> bool:
        """May a seat of this role be given on this place?"""
        if role not in Seat.PLACE or role == Role.STUDENT or not stands_right(role, place):
            return False
        if self.everywhere:
            return True
        return place is not None and place.pk in self.places.get(role, ())

    def may_sign(self, role: Role, place: Place | None) -> bool:
        """May the right to sign be given with a seat of this role on this place?"""
        if self.everywhere:
            return True
        return place is not None and place.pk in self.signing.get(role, ())


def reach_of(user: User) -> Reach:
    """Where this person may give seats, by the seats they work as now. At most four queries."""
    reach = Reach(user)
    if has_role(user, Role.STATE):
        reach.everywhere = reach.signs = True
        return reach
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    districts = [seat.anchor for seat in seats(user, Role.DISTRICT)]
    if consortia:
        reach.signs = True
        reach.consortia = [seat.place for seat in seats(user, Role.CONSORTIUM)]
        own = {
            "college": set(College.objects.filter(consortia__in=consortia).values_list("pk", flat=True)),
            "district": set(
                SchoolDistrict.objects.filter(consortia__in=consortia).values_list("pk", flat=True)
            ),
            "school": set(HighSchool.objects.of_consortia(consortia).values_list("pk", flat=True)),
        }
        for role in GRANTS[Role.CONSORTIUM]:
            reach.places[role] = set(own[str(Seat.PLACE[role])])
            reach.signing[role] = set(own[str(Seat.PLACE[role])])
    if districts:
        reach.districts = [seat.place for seat in seats(user, Role.DISTRICT)]
        schools = set(HighSchool.objects.filter(district__in=districts).values_list("pk", flat=True))
        for role in GRANTS[Role.DISTRICT]:
            reach.places[role] = reach.places.get(role, set()) | schools
    return reach


def stands_right(role: Role, place: Place | None) -> bool:
    """Does this role stand on such a place?"""
    column = Seat.PLACE[role]
    wanted = {
        "school": HighSchool, "district": SchoolDistrict, "college": College, "consortium": Consortium,
    }.get(column or "")  # fmt: skip
    return place is None if wanted is None else isinstance(place, wanted)


def may_grant(user: User, role: Role, place: Place | None) -> bool:
    """Nobody gives a seat above or beside their own reach."""
    return reach_of(user).may(role, place)


def may_give_seats(user: Any) -> bool:
    """Does this person give seats anywhere?"""
    return has_role(user, *GRANTS)


def why_not_grant(reach: Reach, role: Role, place: Place | None, *, to: User | None = None) -> Refusal | None:
    """Which rule keeps this person from giving this seat, and whom to ask instead."""
    if role == Role.STUDENT:
        return Refusal(
            "students_come_themselves",
            "Students create their own accounts.",
            "Send them to Create New SERS Account.",
        )
    if not stands_right(role, place):
        column = Seat.PLACE[role]
        where = f"Choose {KIND_WORDS[column]}." if column else "Leave the place empty."
        return Refusal(
            "wrong_place",
            f"A seat as {role.label} stands on {KIND_WORDS.get(column or '', 'no place')}.",
            where,
        )
    if to is not None and to.pk == reach.user.pk:
        return own_seat(role, place)
    if reach.may(role, place):
        return None
    if role not in reach.roles:
        return Refusal(
            "above_reach",
            f"A seat as {role.label} is given by {GIVEN_BY[role]}.",
            f"Ask {desk_of(role, place)}.",
        )
    return Refusal("beyond_reach", f"{place} is outside your reach.", f"Ask {desk_of(role, place)}.")


def own_seat(role: Role, place: Place | None) -> Refusal:
    """Nobody changes their own seats: who stands above does it."""
    return Refusal(
        "own_seat", "Nobody gives, changes or ends a seat of their own.", f"Ask {desk_of(role, place)}."
    )


def why_not_sign(reach: Reach, title: SignerTitle, role: Role, place: Place | None) -> Refusal | None:
    """A title belongs to one role and its kind of school, and is given by who stands above both partners."""
    if title.role != role:
        return Refusal(
            "title_of_another_role",
            f"{title} is a title of people who sit as {Role(title.role).label}.",
            "Choose another title, or another role.",
        )
    if title.school_kind and isinstance(place, HighSchool) and place.kind != title.school_kind:
        kind = HighSchool.Kind(title.school_kind).label.lower()
        return Refusal(
            "title_of_another_school",
            f"{title} is a title at a {kind}; {place} is none.",
            "Choose another title, or another school.",
        )
    if not reach.may_sign(role, place):
        return Refusal(
            "signing_above",
            "Who may sign agreements is said by the consortium or the State: a signature binds both partners.",
            f"Leave the title empty, or ask {desk_of(role, place)}.",
        )
    return None


def why_not_days(starts_on: date, ends_on: date | None, *, on: date) -> Refusal | None:
    """A seat begins in this school year or up to a year from now, and ends today or later."""
    first = date(school_year_of(on), 7, 1)
    if starts_on < first:
        return Refusal(
            "starts_too_early",
            f"The first day lies before this school year began, July 1, {first.year}.",
            "Enter that day or a later one.",
        )
    if starts_on > on + MOST_AHEAD:
        return Refusal(
            "starts_too_late", "The first day lies more than a year ahead.", "Enter an earlier one."
        )
    if ends_on is not None and ends_on < starts_on:
        return Refusal("ends_before", "The last day comes before the first day.", "Enter a later one.")
    if ends_on is not None and ends_on < on:
        return Refusal("ended_already", "The last day is over.", "Enter today or a later day.")
    return None


def why_not_move(seat: Seat, starts_on: date, ends_on: date | None, *, on: date) -> Refusal | None:
    """The first day moves only while it lies ahead; the last day only to today or later."""
    if starts_on != seat.starts_on and seat.starts_on <= on:
        return Refusal(
            "begun_already", "This seat has begun: its first day stays.", "Leave the first day as it was."
        )
    if starts_on != seat.starts_on:
        return why_not_days(starts_on, ends_on, on=on)
    if ends_on is not None and ends_on < max(starts_on, on):
        return Refusal(
            "ended_already", "The last day is over, or comes before the first.",
            "Enter today or a later day; to end the seat at once, use End Seat.",
        )  # fmt: skip
    return None


def why_not_change(reach: Reach, seat: Seat, *, on: date) -> Refusal | None:
    """A seat is changed and ended by those who may give it, as long as it is not over; never by its holder."""
    role = Role(seat.role)
    if seat.user_id == reach.user.pk:
        return own_seat(role, seat.place)
    refusal = why_not_grant(reach, role, seat.place)
    if refusal is not None:
        return refusal
    if seat.is_over(on):
        return Refusal(
            "seat_over", "This seat has ended.", "Give the person a new one: what was, stays as it was."
        )
    return None


def why_not_end(seat: Seat, *, others: int) -> Refusal | None:
    """The last seat of the State stays: nobody could give the next one. `others` are held with no last day."""
    if seat.role == Role.STATE and not others:
        return Refusal(
            "last_state_seat",
            "This is the last seat of the State without a last day.",
            "Give somebody else a seat of the State first.",
        )
    return None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who gives seats at a place: in words, and where mail about it is answered."""

    words: str
    email: str

    def __str__(self) -> str:
        return self.words


def desk_of(role: Role, place: Place | None) -> Desk:
    """`Columbia Basin (Dana Ortiz, 509-555-0100, dana@example.org)`: whom to ask about such a seat, or the State
    Board."""
    consortia: Sequence[Consortium] = []
    if isinstance(place, HighSchool):
        consortia = list(Consortium.objects.filter(districts=place.district_id))
    elif isinstance(place, College | SchoolDistrict):
        consortia = list(place.consortia.all())
    if role in (Role.STATE, Role.CONSORTIUM) or not consortia:
        return Desk(f"the State Board, {settings.HELP_EMAIL}", settings.HELP_EMAIL)
    told = [
        f"{one} ({', '.join(filter(None, (one.contact_name, one.contact_phone, one.contact_email)))})"
        for one in consortia
    ]
    return Desk(" or ".join(told), consortia[0].contact_email or settings.HELP_EMAIL)


def grants_in_words(reach: Reach) -> list[str]:
    """Who may create what, for the person who reads it."""
    if reach.everywhere:
        return ["You give every kind of seat, everywhere in the State. Students create their own accounts."]
    words = []
    if reach.consortia:
        words.append(
            f"For {_and(reach.consortia)} you give seats to District Users, College Faculty, Registrars, Counselors "
            "and Teachers, and say who signs agreements. Seats of the consortium itself are given by state staff."
        )
    if reach.districts:
        words.append(
            f"For the schools of {_and(reach.districts)} you give seats to Counselors and Teachers. Seats of the "
            "district itself, and the right to sign, are given by the consortium."
        )
    return words or ["You see the people of your own school or college. Their seats are given above it."]


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def state_of(user: User, seat: Seat, *, on: date) -> tuple[str, str]:
    """How a seat stands on a day: the state of its tag and the word."""
    if seat.is_over(on):
        return "quiet", "Ended"
    if not user.is_active:
        return "stop", "Locked"
    if user.activated_at is None:
        return "wait", "Invited"
    if seat.starts_on > on:
        return "progress", "Begins later"
    return "done", "Active"
