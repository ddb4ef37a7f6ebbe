"""What a person types to sign in."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import User


class SignInForm(forms.Form):
    """User name and password. What is wrong is told once for both: nobody learns which names exist."""

    NOT_KNOWN = _(
        "The user name or the password is not right. Type both again. Capital letters count in the password."
    )

    username = forms.CharField(
        label=_("User name"),
        help_text=_("SERS made it from your name. It is in the mail about your account."),
        error_messages={"required": _("Enter your user name")},
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "class": "s-w20"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Enter your password")},
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "s-w20"}),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("username", "password", Submit("sign_in", _("Sign In")))
        return helper

    def save(self, *, address: str) -> User | None:
        """Who it is; None, with the error said, when user name and password do not belong together."""
        user = actions.recognize(
            username=self.cleaned_data["username"], password=self.cleaned_data["password"], address=address
        )
        if user is None:
            self.add_error(None, self.NOT_KNOWN)
        return user
