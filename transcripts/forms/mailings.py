"""What a registrar chooses and types for letters on paper."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from organizations.models import AcademicYear, College
from sers.lib.choices import offer_rows
from sers.lib.days import DayField
from transcripts import actions, rules
from transcripts.forms.documents import helped
from transcripts.models import PaperMailing


class StartMailingForm(forms.Form):
    """Whose letters, on credit of which school year. The page offers both; nobody types them."""

    NOT_CHOSEN = "Choose a college and school year from the list."

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

    def save(self, *, by: User) -> PaperMailing:
        """Start the mailing; Refused when there is nothing to mail, or one is being made."""
        return actions.start_mailing(
            college=self.cleaned_data["college"], year=self.cleaned_data["year"], by=by
        )


class MailedForm(forms.Form):
    """The day the letters went to the post office."""

    on = DayField(label="Mailed on", what="the day the letters were mailed")

    def __init__(self, *args: Any, mailing: PaperMailing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"on": timezone.localdate()}
        self.mailing = mailing
        self.helper = helped("on")

    def save(self, *, by: User) -> None:
        """Mark the mailing as mailed; Refused when it is not printed, or was mailed before."""
        on: date = self.cleaned_data["on"]
        actions.mark_mailed(mailing=self.mailing, on=on, by=by)
