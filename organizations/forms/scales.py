"""A new grade scale, made from one that is there."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from organizations import actions, rules
from organizations.models import GradeScale, GradeScaleRow
from sers.lib.choices import offer


def typed(scale: GradeScale) -> str:
    """The rows of a scale as they are typed: a range, the points, the letter."""
    lines, above = [], None
    for row in sorted(scale.rows.all(), key=lambda row: -row.percent_from):
        first = f"{row.percent_from.normalize():f}"
        last = "100" if above is None else f"{(above.percent_from - 1).normalize():f}"
        whole = row.percent_from == row.percent_from.to_integral_value()
        span = (
            first
            if first == last or not whole or scale.rounding == GradeScale.Rounding.NONE
            else f"{first}-{last}"
        )
        lines.append(f"{span} {row.points if row.points is not None else '-'} {row.letter or '-'}")
        above = row
    return "\n".join(lines)


class ScaleForm(forms.Form):
    """Whose scale, its name, how it rounds, and its rows, one a line."""

    college = forms.ChoiceField(
        label="College",
        error_messages={"required": "Choose a college", "invalid_choice": "Choose a college from the list"},
    )
    name = forms.CharField(
        label="Name",
        max_length=60,
        help_text="Tells this scale from the college’s others, for example Decimal 2027.",
        error_messages={
            "required": "Enter a name for the scale",
            "max_length": "Shorten the name to 60 letters",
        },
        widget=forms.TextInput({"class": "s-w20", "autocomplete": "off"}),
    )
    rounding = forms.ChoiceField(
        label="Rounding",
        choices=GradeScale.Rounding.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how a percent is rounded",
            "invalid_choice": "Choose from the list",
        },
    )
    rows = forms.CharField(
        label="Rows",
        help_text=(
            "One row a line, the highest first: percent or range, grade points, letter. Write - where there is none. "
            "For example 96-97 3.9 A"
        ),
        max_length=2000,
        widget=forms.Textarea({"rows": 14, "class": "s-w20", "spellcheck": "false"}),
        error_messages={"required": "Enter at least one row", "max_length": "Enter at most 40 rows"},
    )

    def __init__(self, data: Any = None, *, source: GradeScale, user: User) -> None:
        self.colleges = {str(one.public_id): one for one in rules.colleges_in_charge(user)}
        own = str(source.college.public_id) if source.college else ""
        super().__init__(
            data, initial={"college": own, "rounding": source.rounding, "rows": typed(source), "name": ""}
        )
        choices = [(key, one.name) for key, one in self.colleges.items()]
        if len(choices) > 1:
            choices.insert(0, ("", "Choose a college"))
        offer(self, "college", choices)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("college", "name", "rounding", "rows")
        return helper

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if "rows" in asked and "rounding" in asked:
            try:
                asked["steps"] = rules.read_steps(asked["rows"])
            except ValueError as error:
                self.add_error("rows", str(error))
            else:
                for fault in rules.faults_of(asked["steps"], asked["rounding"]):
                    self.add_error("rows", fault)
        return asked

    @property
    def as_rows(self) -> list[GradeScaleRow]:
        """The rows as they would stand; for the preview."""
        return [
            GradeScaleRow(percent_from=step.percent_from, points=step.points, letter=step.letter)
            for step in self.cleaned_data["steps"]
        ]

    @property
    def preview(self) -> list[tuple[str, str]]:
        return rules.preview_of(self.as_rows, self.cleaned_data["rounding"])

    @property
    def examples(self) -> list[str]:
        return rules.examples_of(self.as_rows, self.cleaned_data["rounding"])

    def save(self, *, by: User) -> GradeScale:
        asked = self.cleaned_data
        return actions.make_scale(
            college=self.colleges[asked["college"]],
            name=" ".join(asked["name"].split()),
            rounding=asked["rounding"],
            steps=asked["steps"],
            by=by,
        )
