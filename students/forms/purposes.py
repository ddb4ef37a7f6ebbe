"""What the State reads students' records for."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from accounts.models import User
from students import actions
from students.models import StatedPurpose


class PurposeForm(forms.Form):
    """The purpose, and the written agreement that allows it."""

    purpose = forms.CharField(
        label="What do you read students’ records for?",
        help_text="For example: Audit of fees, school year 2026-27. The students can read it: name no one.",
        max_length=180,
        error_messages={
            "required": "Enter what you read students’ records for",
            "max_length": "Shorten the purpose to 180 letters or fewer",
        },
    )
    agreement = forms.CharField(
        label="Written agreement",
        help_text="Its number or name. For example: Interagency agreement 26-104.",
        max_length=80,
        error_messages={
            "required": "Enter the written agreement that allows it",
            "max_length": "Shorten the agreement to 80 letters or fewer",
        },
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("purpose", "agreement", Submit("state", "Continue"))
        return helper

    def save(self, *, by: User) -> StatedPurpose:
        return actions.state_purpose(**self.cleaned_data, by=by)
