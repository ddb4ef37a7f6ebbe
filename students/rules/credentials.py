"""Industry credentials students earned: who records one, on which day it may be earned, whom it is refused for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.access import Role, school_year_of
from accounts.models import User
from articulations.models import IndustryCredential, Section
from articulations.rules import year_in_words
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import CredentialTakenBack, EarnedCredential, Registration, Student

#: The seats that record credentials and take them back; the State reads.
RECORDS_CREDENTIALS: Final = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM)
READS_CREDENTIALS: Final = (*RECORDS_CREDENTIALS, Role.STATE)


def can_record_credentials(user: User, section: Section) -> bool:
    """Credentials of a class are recorded by its teachers, the counselors of its school, its district and the staff of
    the consortia its agreements are of. There is no window: industry gives them when it gives them."""
    found: bool = Section.objects.within_reach(user, *RECORDS_CREDENTIALS).filter(pk=section.pk).exists()
    return found


def ninth_grade_began(student: Student) -> date:
    """The first day of the school year in which the student was in 9th grade, by the graduation year."""
    return date(student.graduation_year - 4, 7, 1)


def why_not_day(credential: IndustryCredential, earned_on: date, *, today: date) -> Refusal | None:
    """A credential is earned on a day that has come, in a school year it is still recorded in."""
    if earned_on > today:
        return Refusal("future", f"{day(earned_on)} is still to come.", "Enter the day it was earned.")
    if not credential.is_recorded_in(school_year_of(earned_on)) and credential.last_year is not None:
        ends = credential.last_year
        return Refusal(
            "ended",
            f"{credential} is recorded until the school year {year_in_words(ends.first_year)}.",
            f"Enter a day until {day(ends.ends_on)}, or choose another credential.",
        )
    return None


def why_not_earned(
    registration: Registration, earned_on: date, *, held: EarnedCredential | None, is_seen: bool = True
) -> Refusal | None:
    """A student of the class earned it: not withdrawn and in the class, in 9th grade or later, and holds it not yet.

    Who was below the college's grade may have earned it all the same. `is_seen`: whether who records reads what is held;
    of an entry of another class outside their reach they are told that there is one, and no more.
    """
    if registration.status in Registration.ENDED:
        return Refusal("not_in_class", f"is {registration.get_status_display()}.")
    begins = ninth_grade_began(registration.student)
    if earned_on < begins:
        return Refusal(
            "before_ninth_grade",
            f"was not in 9th grade yet: that school year began {day(begins)}.",
            "Check the day, or the graduation year on the profile.",
        )
    if held is not None and not is_seen:
        return Refusal("held", "holds it already: it was recorded in a class you do not look after.")
    if held is not None:
        return Refusal(
            "held",
            f"has held it since {day(held.earned_on)}: {held.recorded_by.name} recorded it on {day(held.recorded_at)}.",
        )
    return None


def why_not_take_back(earned: EarnedCredential, reason: str) -> Refusal | None:
    """What was recorded in error is taken back once, with a reason."""
    if not reason:
        return Refusal("no_reason", "Enter why it is taken back.")
    if len(reason) > CredentialTakenBack.MOST_LETTERS:
        return Refusal("long", f"Shorten the reason to {CredentialTakenBack.MOST_LETTERS} letters or fewer.")
    if earned.correction is not None:
        return Refusal("taken_back", "It was taken back already.")
    return None


@dataclass(frozen=True, slots=True)
class Offered:
    """What a class is offered to record: what it prepares for first, then every other, then what has ended."""

    prepared: Sequence[IndustryCredential]
    others: Sequence[IndustryCredential]
    ended: Sequence[IndustryCredential]

    @property
    def every(self) -> dict[str, IndustryCredential]:
        """All of them by their public ids."""
        return {str(one.public_id): one for one in (*self.prepared, *self.others, *self.ended)}


def offered_in(section: Section, *, today: date) -> Offered:
    """The whole list: no filter hides a credential by accident. Two queries."""
    prepared = list(section.high_school_course.prepares_for.in_order())
    keys = {one.pk for one in prepared}
    rest = [one for one in IndustryCredential.objects.in_order() if one.pk not in keys]
    this_year = school_year_of(today)
    return Offered(
        prepared,
        [one for one in rest if one.is_recorded_in(this_year)],
        [one for one in rest if not one.is_recorded_in(this_year)],
    )


def credentials_told(rows: Iterable[EarnedCredential]) -> list[EarnedCredential]:
    """A person's credentials that stand, each once, as pages tell them: the latest first."""
    first: dict[int, EarnedCredential] = {}
    for row in sorted(rows, key=lambda one: (one.recorded_at, one.pk)):
        first.setdefault(row.credential_id, row)
    return sorted(first.values(), key=lambda one: (one.earned_on, one.pk), reverse=True)
