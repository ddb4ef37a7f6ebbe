"""Telling two records apart."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from students import actions
from students.models import LikelyTwins


class TellApartForm(forms.Form):
    """How somebody knows that two records are two people."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="How you know, for example: twins, the counselor knows both. It stays with the pair",
        error_messages={
            "required": "Enter how you know that they are two people",
            "max_length": "Shorten the reason to 300 characters or fewer",
        },
    )

    def __init__(self, *args: Any, pair: LikelyTwins, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("reason")
        return helper

    def save(self, *, by: User) -> LikelyTwins:
        return actions.tell_apart(pair=self.pair, reason=self.cleaned_data["reason"], by=by)
