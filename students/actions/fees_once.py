"""A fee of the year is owed once a person: what becomes of it when two records that both bear it are merged."""

from collections.abc import Iterable

from accounts.models import User
from students import rules
from students.actions.requirements import ask_of, drop
from students.models import Registration, Requirement, Student, records_of

#: Which of several fees of one year stands: what is decided before what is owed, what has money before what has none.
_FIRST = {Requirement.State.PROCESSED: 0, Requirement.State.WAIVED: 1, Requirement.State.PENDING: 2}


def owe_yearly_fee_once(*, student: Student, by: User) -> list[int]:
    """Of a yearly fee that two records of one person bear, what is still owed beside the one that stands is asked no
    more. The keys of what was dropped, so that an undone merge asks it again.

    Called in the transaction that merged the records. What was paid on both stands: the second shows as money to give
    back (`PaymentQuerySet.with_standing`).
    """
    bearers = Registration.objects.filter(student__in=records_of(student)).bearing_fee().with_yearly_fee()
    Requirement.objects.write_out(bearers.order_by().values_list("pk", flat=True))
    fees = (
        Requirement.objects.standing()
        .filter(kind=Requirement.Kind.FEE, registration__in=bearers.values("pk"))
        .prefetch_related("shares")
        .told()
    )
    stands: dict[tuple[int, int], Requirement] = {}
    dropped = []
    for fee in sorted(
        fees, key=lambda one: (_FIRST[Requirement.State(one.state)], not one.shares.all(), one.pk)
    ):
        its = fee.registration
        first = stands.setdefault((its.articulation.consortium_id, its.year_id), fee)
        if first is fee or fee.state != Requirement.State.PENDING:
            continue
        reference = first.registration.reference
        drop([fee], reason=f"Borne by {reference} since the records were merged", by=by)
        dropped.append(fee.pk)
    return dropped


def owe_yearly_fee_again(*, dropped: Iterable[int], by: User) -> int:
    """A merge is undone: each record owes the yearly fee of its own classes again, where it bears none. How many fees
    are asked."""
    asked = 0
    for fee in Requirement.objects.filter(pk__in=list(dropped)).told():
        its = fee.registration
        bears = Registration.objects.bearing_fee().of(its.student)
        if (
            not its.is_live
            or its.awarded_at is not None
            or bears.filter(
                year=its.year_id, articulation__consortium=its.articulation.consortium_id
            ).exists()
        ):
            continue
        payer = Requirement.Payer(fee.payer)
        ask_of(its, [rules.Asked(Requirement.Kind.FEE, fee.due_on, fee.amount, payer)])
        asked += 1
    return asked
