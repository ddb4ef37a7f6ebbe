"""Agreements are looked at again: when, by whom, what may follow."""

from datetime import date, timedelta
from typing import Final

from django.db.models import Q

from accounts.access import Role, has_role, seats, stands_on
from accounts.models import User
from articulations.models import (
    AgreementReview,
    Articulation,
    ArticulationQuerySet,
)
from sers.lib.moments import day
from sers.lib.refusal import Refusal

Outcome = AgreementReview.Outcome

#: Who reads the calendar of reviews.
READS_REVIEWS: Final = (Role.DISTRICT, Role.FACULTY, Role.CONSORTIUM, Role.STATE)
#: So many days before a review is due, and on its day, the consortium and the faculty are mailed, once each.
REMINDED_BEFORE: Final = (90, 30, 0)
#: So many agreements one file of the calendar holds at most.
MOST_ROWS_OF_A_FILE: Final = 5000


def reviews_for(user: User, rows: ArticulationQuerySet) -> ArticulationQuerySet:
    """The agreements a person keeps an eye on: of their consortium, their college, their district; the State's are all."""
    if has_role(user, Role.STATE):
        return rows
    ids = {
        role: [seat.anchor for seat in seats(user, role)]
        for role in (Role.CONSORTIUM, Role.FACULTY, Role.DISTRICT)
    }
    districts = Articulation.objects.filter(
        courses__high_school_course__school__district__in=ids[Role.DISTRICT]
    )
    return rows.filter(
        Q(consortium__in=ids[Role.CONSORTIUM])
        | Q(college__in=ids[Role.FACULTY])
        | Q(pk__in=districts.order_by().values("pk"))
    )


def reviews(user: User, agreement: Articulation) -> bool:
    """An agreement is reviewed by the faculty of its college and the staff of its consortium."""
    return stands_on(user, Role.FACULTY, agreement.college_id) or stands_on(
        user, Role.CONSORTIUM, agreement.consortium_id
    )


def why_not_review(user: User, agreement: Articulation, due_on: date | None = None) -> Refusal | None:
    """An agreement is reviewed as long as nothing replaced or ended it; of two who review the same due day, one does."""
    if not reviews(user, agreement):
        return Refusal(
            "not_yours", f"The faculty of {agreement.college} and its consortium review this agreement."
        )
    if agreement.successor is not None:
        return Refusal(
            "replaced", f"Agreement {agreement.successor} has replaced this one.", "Review that one."
        )
    if agreement.terminated_at is not None:
        return Refusal("terminated", f"Agreement {agreement} was terminated.", "There is nothing to review.")
    if due_on is not None and due_on != agreement.review_due_on:
        return Refusal(
            "reviewed", "Somebody else has reviewed this agreement.", "What stands now is shown below."
        )
    return None


def why_not_stay(agreement: Articulation, *, marks: int) -> Refusal | None:
    """That an agreement stays as it is answers a change of a course or a review that is due before its end; its end it
    does not move."""
    if not marks and agreement.review_due_on == agreement.valid_until:
        return Refusal(
            "ends",
            f"The agreement ends {day(agreement.valid_until)}: it cannot stay as it is.",
            "Renew it, or let it end.",
        )
    return None


def threshold_of(due_on: date, on: date) -> int | None:
    """Which reminder of a review it is time for: 90, 30 or 0 days before; None before the first, and once it is past."""
    left = (due_on - on).days
    if left < 0:
        return None
    passed = [days for days in REMINDED_BEFORE if left <= days]
    return min(passed) if passed else None


def until(when: str, on: date) -> date:
    """The last due day a filter of the calendar shows."""
    if when == "overdue":
        return on - timedelta(days=1)
    if when == "soon":
        return on + timedelta(days=90)
    return on + timedelta(days=366) if when == "year" else date(on.year + 10, 12, 31)


def review_state(due_on: date, decided: str, *, marks: int, on: date) -> tuple[str, str]:
    """How the review of an agreement stands: the state of its tag and the word."""
    if decided:
        return "progress", str(Outcome(decided).label)
    if marks:
        return "two", "A course changed"
    if due_on < on:
        return "stop", "Overdue"
    return ("wait", "Due soon") if due_on <= on + timedelta(days=90) else ("quiet", "Later")
