"""A new password, typed twice."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import actions, rules
from accounts.models import User


class NewPassword(forms.Form):
    """**Password** and **Compare Password**, with the rules on screen. What is wrong with it is said for each case.

    A form with more in it inherits this one. `user` may be a person who is not kept yet: their names count too.
    """

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Enter a password")},
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
    )
    compare_password = forms.CharField(
        label=_("Compare Password"),
        strip=False,
        error_messages={"required": _("Enter the password again")},
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = rules.password_help(rules.least_letters(user))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("password", "compare_password")

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        refusals = rules.why_not_password(typed, self.user)
        if refusals:
            raise ValidationError([ValidationError(str(one), code=one.rule) for one in refusals])
        return typed

    def clean_compare_password(self) -> str:
        again: str = self.cleaned_data["compare_password"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(_("The two passwords differ: enter the same password twice"))
        return again


class RecoverPasswordForm(NewPassword):
    """The new password at the end of I forgot my password."""

    def save(self, *, token: str) -> User:
        return actions.recover_password(token=token, password=self.cleaned_data["password"])
