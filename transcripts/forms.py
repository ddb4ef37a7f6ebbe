"""What a person may choose or type: a college and year to transcribe, a verification code."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms

from accounts.models import User
from organizations.models import AcademicYear, College
from transcripts import actions, rules
from transcripts.models import CODE_LENGTH, TranscriptionRun


class StartForm(forms.Form):
    """Whose completed classes, of which school year. The page offers both; nobody types them."""

    NOT_CHOSEN = "Choose a school year from the list."

    college = forms.ModelChoiceField(
        College.objects.none(),
        to_field_name="public_id",
        widget=forms.HiddenInput,
        error_messages={"required": NOT_CHOSEN, "invalid_choice": NOT_CHOSEN},
    )
    year = forms.ModelChoiceField(
        AcademicYear.objects.all(),
        to_field_name="first_year",
        widget=forms.HiddenInput,
        error_messages={"required": NOT_CHOSEN, "invalid_choice": NOT_CHOSEN},
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["college"].queryset = College.objects.filter(pk__in=rules.colleges_of(user))  # type: ignore[attr-defined]

    def save(self, *, by: User) -> TranscriptionRun:
        """Start the run; Refused when it cannot start now."""
        return actions.start_run(college=self.cleaned_data["college"], year=self.cleaned_data["year"], by=by)


class VerifyForm(forms.Form):
    """The code on a transcript, as people read it from paper."""

    code = forms.CharField(
        label="Verification code",
        help_text="26 letters and digits, at the end of the transcript. Small letters, spaces and hyphens do no harm.",
        max_length=200,
        error_messages={
            "required": "Enter the code of the transcript",
            "max_length": "A code has 26 letters and digits. Enter the code alone",
        },
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "s-wide"}
        ),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_class = "s-form"
        helper.layout = Layout(
            "code", HTML('<div class="s-buttons"><button class="btn btn-primary">Check</button></div>')
        )
        return helper

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        code = rules.read_code(typed)
        if not code:
            count = sum(character.isalnum() for character in typed)
            raise forms.ValidationError(
                f"A code has {CODE_LENGTH} letters and digits, never the letter U. You typed {count}"
                if count != CODE_LENGTH
                else "A code has digits and the letters A to Z without U. Compare it with the paper again"
            )
        return code
