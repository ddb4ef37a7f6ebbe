"""A class of a high school: the codes it is known by, and what it counts and teaches."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from articulations import actions, rules
from articulations.forms.request_pages import line, words
from articulations.models import CareerCluster, HighSchoolCourse
from sers.lib.choices import offer


class EditClassForm(forms.Form):
    """What of a class may change; its school and title stay."""

    local_code = line(
        "Course ID", "", most=rules.LONGEST_COURSE_ID, required=False, width="s-w10",
        hint="As in the district’s own system, for example BUS201. CEDARS calls it Course ID.",
    )  # fmt: skip
    state_code = line(
        "State course code", "", most=10, required=False, width="s-w10",
        hint="As CEDARS lists the course, for example 12104.",
    )  # fmt: skip
    cip = line("CIP code", "", most=9, required=False, hint="Six digits, for example 52.0301.", width="s-w10")
    cluster = forms.ChoiceField(
        label="Career cluster",
        required=False,
        error_messages={"invalid_choice": "Choose a career cluster from the list"},
    )
    high_school_credits = forms.CharField(
        label="High-school credits",
        required=False,
        max_length=6,
        help_text="What the whole class counts toward graduation: 0.5 for a semester, 1 for a year.",
        widget=forms.TextInput({"class": "s-w4", "inputmode": "decimal"}),
        error_messages={"max_length": "Enter high-school credits from 0.25 to 3, for example 0.5 or 1"},
    )
    competencies = words(
        "Competencies", "", most=8000, rows=8, required=False,
        hint="One a line. Alternatives in other consortia are found by them.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, *, taught: HighSchoolCourse) -> None:
        super().__init__(data, initial={**rules.class_facts(taught), "seen": rules.class_seen(taught)})
        self.taught = taught
        offer(self, "cluster", [("", "Not coded"), *CareerCluster.objects.options()])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def clean(self) -> dict[str, Any]:
        for field in rules.CLASS_FIELDS:
            if field != "cluster" and field in self.cleaned_data:
                try:
                    self.cleaned_data[field] = rules.read_class_fact(field, self.cleaned_data[field])
                except ValueError as error:
                    self.add_error(field, ValidationError(str(error).rstrip(".")))
        return self.cleaned_data

    def save(self, *, by: User) -> list[dict[str, str]]:
        """Change it; nothing where nothing is different."""
        return actions.change_class(
            taught=self.taught,
            facts={field: self.cleaned_data[field] for field in rules.CLASS_FIELDS},
            seen=self.cleaned_data["seen"],
            by=by,
        )

    def once_more(self) -> "EditClassForm":
        """What was typed, beside the class as it stands now."""
        stands = HighSchoolCourse.objects.get(pk=self.taught.pk)
        data = {**{name: self.data.get(name, "") for name in self.data}, "seen": rules.class_seen(stands)}
        return EditClassForm(data, taught=stands)
