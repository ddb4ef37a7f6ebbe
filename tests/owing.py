"""What registrations owe and what was paid, as plain rows: for the standing cast, and for tests of their own."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actions import hash_token
from accounts.models import User
from organizations.models import ConsortiumYear, FurtherAsk
from students.actions.requirements import new_number
from students.models import (
    FIRST_GUARDIAN_TEXT,
    Checkout,
    GuardianAnswer,
    GuardianLink,
    Payment,
    PaymentShare,
    ProviderNews,
    Receipt,
    Registration,
    Requirement,
    RequirementDecision,
    Statement,
    StatementColumns,
    StatementLine,
)

TOKEN = "a-token-that-was-mailed-to-a-guardian"
Kind, State = Requirement.Kind, Requirement.State


def make_requirement(registration: Registration, kind: str, **facts: Any) -> Requirement:
    """One thing a registration owes, Pending unless said otherwise; its Fees/Req follows."""
    if facts.get("state", State.PENDING) != State.PENDING:
        facts.setdefault("decided_at", timezone.now())
    if facts.get("state") == State.WAIVED:
        facts.setdefault("reason", "The school pays")
    one = Requirement.objects.create(registration=registration, kind=kind, **facts)
    registration.refresh_from_db()
    return one


def make_fee(registration: Registration, amount: Decimal | int = 20, **facts: Any) -> Requirement:
    """A fee a registration owes."""
    return make_requirement(registration, Kind.FEE, amount=Decimal(amount), **facts)


def make_terms(consortium: Any, year: Any, **asks: Any) -> ConsortiumYear:
    """What a consortium asks in a year."""
    ConsortiumYear.objects.filter(consortium=consortium, year=year).update(**asks)
    return ConsortiumYear.objects.get(consortium=consortium, year=year)


def make_link(
    requirement: Requirement, *, token: str = TOKEN, language: str = "en", **facts: Any
) -> GuardianLink:
    """A link that was mailed to a guardian about one signature."""
    registration = requirement.registration
    now = timezone.now()
    facts.setdefault("created_at", now)
    facts.setdefault("expires_at", facts["created_at"] + GuardianLink.LIFETIME)
    link = GuardianLink.objects.create(
        student=registration.student, consortium=registration.articulation.consortium, language=language,
        address="home@example.org", token_hash=hash_token(token), **facts,
    )  # fmt: skip
    link.requirements.set([requirement])
    return link


def make_payment(requirement: Requirement, *, amount: Decimal | int | None = None, **facts: Any) -> Payment:
    """Money that came in for a fee."""
    registration = requirement.registration
    paid = requirement.amount if amount is None else Decimal(amount)
    facts.setdefault("source", Payment.Source.DESK)
    payment = Payment.objects.create(
        number=new_number("P"), consortium=registration.articulation.consortium, student=registration.student,
        amount=paid, paid_on=timezone.localdate(), **facts,
    )  # fmt: skip
    PaymentShare.objects.create(
        payment=payment, requirement=requirement, amount=min(paid, requirement.amount)
    )
    return payment


@dataclass(frozen=True, slots=True)
class Money:
    """What one registration has seen of all this; nothing of it is owed any more."""

    fee_receipt: Receipt
    checkout: Checkout
    payment: Payment
    statement: Statement
    statement_line: StatementLine


def make_money(registration: Registration, *, terms: ConsortiumYear, by: User, token: str = TOKEN) -> Money:
    """A fee that was paid online and is asked no more, so that the money is to be given back; a guardian who declined;
    a thing the consortium asked and asks no more; a bank file whose one line is that payment. Fees/Req is as it was."""
    ask = FurtherAsk.objects.create(terms=terms, names={"en": "College application"}, ended_at=timezone.now())
    dropped = {"state": State.DROPPED, "decided_by": by}
    fee = make_fee(registration, **dropped)
    make_requirement(registration, Kind.FURTHER, asked=ask, **dropped)
    signature = make_requirement(registration, Kind.GUARDIAN, **dropped)
    receipt = Receipt.objects.create(
        number=new_number("F"),
        consortium=terms.consortium,
        by=by,
        at=timezone.now() - datetime.timedelta(days=3),
    )
    RequirementDecision.objects.create(
        receipt=receipt, requirement=fee, was=State.PENDING, now=State.PROCESSED
    )
    link = make_link(signature, token=token)
    GuardianAnswer.objects.create(
        link=link, answer=GuardianAnswer.Answer.DECLINED, name="Home Guardian", text_id=FIRST_GUARDIAN_TEXT,
        language="en", words="I do not agree.", shown=[],
    )  # fmt: skip
    checkout = Checkout.objects.create(
        student=registration.student, consortium=terms.consortium, amount=fee.amount, provider="local",
        state=Checkout.State.PAID, done_at=timezone.now(),
    )  # fmt: skip
    checkout.requirements.set([fee])
    payment = make_payment(fee, source=Payment.Source.ONLINE, checkout=checkout)
    ProviderNews.objects.create(
        provider="local", event_id=f"local_{checkout.pk}", kind=ProviderNews.Kind.PAID, checkout=checkout,
        amount=fee.amount, outcome=f"Payment {payment.number}",
    )  # fmt: skip
    statement = Statement.objects.create(
        consortium=terms.consortium, name="bank.csv", state=Statement.State.SAVED, handed_in_by=by,
        saved_at=timezone.now(), known=1,
    )  # fmt: skip
    line = StatementLine.objects.create(
        statement=statement, consortium=terms.consortium, number=2, fingerprint=f"{checkout.pk:064}",
        paid_on=timezone.localdate(), amount=fee.amount, words=f"Card {payment.number}",
        state=StatementLine.State.KNOWN, payment=payment,
    )  # fmt: skip
    StatementColumns.objects.create(
        consortium=terms.consortium, columns={"paid_on": "Date", "amount": "Amount", "words": ["Memo"]}
    )
    return Money(receipt, checkout, payment, statement, line)
