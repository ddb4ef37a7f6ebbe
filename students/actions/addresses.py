"""A changed address of a student, decided by a second person."""

from django.db import transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import EmailChange, User
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Student


def approve_address(*, change: EmailChange, by: User) -> None:
    """The new address is the student's: Reset Account waits no longer. Of two who decide at once one is Refused."""
    with transaction.atomic():
        ask(change=change, by=by)
        accounts.approve_email_change(change=change, by=by)


def refuse_address(*, change: EmailChange, by: User) -> None:
    """The new address is not the student's: the former one is back, and told."""
    with transaction.atomic():
        ask(change=change, by=by)
        accounts.refuse_email_change(change=change, by=by)


def ask(*, change: EmailChange, by: User) -> None:
    """May this person decide this change now? Refused with the sentence why not; the record is locked."""
    # Student, then user, then change, as everything that changes a record; `accounts` locks the other two.
    student = Student.objects.select_for_update().get(user=change.user_id)
    if not rules.can_decide_address(by, student):
        raise Refused(Refusal("not_in_reach", "This student is out of your reach."))
    refusal = rules.why_not_decide_address(change, by, timezone.now())
    if refusal is not None:
        raise Refused(refusal)
