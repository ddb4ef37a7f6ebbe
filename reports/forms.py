"""Asking for everything SERS holds about a student, and for lists to take away."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.models import AcademicYear
from reports import actions, rules
from reports.models import ListExport, RecordExport
from sers.lib.refusal import Refused
from students.models import Student


class RecordForm(forms.Form):
    """Staff say whose request they answer; a student asks and types nothing."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_(
            "Whose request you answer, and how you know who they are. The student reads it in the list of who has seen the record"
        ),
        error_messages={
            "required": _("Enter whose request you answer"),
            "max_length": _("Shorten the reason to 300 characters or fewer"),
        },
    )

    def __init__(self, *args: Any, student: Student, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student = student
        if own:
            del self.fields["reason"]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper

    def save(self, *, by: User, session: str | None) -> RecordExport:
        return actions.ask_for_record(
            student=self.student, reason=self.cleaned_data.get("reason", ""), by=by, session=session
        )


class ListForm(forms.Form):
    """Which list, of which school year, in which form, and what it is for. A refusal stands at its field."""

    what = forms.ChoiceField(
        label="List", error_messages={"required": "Choose a list", "invalid_choice": "Choose a list"}
    )
    year = forms.ChoiceField(
        label="School year",
        error_messages={
            "required": "Choose a school year",
            "invalid_choice": "Choose a school year from the list",
        },
    )
    purpose = forms.CharField(
        label="What it is for",
        max_length=200,
        help_text="Each student in the list can read it among those who have seen the record",
        error_messages={
            "required": "Enter what the list is for",
            "max_length": "Shorten it to 200 characters or fewer",
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = {str(year.first_year): year for year in AcademicYear.objects.order_by("-first_year")}
        fields: Any = self.fields
        fields["what"].choices = [("", "Choose a list"), *rules.lists_to_choose(by)]
        fields["year"].choices = [
            *((key, str(year)) for key, year in self.years.items()),
            ("all", "All school years"),
        ]
        fields["year"].initial = str(AcademicYear.objects.current().first_year)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper

    def save(self, *, by: User) -> ListExport | None:
        """The list that was asked for; None, with words at the field, where it was refused."""
        kind, _dot, form = self.cleaned_data["what"].partition(".")
        year = self.years.get(self.cleaned_data["year"])
        try:
            return actions.ask_for_list(
                kind=kind, form=form, year=year, purpose=self.cleaned_data["purpose"], by=by
            )
        except Refused as refused:
            self.add_error("what", str(refused.refusal))
            return None
