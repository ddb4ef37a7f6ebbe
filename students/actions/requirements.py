"""What registrations owe: asked when they are made, decided one by one or by the hundred, taken back the same day."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import Consortium
from sers.lib.refusal import Refused
from students import rules
from students.models import (
    Payment,
    PaymentShare,
    Receipt,
    Registration,
    Requirement,
    RequirementDecision,
)

State = Requirement.State
#: Letters and digits of numbers people read from paper: none that are mistaken for another.
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Processed:
    """What an act about many registrations came to: how many changed, and the receipts it left."""

    changed: int
    receipts: tuple[Receipt, ...] = ()


def new_number(letter: str) -> str:
    """`F-7KM2...`: a number to quote from a receipt or a payment; it opens nothing."""
    return f"{letter}-" + "".join(secrets.choice(NUMBER_LETTERS) for _ in range(8))


def ask_of(registration: Registration, asked: Iterable[rules.Asked]) -> list[Requirement]:
    """Write down what a registration owes; its Fees/Req follows. In the transaction that made or moved it."""
    return ask_of_many([(registration, asked)])


def ask_of_many(asked: Iterable[tuple[Registration, Iterable[rules.Asked]]]) -> list[Requirement]:
    """Write down what each of these registrations owes, in one statement."""
    return Requirement.objects.bulk_create(
        Requirement(
            registration=registration,
            kind=one.kind,
            asked=one.further,
            amount=one.amount,
            payer=one.payer,
            due_on=one.due_on,
        )
        for registration, its in asked
        for one in its
    )


def drop(requirements: Iterable[Requirement], *, reason: str, by: User | None) -> int:
    """What is still Pending is asked no more; it stays as history. How many."""
    rows = Requirement.objects.pending().filter(pk__in=[one.pk for one in requirements])
    return rows.update(state=State.DROPPED, decided_at=timezone.now(), decided_by=by, reason=reason[:200])


def process_requirements(
    *,
    registrations: Iterable[Registration],
    to: str,
    by: User,
    kinds: Collection[str] = (),
    reason: str = "",
) -> Processed:
    """Mark what these registrations owe Processed or Waived, or Pending again: all of it, or things of these kinds.

    Only of the person's own consortium, and only as `why_not_decide` allows: what stands so already, has its credit,
    or was decided on another day is left as it is. Whoever waives gives a reason. A fee Processed at the desk is a
    payment of that day; taken back, the payment is taken back with it.
    """
    if to == State.WAIVED:
        refusal = rules.why_not_waive(reason)
        if refusal is not None:
            raise Refused(refusal)
    ours = {one.pk for one in registrations if rules.can_process_requirements(by, one)}
    today = timezone.localdate()
    with transaction.atomic():
        locked = _locked(ours)
        rows = [
            row
            for row in locked
            if (not kinds or row.kind in kinds) and row.payer == Requirement.Payer.STUDENT
        ]
        kept = _money_kept(rows, today) if to == State.PENDING else set()
        rows = [
            row
            for row in rows
            if _is_meant(row, to) and rules.why_not_decide(row, to, on=today, is_paid=row.pk in kept) is None
        ]
        receipts = decide(rows, to, how=Receipt.How.DESK, reason=reason, by=by)
    return Processed(len({row.registration_id for row in rows}), receipts)


def _is_meant(row: Requirement, to: str) -> bool:
    """Process and Waive mean what is Pending, and what stands the other way; back to Pending means what was decided."""
    return row.state in Requirement.DECIDED if to == State.PENDING else row.state != to


def _locked(registrations: Collection[int]) -> list[Requirement]:
    """What stands for these registrations, held until the transaction ends: two at once come one after the other."""
    held = Registration.objects.select_for_update(of=("self",)).filter(pk__in=registrations).order_by("pk")
    keys = [one.pk for one in held]
    Requirement.objects.write_out(keys)
    rows: list[Requirement] = list(
        Requirement.objects.standing().filter(registration__in=keys).told().order_by("pk")
    )
    return rows


def decide(
    requirements: Sequence[Requirement],
    to: str,
    *,
    how: str,
    by: User | None,
    reason: str = "",
    paid: bool = False,
) -> tuple[Receipt, ...]:
    """Bring these into a state: rows, decisions in ink under one receipt a consortium, an event a registration.

    The rows are held by the caller and the rule was asked. `paid` says that the money is written down already.
    """
    now = timezone.now()
    decided = to != State.PENDING
    by_consortium: dict[Consortium, list[Requirement]] = {}
    for row in requirements:
        by_consortium.setdefault(row.registration.articulation.consortium, []).append(row)
    Requirement.objects.filter(pk__in=[row.pk for row in requirements]).update(
        state=to,
        decided_at=now if decided else None,
        decided_by=by if decided else None,
        reason=reason if decided else "",
    )
    receipts = []
    for consortium, rows in by_consortium.items():
        receipt = Receipt.objects.create(
            number=new_number("F"), consortium=consortium, how=how, reason=reason, at=now, by=by
        )
        RequirementDecision.objects.bulk_create(
            RequirementDecision(receipt=receipt, requirement=row, was=row.state, now=to) for row in rows
        )
        _tell(rows, to, receipt, by)
        fees = [row for row in rows if row.kind == Requirement.Kind.FEE]
        if not paid and to == State.PROCESSED:
            _take_in(fees, receipt, by)
        elif to == State.PENDING:
            _take_back(fees, by)
        receipts.append(receipt)
    return tuple(receipts)


def _tell(rows: Sequence[Requirement], to: str, receipt: Receipt, by: User | None) -> None:
    about: dict[Registration, list[str]] = {}
    for row in rows:
        about.setdefault(row.registration, []).append(row.kind)
    for registration, kinds in about.items():
        record_event(
            by=by,
            kind=f"students.fees_req_{to}",
            subject=registration,
            data={"receipt": receipt.number, "kinds": kinds},
        )


def covered_of(rows: Iterable[Requirement]) -> dict[int, Decimal]:
    """How much of each of these fees is paid, by the key of the fee."""
    shares = PaymentShare.objects.filter(requirement__in=[row.pk for row in rows]).exclude(
        payment__returns__kind=Payment.Kind.TAKEN_BACK
    )
    return dict(shares.order_by().values_list("requirement").annotate(Sum("amount")))


def _take_in(fees: Sequence[Requirement], receipt: Receipt, by: User | None) -> None:
    """What the desk took in for these fees, each a payment of today, less what was paid before."""
    covered = covered_of(fees)
    for row in fees:
        missing = row.amount - covered.get(row.pk, Decimal(0))
        if missing > 0:
            payment = Payment.objects.create(
                number=new_number("P"),
                consortium=receipt.consortium,
                student=row.registration.student,
                source=Payment.Source.DESK,
                amount=missing,
                paid_on=timezone.localdate(),
                reference=receipt.number,
                by=by,
            )
            PaymentShare.objects.create(payment=payment, requirement=row, amount=missing)


def _desk_shares(rows: Iterable[Requirement]) -> list[PaymentShare]:
    shares = (
        PaymentShare.objects.filter(requirement__in=[row.pk for row in rows])
        .exclude(payment__returns__kind=Payment.Kind.TAKEN_BACK)
        .select_related("payment")
    )
    return list(shares.order_by("pk"))


def _money_kept(rows: Sequence[Requirement], today: date) -> set[int]:
    """Keys of fees whose last money came otherwise than by the desk today: they do not go back to Pending."""
    covered = covered_of(rows)
    at_desk: dict[int, Decimal] = {}
    for share in _desk_shares(rows):
        if share.payment.source == Payment.Source.DESK and share.payment.paid_on == today:
            at_desk[share.requirement_id] = at_desk.get(share.requirement_id, Decimal(0)) + share.amount
    return {
        row.pk
        for row in rows
        if row.state == State.PROCESSED
        and covered.get(row.pk, Decimal(0)) - at_desk.get(row.pk, Decimal(0)) >= row.amount > 0
    }


def _take_back(fees: Sequence[Requirement], by: User | None) -> None:
    """The desk entered these by mistake today: a row of the same amount says so; nothing is rubbed out."""
    today = timezone.localdate()
    for share in _desk_shares(fees):
        payment = share.payment
        if payment.source == Payment.Source.DESK and payment.paid_on == today:
            Payment.objects.create(
                number=new_number("P"),
                consortium_id=payment.consortium_id,
                student_id=payment.student_id,
                kind=Payment.Kind.TAKEN_BACK,
                source=payment.source,
                amount=payment.amount,
                paid_on=today,
                of=payment,
                by=by,
            )


def undo_receipt(*, receipt: Receipt, by: User) -> Processed:
    """Take back one act of today, all of it that still stands as it was decided then."""
    lines = {one.requirement_id: one.now for one in receipt.decisions.all() if one.now in Requirement.DECIDED}
    registrations = (
        Registration.objects.filter(requirements__in=lines).select_related("articulation").distinct()
    )
    ours = {one.pk for one in registrations if rules.can_process_requirements(by, one)}
    today = timezone.localdate()
    with transaction.atomic():
        rows = [
            row
            for row in _locked(ours)
            if lines.get(row.pk) == row.state and row.decided_at is not None and row.decided_at >= receipt.at
        ]
        kept = _money_kept(rows, today)
        rows = [
            row
            for row in rows
            if rules.why_not_decide(row, State.PENDING, on=today, is_paid=row.pk in kept) is None
        ]
        receipts = decide(rows, State.PENDING, how=Receipt.How.DESK, by=by)
    return Processed(len({row.registration_id for row in rows}), receipts)
