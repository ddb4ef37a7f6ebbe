"""What school districts owe a consortium for their students, and that they paid."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.db.models import QuerySet

from accounts.models import User
from organizations.models import Consortium, SchoolDistrict
from sers.lib.keys import read_id
from students import actions
from students.actions.requirements import covered_of
from students.forms.fields import text_field
from students.models import Payment, Requirement, fees_of_district


def staffed(user: User, asked: str) -> QuerySet[Consortium]:
    """The consortium an invoice is of: the one that is asked for among those a person works for, else their first."""
    own = Consortium.objects.staffed_by(user).order_by("name")
    wanted = read_id(asked)
    return own.filter(public_id=wanted) if wanted else own.filter(pk__in=own.values_list("pk", flat=True)[:1])


class InvoicePage:
    """The invoice of one district for one school year: each class with its fee, what was paid, what is open."""

    def __init__(self, consortium: Consortium, district: SchoolDistrict, first_year: int) -> None:
        self.consortium, self.district, self.first_year = consortium, district, first_year
        self.fees = list(fees_of_district(consortium, district, first_year))
        covered = covered_of(self.fees)
        self.total = sum((one.amount for one in self.fees), Decimal(0))
        self.paid = sum(
            (
                one.amount if one.state in Requirement.DECIDED else covered.get(one.pk, Decimal(0))
                for one in self.fees
            ),
            Decimal(0),
        )
        self.open = self.total - self.paid
        self.pending = [one for one in self.fees if one.state == Requirement.State.PENDING]


class InvoiceForm(forms.Form):
    """A district has paid."""

    amount = forms.DecimalField(
        label="Amount, in dollars",
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput({"class": "s-w5", "inputmode": "decimal"}),
        error_messages={
            "required": "Enter the amount the district paid",
            **dict.fromkeys(
                ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
                "Enter an amount such as 1250 or 12.50",
            ),
        },
    )
    reference = text_field(
        "Number of the check or transfer",
        most=100,
        what="the number of the check or transfer",
        attrs={"autocomplete": "off", "class": "s-w20"},
    )

    def __init__(self, data: Any = None, *, page: InvoicePage) -> None:
        super().__init__(data, initial={"amount": f"{page.open:.2f}"})
        self.page = page
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(
            "amount", "reference", Submit("paid", "Enter the payment", css_class="btn btn-primary")
        )

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.page.open:
            raise forms.ValidationError("This is more than is open. Enter what belongs to this invoice")
        return amount

    def save(self, *, by: User) -> Payment:
        return actions.pay_for_district(
            consortium=self.page.consortium,
            district=self.page.district,
            fees=self.page.pending,
            amount=self.cleaned_data["amount"],
            reference=self.cleaned_data["reference"],
            by=by,
        )
