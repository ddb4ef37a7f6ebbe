"""A college and year to transcribe."""

from typing import Any

from django import forms

from accounts.models import User
from organizations.models import AcademicYear, College
from sers.lib.choices import offer_rows
from transcripts import actions, rules
from transcripts.models import TranscriptionRun


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
        offer_rows(self, "college", College.objects.filter(pk__in=rules.colleges_of(user)))

    def save(self, *, by: User) -> TranscriptionRun:
        """Start the run; Refused when it cannot start now."""
        return actions.start_run(college=self.cleaned_data["college"], year=self.cleaned_data["year"], by=by)
