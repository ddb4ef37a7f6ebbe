"""What a consortium asks in a year: what is typed, what it changes, and what was set before."""

from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings

from accounts.models import User
from organizations.models import AcademicYear, Consortium, ConsortiumYear, FurtherAsk
from sers.lib.days import DayField
from sers.lib.keys import read_id
from students import actions, rules
from students.forms.fields import text_field

DUE = "Leave it empty for the last day of the window for forms and fees."


class TermsForm(forms.Form):
    """Form, guardian's signature and fee. A new year begins as a copy of the one before, without its days."""

    form_required = forms.BooleanField(label="A signed registration form is needed", required=False)
    form_due_on = DayField(
        what="the day the form is due", label="The form is due", required=False, help_text=DUE
    )
    guardian_signs = forms.ChoiceField(
        label="A parent or guardian signs",
        choices=ConsortiumYear.Guardian.choices,
        widget=forms.RadioSelect,
        help_text="By a mailed link without an account, or on the paper form.",
        error_messages={"required": "Choose who signs", "invalid_choice": "Choose who signs"},
    )
    guardian_due_on = DayField(
        what="the day the signature is due", label="The signature is due", required=False, help_text=DUE
    )
    fee_basis = forms.ChoiceField(
        label="Fee",
        choices=ConsortiumYear.FeeBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the fee", "invalid_choice": "Choose the fee"},
    )
    fee_amount = forms.DecimalField(
        label="Amount, in dollars",
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=2,
        widget=forms.TextInput({"class": "s-w5", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places", "max_digits", "max_whole_digits"),
            "Enter an amount such as 50 or 12.50",
        ),
    )
    fee_payer = forms.ChoiceField(
        label="Who pays it",
        choices=ConsortiumYear.Payer.choices,
        widget=forms.RadioSelect,
        help_text="What a district pays is on its invoice, and holds up no student’s credit.",
        error_messages={"required": "Choose who pays", "invalid_choice": "Choose who pays"},
    )
    fee_due_on = DayField(
        what="the day the fee is due", label="The fee is due", required=False, help_text=DUE
    )
    lift = forms.BooleanField(
        label="What is asked no more is lifted from students who still owe it",
        required=False,
        help_text="Nothing is ever added to a registration that was made before.",
    )

    def __init__(self, data: Any = None, *, consortium: Consortium, year: AcademicYear) -> None:
        self.consortium, self.year = consortium, year
        self.stands = rules.asks_set(consortium, year)
        source = self.stands or rules.asks_set(consortium, year.before)
        initial: dict[str, Any] = {
            "guardian_signs": ConsortiumYear.Guardian.NOBODY,
            "fee_basis": ConsortiumYear.FeeBasis.NONE,
            "fee_payer": ConsortiumYear.Payer.STUDENT,
        }
        if source is not None:
            initial = {
                name: getattr(source, name)
                for name in rules.ASKS
                if self.stands is not None or not name.endswith("due_on")
            }
            initial["fee_amount"] = (
                f"{source.fee_amount:.2f}".removesuffix(".00") if source.fee_amount else ""
            )
        super().__init__(data, initial=initial)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            Fieldset("Signed form", "form_required", "form_due_on"),
            Fieldset("Parent or guardian", "guardian_signs", "guardian_due_on"),
            Fieldset("Fee", "fee_basis", "fee_amount", "fee_payer", "fee_due_on"),
            "lift",
        )
        return helper

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("fee_basis") == ConsortiumYear.FeeBasis.NONE:
            asked["fee_amount"] = Decimal(0)
        if not self.errors:
            refusal = rules.why_not_these_asks(self.asks, self.year)
            if refusal is not None:
                at = "fee_amount" if refusal.rule == "no_amount" else self._day_outside()
                self.add_error(at, str(refusal))
        return asked

    def _day_outside(self) -> str:
        for name in ("form_due_on", "guardian_due_on", "fee_due_on"):
            alone = {**self.asks, "form_due_on": None, "guardian_due_on": None, "fee_due_on": None}
            if rules.why_not_these_asks({**alone, name: self.asks[name]}, self.year) is not None:
                return name
        return "fee_due_on"

    @property
    def asks(self) -> dict[str, Any]:
        asked = {name: self.cleaned_data.get(name) for name in rules.ASKS}
        asked["fee_amount"] = asked["fee_amount"] or Decimal(0)
        return asked

    @property
    def changes(self) -> list[rules.AskChange]:
        """What saving changes, for who registers from then on."""
        was = {name: getattr(self.stands, name) for name in rules.ASKS} if self.stands else {}
        return rules.changes_of_asks(was, self.asks)

    def save(self, *, seen: int, by: User) -> ConsortiumYear:
        return actions.set_terms(
            consortium=self.consortium,
            year=self.year,
            asks=self.asks,
            seen=seen,
            lift=self.cleaned_data["lift"],
            by=by,
        )


class AskForm(forms.Form):
    """One thing more, in the consortium's own words, in each language of the student pages."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        rows = []
        for code, language in settings.LANGUAGES:
            needed = code == settings.LANGUAGE_CODE
            self.fields[f"name_{code}"] = text_field(
                f"What it is called, in {language}",
                most=80,
                what=f"what it is called in {language}",
                required=needed,
                attrs={"lang": code, "autocomplete": "off"},
            )
            self.fields[f"note_{code}"] = text_field(
                f"What the student does, in {language}",
                most=300,
                what=f"what the student does in {language}",
                required=False,
                attrs={"lang": code, "autocomplete": "off"},
            )
            rows += [f"name_{code}", f"note_{code}"]
        self.fields["due_on"] = DayField(what="the day it is due", label="Due", required=False, help_text=DUE)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*rows, "due_on")

    def save(self, *, terms: ConsortiumYear, by: User) -> FurtherAsk:
        asked = self.cleaned_data
        languages = [code for code, _name in settings.LANGUAGES]
        return actions.add_ask(
            terms=terms,
            names={code: asked[f"name_{code}"] for code in languages},
            notes={code: asked[f"note_{code}"] for code in languages},
            due_on=asked["due_on"],
            by=by,
        )


class TermsPage:
    """What a consortium asks in a year, what is being set, and what was set before."""

    YEARS: ClassVar = (1, 0, -1)

    def __init__(
        self, consortium: Consortium, year: AcademicYear, user: User, *, data: Any = None, act: str = ""
    ) -> None:
        self.consortium, self.year = consortium, year
        self.may_set = rules.can_set_terms(user, consortium)
        self.form = TermsForm(data if act in ("look", "save") else None, consortium=consortium, year=year)
        self.ask_form = AskForm(data if act == "add" else None)
        self.stands = self.form.stands
        self.history = rules.history_of_asks(self.stands)
        self.seen = self.history[0].pk if self.history else 0
        self.further = list(FurtherAsk.objects.standing(self.stands))
        self.standing = rules.stands_under(consortium, year)
        this = AcademicYear.objects.current()
        self.years = [AcademicYear(first_year=this.first_year + more) for more in self.YEARS]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The settings that stand, in words."""
        if self.stands is None:
            return []
        return [
            (rules.ask_name(name), rules.ask_in_words(name, getattr(self.stands, name)))
            for name in rules.ASKS
        ]

    @property
    def bound(self) -> forms.Form:
        """The form that was sent, for the summary of errors."""
        return self.ask_form if self.ask_form.is_bound else self.form

    def ask_of(self, key: str) -> FurtherAsk | None:
        """The thing a button names, among those that are asked."""
        wanted = read_id(key)
        return next((one for one in self.further if one.public_id == wanted), None)
