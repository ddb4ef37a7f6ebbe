"""What a student owes and has paid; a payment's receipt, and money that goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict

from accounts.models import User
from organizations.models import Consortium
from sers.lib.keys import read_id
from sers.lib.listing import changed, page_of
from students import actions, rules
from students.actions.requirements import covered_of
from students.forms.fields import text_field
from students.models import Checkout, Payment, Requirement, Student, records_of


@dataclass(frozen=True, slots=True)
class Owed:
    """What a student owes one consortium: each thing, and the money that is still to come in."""

    consortium: Consortium
    rows: tuple[Requirement, ...]
    total: Decimal
    paid: Decimal

    @property
    def to_pay(self) -> Decimal:
        return self.total - self.paid


class FeesPage:
    """A student's forms and fees, consortium by consortium, and what was paid."""

    def __init__(self, student: Student) -> None:
        self.student = student
        rows = list(Requirement.objects.owed_by(student))
        by_consortium: dict[Consortium, list[Requirement]] = {}
        for row in rows:
            by_consortium.setdefault(row.registration.articulation.consortium, []).append(row)
        covered = covered_of(rows)
        self.owed = [
            Owed(
                consortium,
                tuple(some),
                total=sum((row.amount for row in some), Decimal(0)),
                paid=sum((covered.get(row.pk, Decimal(0)) for row in some), Decimal(0)),
            )
            for consortium, some in by_consortium.items()
        ]
        self.payments = list(Payment.objects.filter(student__in=records_of(student)).with_standing().told())
        self.pays_online = actions.payment_provider() is not None

    def consortium(self, key: str) -> Consortium | None:
        """The consortium a button names, among those something is owed to."""
        wanted = read_id(key)
        return next((one.consortium for one in self.owed if one.consortium.public_id == wanted), None)


class PayForm(forms.Form):
    """Pay what is owed to one consortium: nothing is typed."""

    def save(self, *, student: Student, consortium: Consortium, by: User) -> Checkout:
        return actions.begin_checkout(student=student, consortium=consortium, by=by)


class RefundForm(forms.Form):
    """Money that went back, written down."""

    amount = forms.DecimalField(
        label="Amount, in dollars",
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput({"class": "s-w5", "inputmode": "decimal"}),
        error_messages={
            "required": "Enter the amount that went back",
            **dict.fromkeys(
                ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
                "Enter an amount such as 50 or 12.50",
            ),
        },
    )
    reason = text_field(
        "Reason", most=200, what="the reason", help_text="It stays in the ledger.", attrs={"class": "s-w20"}
    )

    def __init__(self, data: Any = None, *, payment: Payment) -> None:
        left: Decimal = getattr(payment, "left", Decimal(0))
        super().__init__(data, initial={"amount": f"{left:.2f}"})
        self.payment, self.left = payment, left

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            "amount", "reason", Submit("refund", "Write down the refund", css_class="btn btn-primary")
        )
        return helper

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("amount") is not None:
            refusal = rules.why_not_refund(asked["amount"], left=self.left, reason=asked.get("reason", ""))
            if refusal is not None and refusal.rule != "no_reason":  # that the field itself says
                self.add_error("amount", str(refusal))
        return asked

    def save(self, *, by: User) -> Payment:
        asked = self.cleaned_data
        return actions.refund(payment=self.payment, amount=asked["amount"], reason=asked["reason"], by=by)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One payment of the ledger, and what is to be done about it."""

    payment: Payment
    why_left: str


class LedgerPage:
    """Payments of one's own consortium, the newest first; or those of which money is left over."""

    SHOWS: ClassVar = {"": "All payments", "refunds": "Money to give back"}

    def __init__(self, query: QueryDict, user: User) -> None:
        self.show = query.get("show", "") if query.get("show", "") in self.SHOWS else ""
        rows = Payment.objects.visible_to(user).with_standing().with_shares().told()
        if self.show == "refunds":
            rows = rows.filter(left__gt=0)
        self.page = page_of(rows, query.get("page", ""))
        self.lines = [LedgerLine(one, rules.left_in_words(one)) for one in self.page]
        self.query = changed(query, page=None)

    @property
    def students(self) -> Sequence[Student]:
        """Whose payments the page shows."""
        return [line.payment.student for line in self.lines if line.payment.student is not None]
