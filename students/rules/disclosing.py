"""Whose record is whose: when a reading goes across agency lines, and on which ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from accounts.access import HeldSeat, Role, has_role, is_account_of
from accounts.models import RateLimit, User
from sers.lib.folding import fold
from sers.lib.refusal import Refusal
from students.models import Disclosure, Student, list_name

Ground = Disclosure.Ground

#: Who may look beyond their reach. Faculty and students see no students; the State's reach is everything.
STATEWIDE: Final = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM)
#: A person who helps a hall of returning students searches this often; a machine that copies the State does not.
STATEWIDE_SEARCHES: Final = 30
STATEWIDE_WITHIN: Final = timedelta(hours=1)
#: How many outside one's reach a search lists at most, however many there are.
MOST_BEYOND: Final = 10
#: How many of one name are looked through for those.
MOST_LOOKED_AT: Final = 500
#: Wrong birth dates for one record before it stays closed to this person for a day.
WRONG_DATES: Final = 5
WRONG_DATES_WITHIN: Final = timedelta(days=1)
#: The grounds a person may name who opens a record beyond their reach.
NAMED_GROUNDS: Final = (Ground.ENROLLED, Ground.CONSENT, Ground.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Whose:
    """What decides whose record it is: the student's account and the district of their own school."""

    student_id: int
    user_id: int | None
    district_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """From which seat a record is read, on which ground, and whether that crosses agency lines."""

    role: Role
    ground: Disclosure.Ground
    crosses: bool
    seat: HeldSeat | None = None


#: On which ground each role reads the record of a student of another agency.
_ACROSS: Final = {
    Role.TEACHER: Ground.ENROLLED,
    Role.COUNSELOR: Ground.ENROLLED,
    Role.DISTRICT: Ground.ENROLLED,
    Role.FACULTY: Ground.ENROLLED,
    Role.REGISTRAR: Ground.ENROLLED,
    Role.CONSORTIUM: Ground.PROGRAM,
    Role.STATE: Ground.AUDIT,
}


def crosses_agencies(seat: HeldSeat, whose: Whose) -> bool:
    """Does the record leave its agency when this seat reads it?

    A high-school record is its district's. Teachers, counselors and district users of that district are its own
    officials; of another district (a skills center's too), of a college, a consortium or the State they are not.
    """
    return seat.works_for != whose.district_id


def standing_of(user_id: int, held: Sequence[HeldSeat], whose: Whose) -> Standing:
    """From which of these seats the record is read: the student's own comes first.

    Who holds several seats and wears no hat reads from the one that crosses agency lines: what is written down too
    much does no harm.
    """
    own = {user_id, *(seat.user_id for seat in held if seat.role is Role.STUDENT)}
    if whose.user_id in own:
        return Standing(Role.STUDENT, Ground.OWN_RECORD, crosses=False)
    staff = [seat for seat in held if seat.role is not Role.STUDENT]
    across = [seat for seat in staff if crosses_agencies(seat, whose)]
    if across:
        return Standing(across[-1].role, _ACROSS[across[-1].role], crosses=True, seat=across[-1])
    return Standing(staff[0].role, Ground.SCHOOL_OFFICIAL, crosses=False, seat=staff[0])


def can_search_statewide(user: User) -> bool:
    """May this person look for students beyond their reach, with a reason?"""
    return has_role(user, *STATEWIDE)


def can_see_readers(user: User, student: Student) -> bool:
    """Who has seen a record is shown to the student, and to those who keep the record: district, consortium, State."""
    return is_account_of(user, student.user_id) or has_role(user, Role.DISTRICT, Role.CONSORTIUM, Role.STATE)


def can_ask_for_record(user: User, student: Student) -> bool:
    """Everything SERS holds about a student: for the student, and for consortium and state staff who answer a request."""
    return is_account_of(user, student.user_id) or has_role(user, Role.CONSORTIUM, Role.STATE)


def why_not_statewide(limit: RateLimit) -> Refusal | None:
    """Search Statewide answers thirty times an hour."""
    if limit.tries <= STATEWIDE_SEARCHES:
        return None
    return Refusal("too_many_searches", "You searched statewide many times in an hour.", _again_at(limit))


def why_not_confirm(limit: RateLimit) -> Refusal | None:
    """A record stays closed to a person for a day after five wrong birth dates."""
    if limit.tries <= WRONG_DATES:
        return None
    return Refusal(
        "too_many_dates",
        "That was not the birth date too many times. This record stays closed to you for a day.",
        "Ask the student’s own school or consortium.",
    )


def why_not_beyond(name: str) -> Refusal | None:
    """Beyond one's reach a student is looked for by first and last name: nobody leafs through the State."""
    if len([part for part in fold(name).split() if len(part) >= 2]) >= 2:
        return None
    return Refusal("one_name", "Enter a first and a last name to search statewide", "")


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is told of a student beyond one's reach."""

    public_id: UUID
    name: str
    school: str
    grade_level: int
    masked_id: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Beyond":
        """From a row of the list of students."""
        return cls(
            row["public_id"],
            list_name(row["last_name"], row["first_name"]),
            row["school_name"],
            row["grade_level"],
            masked_id(row["sers_id"]),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of Who has seen my record."""

    at: datetime
    who: str
    seat: str
    what: str
    why: str
    paragraph: str
    refused: bool
    crosses: bool


def reading_in_words(row: Mapping[str, Any]) -> Reading:
    """A row of the log as a student reads it: plain words, and the paragraph behind them."""
    ground = Ground(row["ground"])
    name = f"{row['reader__first_name']} {row['reader__last_name']}".strip()
    role = str(Role(row["role"]).label)
    why = str(ground.label) + (f": “{row['reason']}”" if row["reason"] else "")
    return Reading(
        at=row["at"],
        who=name,
        seat=f"{role}, {row['place']}" if row["place"] else role,
        what=str(Disclosure.What(row["what"]).label),
        why=why,
        paragraph=f"34 CFR {ground.value}" if ground.value[0].isdigit() else "",
        refused=row["refused"],
        crosses=row["crosses"],
    )


#: The columns of `manage.py who_was_exposed`: when, by whom, whose, what and why, and how to write to them.
EXPOSED_HEADS: Final = (
    "when (Pacific)", "account", "seat", "session", "CTE Dual Credit ID", "student", "school", "what was shown", "ground",
    "reason", "e-mail", "second e-mail", "language", "address", "parent or guardian", "guardian's e-mail",
    "guardian's language",
)  # fmt: skip


def exposed_row(row: Mapping[str, Any]) -> list[str]:
    """One reading as the list after a breach has it: what was shown is said in the words of the page."""
    role = str(Role(row["role"]).label)
    place = " ".join(part for part in (row["state"], row["postal_code"]) if part)
    return [
        f"{timezone.localtime(row['at']):%Y-%m-%d %H:%M:%S}",
        row["reader__username"],
        f"{role}, {row['place']}" if row["place"] else role,
        row["session"],
        row["sers_id"],
        list_name(row["last_name"], row["first_name"]),
        row["school__name"],
        str(Disclosure.What(row["what"]).label),
        row["ground"],
        row["reason"],
        row["user__email"] or row["imported_email"],
        row["user__second_email"] or "",
        row["user__language"] or "",
        ", ".join(part for part in (row["street"], row["city"], place) if part),
        row["guardian_name"],
        row["guardian_email"],
        row["guardian_language"],
    ]


def clock(moment: datetime | None) -> str:
    """`2:14 pm`, Pacific time."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def masked_id(sers_id: str) -> str:
    """`TP6-20-4187-9` as it is told beyond one's reach: `TP•-••-••87-9`. An ID that is whole helps nobody there."""
    digits, shown, masked = sum(one.isdigit() for one in sers_id), 3, []
    for one in sers_id:
        if one.isdigit():
            masked.append(one if digits <= shown else "•")
            digits -= 1
        else:
            masked.append(one)
    return "".join(masked)


def _again_at(limit: RateLimit) -> str:
    return f"Try again after {clock(limit.ends_at + timedelta(seconds=59))}."  # in whole minutes, never too early
