"""The ledger: money that comes in and covers fees, and money that goes back."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.access import Role, stands_on
from accounts.actions import record_event
from accounts.models import User
from organizations.models import Consortium, SchoolDistrict
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.requirements import covered_of, decide, new_number
from students.models import (
    Checkout,
    Payment,
    PaymentShare,
    Receipt,
    Registration,
    Requirement,
    Student,
    records_of,
)

NOTHING = Decimal(0)


def enter_payment(
    *,
    consortium: Consortium,
    amount: Decimal,
    source: str,
    paid_on: date,
    student: Student | None = None,
    district: SchoolDistrict | None = None,
    towards: Iterable[int] = (),
    reference: str = "",
    checkout: Checkout | None = None,
    by: User | None = None,
) -> Payment:
    """Write down money that came in, and let it cover fees: those meant first, then whatever else the student owes
    this consortium, the oldest first. What is covered whole is Processed; what is left over is a refund to make.

    Called in the transaction that asked whether the money is known already.
    """
    payment = Payment.objects.create(
        number=new_number("P"),
        consortium=consortium,
        student=student,
        district=district,
        source=source,
        amount=amount,
        paid_on=paid_on,
        reference=reference[:100],
        checkout=checkout,
        by=by,
    )
    cover(payment, towards=towards, by=by)
    record_event(by=by, kind="students.payment_entered", subject=payment, data={"source": source})
    return payment


def cover(payment: Payment, *, towards: Iterable[int] = (), by: User | None = None) -> int:
    """Let what is left of a payment cover what is owed; the fees meant first. How many fees it covers whole."""
    meant = list(towards)
    fees = Requirement.objects.pending().filter(
        kind=Requirement.Kind.FEE, registration__articulation__consortium=payment.consortium_id
    )
    if payment.student is not None:
        one_at_a_time(f"fees of student {payment.student_id}")
        fees = fees.owed().of_student().filter(registration__student__in=records_of(payment.student))
    else:  # a district pays for the class, whatever grade came of it
        fees = fees.filter(pk__in=meant, payer=Requirement.Payer.DISTRICT).exclude(
            registration__status__in=Registration.ENDED
        )
    held = list(
        Registration.objects.select_for_update(of=("self",))
        .filter(pk__in=fees.order_by().values("registration"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = list(fees.filter(registration__in=held).told())
    rows.sort(key=lambda row: (row.pk not in meant, row.registration_id, row.pk))
    left = left_of(payment)
    covered = covered_of(rows)
    whole = []
    for row in rows:
        share = min(left, row.amount - covered.get(row.pk, NOTHING))
        if share <= 0:
            continue
        PaymentShare.objects.create(payment=payment, requirement=row, amount=share)
        left -= share
        if covered.get(row.pk, NOTHING) + share == row.amount:
            whole.append(row)
    decide(whole, Requirement.State.PROCESSED, how=Receipt.How.PAYMENT, by=by, paid=True)
    return len(whole)


def left_of(payment: Payment) -> Decimal:
    """What of a payment covers nothing and was not given back."""
    left: Decimal = Payment.objects.with_standing().get(pk=payment.pk).left
    return left


def move_shares(old: Requirement, new: Requirement) -> None:
    """What was paid of a fee that is asked no more covers the one that took its place."""
    for share in old.shares.exclude(payment__returns__kind=Payment.Kind.TAKEN_BACK).order_by("pk"):
        PaymentShare.objects.create(payment_id=share.payment_id, requirement=new, amount=share.amount)


def refund(*, payment: Payment, amount: Decimal, reason: str, by: User) -> Payment:
    """Write down that money went back: at most what is left over of the payment. The bank moves it, not SERS."""
    if not stands_on(by, Role.CONSORTIUM, payment.consortium_id):
        raise Refused(Refusal("not_consortium", "Staff of the consortium give money back."))
    with transaction.atomic():
        one_at_a_time(f"refund {payment.pk}")
        refusal = rules.why_not_refund(amount, left=left_of(payment), reason=reason)
        if refusal is not None:
            raise Refused(refusal)
        back = Payment.objects.create(
            number=new_number("P"),
            consortium_id=payment.consortium_id,
            student_id=payment.student_id,
            district_id=payment.district_id,
            kind=Payment.Kind.REFUNDED,
            source=payment.source,
            amount=amount,
            reason=reason,
            paid_on=timezone.localdate(),
            of=payment,
            by=by,
        )
        record_event(by=by, kind="students.payment_refunded", subject=payment, data={"refund": back.pk})
    return back


def pay_for_district(
    *, consortium: Consortium, district: SchoolDistrict, fees: Iterable[Requirement], amount: Decimal,
    reference: str, by: User,
) -> Payment:  # fmt: skip
    """A school district has paid for its students: the fees of the list are covered, in its order."""
    if not stands_on(by, Role.CONSORTIUM, consortium.pk):
        raise Refused(Refusal("not_consortium", "Staff of the consortium enter what districts pay."))
    with transaction.atomic():
        one_at_a_time(f"fees of district {district.pk}")
        return enter_payment(
            consortium=consortium,
            district=district,
            amount=amount,
            source=Payment.Source.DISTRICT,
            paid_on=timezone.localdate(),
            towards=[one.pk for one in fees],
            reference=reference,
            by=by,
        )
