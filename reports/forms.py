"""Asking for everything SERS holds about a student."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports import actions
from reports.models import RecordExport
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
