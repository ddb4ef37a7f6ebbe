"""Likely twins as staff look at them: who may, side by side, and what keeps a pair from being told apart."""

from dataclasses import dataclass
from typing import Any, Final

from accounts.access import Role, has_role
from accounts.models import User
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import LikelyTwins, Student
from students.rules.twins import Likeness, Person, likeness

#: As the pair keeps what the rule says.
KEPT: Final = {Likeness.SAME: LikelyTwins.Likeness.SAME, Likeness.LIKELY: LikelyTwins.Likeness.NEAR}


def can_see_twins(user: User) -> bool:
    """Consortium and state staff look at likely twins: they may change a legal name, and put records together."""
    return has_role(user, Role.CONSORTIUM, Role.STATE)


def person_of(student: Student) -> Person:
    """What a record is compared by."""
    return Person(
        student.first_name, student.last_name, student.birth_date, student.former_names, student.school_id
    )


def likeness_of(one: Student, other: Student) -> str:
    """How alike two records are, as a pair keeps it; empty for two people."""
    return str(KEPT.get(likeness(person_of(one), person_of(other)), ""))


def why_not_tell_apart(user: User, pair: LikelyTwins, reason: str) -> Refusal | None:
    """Somebody who sees both says once, and why, that they are two people."""
    if not can_see_twins(user):
        return Refusal("not_for_seat", "Consortium and state staff look at likely twins.", "")
    if not reason.strip():
        return Refusal("no_reason", "Enter how you know that they are two people.", "")
    if pair.decided_at is not None:
        return Refusal("decided", "Somebody told these two apart already.", "")
    return None


@dataclass(frozen=True, slots=True)
class Beside:
    """One thing of both records: its name, both values, and if they differ."""

    name: str
    older: str
    newer: str

    @property
    def differs(self) -> bool:
        return self.older != self.newer


def side_by_side(pair: LikelyTwins, registrations: dict[int, int]) -> list[Beside]:
    """Both records in the order people compare them; what only one record has is a difference too."""
    return beside(pair.older, pair.newer, registrations)


def beside(one: Student, other: Student, registrations: dict[int, int]) -> list[Beside]:
    """Any two records, field by field."""
    first, second = _told(one, registrations), _told(other, registrations)
    return [Beside(name, first[name], second[name]) for name in first]


def _told(student: Student, registrations: dict[int, int]) -> dict[str, str]:
    user: Any = student.user
    account = "No account" if user is None else "Activated" if user.activated_at else "Not activated yet"
    return {
        "CTE Dual Credit ID": student.sers_id,
        "Legal name": student.name,
        "Former names": student.former_names,
        "Birth date": str(day(student.birth_date)),
        "High school": f"{student.school.name}, {student.school.district.name}",
        "Grade level": f"Grade {student.grade_level}",
        "Graduation year": str(student.graduation_year),
        "E-mail": student.email,
        "Phone": student.phone,
        "Address": student.address,
        "Parent or guardian": student.guardian_name,
        "Account": account,
        "Registrations": str(registrations.get(student.pk, 0)),
        "Record since": str(day(student.created_at)),
    }
