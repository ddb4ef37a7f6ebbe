"""What was approved becomes an agreement, out for signature or from paper; and the steps requests go through."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone

from accounts.access import Role
from accounts.models import User
from articulations import actions, rules
from articulations.forms.fields import PercentField
from articulations.models import (
    AgreementText,
    Articulation,
    ArticulationRequest,
    StepKind,
)
from organizations.models import AcademicYear, College, Consortium, HighSchool, SignerTitle
from sers.lib.choices import offer


class EnterForm(forms.Form):
    """How long the agreement runs, its own minimum if it has one, and whether its partners sign in SERS or have signed
    on paper. Where no partners are named it is paper."""

    SIGN, PAPER = "sign", "paper"

    first_year = forms.TypedChoiceField(
        label="In force from school year",
        coerce=int,
        error_messages={
            "required": "Choose the first school year",
            "invalid_choice": "Choose the first school year from the list",
        },
    )
    last_year = forms.TypedChoiceField(
        label="Until the end of school year",
        coerce=int,
        error_messages={
            "required": "Choose the last school year",
            "invalid_choice": "Choose the last school year from the list",
        },
    )
    minimum_percent = PercentField(
        label="Own minimum grade", help_text="Only if it differs from the college’s."
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest, year: AcademicYear) -> None:
        first = year.first_year
        super().__init__(data, initial={"first_year": first, "last_year": first + 2})
        self.asked = asked
        offer(self, "first_year", [(one, rules.year_in_words(one)) for one in range(first, first + 4)])
        offer(self, "last_year", [(one, rules.year_in_words(one)) for one in range(first, first + 7)])
        self.partners = rules.partners_of(rules.plan_in_use(asked.consortium, asked.college, year))
        if self.partners:
            names = ", ".join(str(one) for one in self.partners)
            self.fields["signed"] = forms.ChoiceField(
                label="How it is signed",
                choices=[
                    (self.SIGN, f"In SERS, by its partners: {names}"),
                    (self.PAPER, "On paper: every partner has signed, and I have the paper"),
                ],
                initial=self.SIGN,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choose how it is signed",
                    "invalid_choice": "Choose one of the two",
                },
            )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        button = "Continue" if self.partners else "Enter the agreement"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", button)))
        return helper

    @property
    def goes_out(self) -> bool:
        """Do its partners sign it in SERS?"""
        return self.cleaned_data.get("signed") == self.SIGN

    def prepare(self, *, by: User) -> list[AgreementText]:
        """Write the texts, for the partners to sign."""
        return actions.prepare_request(
            asked=self.asked,
            first_year=self.cleaned_data["first_year"],
            last_year=self.cleaned_data["last_year"],
            minimum_percent=self.cleaned_data["minimum_percent"],
            starts_on=timezone.localdate(),
            by=by,
        )

    def save(self, *, by: User) -> list[Articulation]:
        return actions.enter_request(
            asked=self.asked,
            first_year=self.cleaned_data["first_year"],
            last_year=self.cleaned_data["last_year"],
            minimum_percent=self.cleaned_data["minimum_percent"],
            starts_on=timezone.localdate(),
            by=by,
        )


#: So many steps a plan may have.
MOST_STEPS = 6


class StepsForm(forms.Form):
    """The steps of a consortium or one of its colleges, in their order, and the least alignment."""

    minimum_alignment = forms.IntegerField(
        label="Least alignment, in percent",
        min_value=1,
        max_value=100,
        help_text="Faculty approve when the class covers at least so many percent of the outcomes.",
        widget=forms.TextInput({"inputmode": "numeric", "class": "s-w3"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter a percent from 1 to 100"
        ),
    )

    def __init__(self, data: Any = None, *, consortium: Consortium, college: College | None) -> None:
        if college is not None:
            planned, least = rules.plan_for(consortium, college)
        else:
            planned, least = rules.plan_of_consortium(consortium)
        self.consortium, self.college = consortium, college
        self.known: Mapping[str, rules.Planned] = _offered()
        keys = [next((key for key, one in self.known.items() if one == step), "") for step in planned]
        super().__init__(
            data,
            initial={
                "minimum_alignment": least,
                **{f"step_{number}": key for number, key in enumerate(keys, 1)},
            },
        )
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"step_{number}"] = forms.ChoiceField(
                label=f"Step {number}",
                required=False,
                choices=[("", "No more steps"), *((key, one.name) for key, one in self.known.items())],
                error_messages={"invalid_choice": "Choose a step from the list"},
            )
        self.order_fields([*(f"step_{number}" for number in range(1, MOST_STEPS + 1)), "minimum_alignment"])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def chosen(self) -> list[rules.Planned]:
        keys = [self.cleaned_data.get(f"step_{number}", "") for number in range(1, MOST_STEPS + 1)]
        return [self.known[key] for key in keys if key]

    def clean(self) -> dict[str, Any]:
        refusal = rules.why_not_plan(self.chosen())
        if refusal is not None and not self.errors:
            self.add_error("step_1", str(refusal).rstrip("."))
        return self.cleaned_data

    def save(self, *, by: User) -> None:
        actions.set_plan(
            consortium=self.consortium,
            college=self.college,
            steps=self.chosen(),
            minimum_alignment=self.cleaned_data["minimum_alignment"],
            by=by,
        )


def _offered() -> dict[str, rules.Planned]:
    """Every step there is: a signature as each title, one of a title or the skills center's, screening, review."""
    titles: Sequence[SignerTitle] = list(SignerTitle.objects.all())
    found = {f"sign-{one.pk}": rules.Planned(StepKind.SIGN, one) for one in titles}
    centers = [one for one in titles if one.school_kind == HighSchool.Kind.SKILLS_CENTER]
    for one in titles:
        for center in centers:
            if one.role == Role.DISTRICT:
                found[f"sign-{one.pk}-{center.pk}"] = rules.Planned(StepKind.SIGN, one, center)
    return found | {str(kind): rules.Planned(kind) for kind in (StepKind.SCREEN, StepKind.REVIEW)}
