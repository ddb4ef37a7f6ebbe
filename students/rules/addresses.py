"""Changed addresses that wait for a second person: who decides them, and who only thinks they may."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import seats
from accounts.models import EmailChange, User
from accounts.rules import why_not_approve
from organizations.models import Seat
from sers.lib.refusal import Refusal
from students.models import Student
from students.rules.editing import KEEPERS
from students.rules.records import is_own


def changes_to_decide(user: User, on: datetime) -> QuerySet[EmailChange]:
    """Addresses of students within a person's reach that staff changed and nobody decided yet, the oldest first."""
    reached = Student.objects.within_reach(user, *KEEPERS)
    found = EmailChange.objects.held(on).filter(user__student__in=reached)
    return found.select_related("by", "user__student__school").order_by("asked_at", "id")


def newest_change(student: Student) -> EmailChange | None:
    """The newest change of the first address, with who asked for it and who decided it."""
    if student.user_id is None:
        return None
    changes = EmailChange.objects.filter(user=student.user_id, which=EmailChange.Which.MAIN)
    return changes.select_related("by", "user").first()


def can_decide_address(user: User, student: Student) -> bool:
    """Counselors, districts, consortia and the State decide changed addresses within their reach; never their own."""
    if is_own(user, student):
        return False
    return bool(Student.objects.within_reach(user, *KEEPERS).filter(pk=student.pk).exists())


def why_not_decide_address(change: EmailChange, by: User, on: datetime) -> Refusal | None:
    """A second person decides, who does not hold the seat by grace of the first: nobody makes the colleague who then
    agrees with them."""
    refusal = why_not_approve(change, by, on)
    if refusal is not None:
        return refusal
    held = [seat.id for seat in seats(by, *KEEPERS)]
    if not Seat.objects.filter(pk__in=held).exclude(granted_by=change.by_id).exists():
        return Refusal(
            "seat_from_the_first",
            f"{change.by.name}, who changed this e-mail, gave you your seat.",
            "Ask somebody else to decide: another counselor, the district or the consortium.",
        )
    return None


def is_held(change: EmailChange | None, on: datetime) -> bool:
    """Does this change still wait for a second person?"""
    return (
        change is not None
        and change.hold_until is not None
        and change.hold_until > on
        and not (change.ended_at or change.approved_at or change.refused_at)
    )


def offers_decision(user: User, change: EmailChange | None, student: Student, on: datetime) -> bool:
    """Is this person shown the way to decide? Not who changed it: another does."""
    if change is None or change.by_id == user.pk or not is_held(change, on):
        return False
    return can_decide_address(user, student)


def held_until(change: EmailChange) -> datetime:
    """Until when it holds Reset Account, in whole minutes and never too early."""
    return (change.hold_until or timezone.now()) + timedelta(seconds=59)
