"""Reset Account: who may send a student a link that sets password and questions anew, and when it must not go out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.access import Role, has_role
from accounts.models import MailedLink, RateLimit, User
from accounts.rules import came_back_on, why_not_reset, why_too_many
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import Student
from students.rules.records import is_own

#: Who resets accounts of the students in their reach. Registrars and faculty do not.
RESETTERS: Final = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE)
#: Resets by one person: a teacher helps a whole class on the first day of school, not the whole State.
RESETS_OF_PERSON: Final = 60
#: Resets of one student's account, whoever presses.
RESETS_OF_STUDENT: Final = 5
RESETS_WITHIN: Final = timedelta(hours=1)

NO_ACCOUNT: Final = Refusal(
    "no_account",
    "This student has no account yet.",
    "Ask the student to choose Create New SERS Account on the first page of SERS.",
)


def can_reset(user: User, student: Student) -> bool:
    """Staff reset accounts of students within their reach; nobody their own, nor one only opened to be read."""
    if is_own(user, student) or not has_role(user, *RESETTERS):
        return False
    return bool(Student.objects.within_reach(user, *RESETTERS).filter(pk=student.pk).exists())


def why_not_reset_student(student: Student, on: datetime) -> Refusal | None:
    """A link to set everything anew goes to a confirmed address of an open account, and to no address that a staff
    member changed within 72 hours and no second person approved. One sentence says why not, one the way on."""
    user = student.user
    if student.merged_into_id is not None:
        return Refusal(
            "merged", "This record was put together with another one.", "Reset the account of that record."
        )
    if user is None:
        return NO_ACCOUNT
    if student.died_on is not None or not user.is_active:
        return Refusal(
            "closed",
            "This account is closed. No mail goes to it any more.",
            "Ask the consortium if it should be open.",
        )
    if user.email_confirmed_at is None:
        return Refusal(
            "not_confirmed",
            "The e-mail of this account was never confirmed.",
            "It may be another person’s. Send the link that confirms it; after that you can reset the account.",
        )
    back = came_back_on(user.email)
    if back is not None:
        return Refusal(
            "came_back",
            f"Mail to {masked_address(user.email)} came back on {day(back)}.",
            "A counselor, the district or the consortium enters the student’s present e-mail first.",
        )
    return why_not_reset(user, on)


def why_not_reset_again(by_person: RateLimit, of_student: RateLimit) -> Refusal | None:
    """One person resets sixty accounts an hour, and one account is reset five times an hour."""
    return why_too_many(
        by_person, RESETS_OF_PERSON, "You reset many accounts within an hour."
    ) or why_too_many(of_student, RESETS_OF_STUDENT, "This account was reset several times within an hour.")


def masked_address(address: str) -> str:
    """`marisol@example.net` as it is told to who need not know it: `m•••@example.net`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"


@dataclass(frozen=True, slots=True)
class ResetStanding:
    """What the page of Reset Account says of an account."""

    address: str
    link: MailedLink | None
    refusal: Refusal | None

    @property
    def can_confirm(self) -> bool:
        """Is a link that confirms the address what helps now?"""
        return self.refusal is not None and self.refusal.rule == "not_confirmed"


def reset_standing(student: Student, on: datetime) -> ResetStanding:
    """Where the letter would go, whether a link of a reset is open, and why none may be sent."""
    refusal = why_not_reset_student(student, on)
    if student.user is None:
        return ResetStanding("", None, refusal)
    return ResetStanding(masked_address(student.user.email), open_reset(student.user, on), refusal)


def open_reset(user: User, on: datetime) -> MailedLink | None:
    """The link of a reset that was mailed and still opens."""
    links = MailedLink.objects.filter(user=user, purpose=MailedLink.Purpose.RESET).open_at(on)
    return links.select_related("asked_by").first()
