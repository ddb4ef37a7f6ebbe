"""The statement of who was refused an amendment."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from sers.lib.refusal import Refused
from students.forms.inspections import long_field
from students.models import Amendment
from transcripts import actions


class StatementForm(forms.Form):
    """What who was refused says about the contested item."""

    text = long_field(
        gettext_lazy("Your statement"),
        missing=gettext_lazy("Enter the statement"),
        help_text=gettext_lazy(
            "What you think is wrong, and why you do not agree with the decision. It cannot be changed later."
        ),
    )

    def __init__(self, data: Any = None, *, amendment: Amendment) -> None:
        super().__init__(data)
        self.amendment = amendment

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("text", FormActions(Submit("state", _("Add the statement"))))
        return helper

    def save(self, *, by: User) -> bool:
        """Whether it was given; words at the field where it was refused meanwhile."""
        try:
            actions.give_statement(amendment=self.amendment, text=self.cleaned_data["text"], by=by)
        except Refused as refused:
            self.add_error("text", str(refused))
            return False
        return True
