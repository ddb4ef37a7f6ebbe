"""What may be paid, given back, and by whom; and what a line of a bank's file is about."""

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.access import Role, has_role
from accounts.models import User
from sers.lib.refusal import Refusal
from sers.lib.tags import dollars
from students.models import Payment, Requirement, Student
from students.rules.records import is_own


def can_pay(user: User, student: Student) -> bool:
    """A student goes to the payment provider themselves; whoever pays for them uses the same page."""
    return is_own(user, student) and has_role(user, Role.STUDENT)


def why_not_checkout(owed: Decimal, *, provider: str) -> Refusal | None:
    """Something must be owed, and a provider must be named in the settings."""
    if not provider:
        return Refusal(
            "no_provider",
            _("You cannot pay online here."),
            _("Pay your consortium, and give your CTE Dual Credit ID."),
        )
    if owed <= 0:
        return Refusal("nothing_owed", _("You owe no fee now."), "")
    return None


def why_not_refund(amount: Decimal, *, left: Decimal, reason: str) -> Refusal | None:
    """What covers a fee is not given back; waive the fee first. Who gives back says why."""
    if left <= 0:
        return Refusal("nothing_left", "Nothing of this payment is left over.", "Waive the fee first.")
    if amount <= 0 or amount > left:
        return Refusal("too_much", f"At most {dollars(left)} can go back.", "Enter that amount or less.")
    if not reason.strip():
        return Refusal("no_reason", "A refund needs a reason.", "Enter it: it stays in the ledger.")
    return None


def left_in_words(payment: Payment) -> str:
    """Why money is left over of a payment: what it was for does not stand any more, or it was more than was owed.

    Ask `with_standing` and `with_shares` first.
    """
    left: Decimal = getattr(payment, "left", Decimal(0))
    if left <= 0:
        return ""
    if getattr(payment, "paid_twice", False):
        return "The fee of the year was paid on both records of this student"
    ended = [
        share.requirement
        for share in payment.shares.all()
        if not share.requirement.registration.is_live
        or share.requirement.state in (Requirement.State.DROPPED, Requirement.State.WAIVED)
    ]
    if any(one.state == Requirement.State.WAIVED for one in ended):
        return "The fee was waived after it was paid"
    if any(one.registration.is_live for one in ended):
        return "The fee is asked no more"
    if ended:
        return "The class it was paid for was left"
    if not payment.shares.all():
        return "Nothing was owed any more"
    return "More was paid than was owed"
