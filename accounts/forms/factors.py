"""What a person types about a second factor."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import actions, rules
from accounts.models import AuthenticatorApp, Passkey, User
from sers.lib.refusal import Refused


class NameField(forms.CharField):
    """What the person calls the thing, so that they know which one to remove when it is lost."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=60,
            label=_("Name"),
            error_messages={
                "required": _("Enter a name, for example My phone"),
                "max_length": _("Shorten the name to 60 letters or fewer"),
            },
            **kwargs,
        )
        self.widget.attrs |= {"class": "s-w20", "autocomplete": "off"}
        self.widget.attrs.pop("maxlength", None)


class CodeField(forms.CharField):
    """A code that an app shows, or one saved for the day the phone is lost."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, error_messages={"required": _("Enter the code")}, **kwargs)
        self.widget.attrs |= {
            "class": "s-w10", "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false",
        }  # fmt: skip
        self.widget.attrs.pop("maxlength", None)


def _helper(submit: Any, *fields: str) -> FormHelper:
    helper = FormHelper()
    helper.form_class = "s-form"
    helper.layout = Layout(*fields, Submit("save", submit))
    return helper


class NewAppForm(forms.Form):
    """The first code of an app that has just learned its secret."""

    name = NameField(help_text=_("For example: My phone"))
    code = CodeField(label=_("Code"), help_text=_("The six digits that the app shows now."))

    @property
    def helper(self) -> FormHelper:
        return _helper(_("Add this app"), "name", "code")

    def save(self, *, secret: str, by: User) -> AuthenticatorApp:
        """The app is registered; Refused when it showed another code."""
        return actions.add_app(
            user=by, secret=secret, code=self.cleaned_data["code"], name=self.cleaned_data["name"]
        )


class NewPasskeyForm(forms.Form):
    """The name of a passkey, and what the browser answered when it made it."""

    name = NameField(help_text=_("For example: My laptop"))
    answer = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        return _helper(_("Make a passkey"), "name", "answer")

    def save(self, *, challenge: str, host: str, origin: str, by: User) -> Passkey:
        """The passkey is registered; Refused when the browser's answer does not fit the challenge."""
        return actions.add_passkey(
            user=by,
            answer=self.cleaned_data["answer"],
            challenge=challenge,
            host=host,
            origin=origin,
            name=self.cleaned_data["name"],
        )


class SecondStepForm(forms.Form):
    """The code that follows the password."""

    code = CodeField(
        label=_("Code"),
        help_text=_("The six digits that your authenticator app shows now, or one of your recovery codes."),
    )

    @property
    def helper(self) -> FormHelper:
        return _helper(_("Continue"), "code")

    def save(self, *, user: User, address: str) -> rules.Factor | None:
        """What the code was of; None, with the error said, when it was none of the person's. Refused after too
        many tries."""
        forgive = actions.count_factor_try(user=user, address=address)
        if actions.use_app_code(user=user, code=self.cleaned_data["code"]):
            forgive()
            return rules.Factor.APP
        is_saved_code = len(rules.tidy_code(self.cleaned_data["code"])) == rules.CODE_LENGTH
        if is_saved_code and actions.use_recovery_code(user=user, typed=self.cleaned_data["code"]):
            forgive()
            return rules.Factor.CODE
        self.add_error(
            "code", _("This is not the code. Wait for the next one and type it, or use a recovery code.")
        )
        return None


class RemoveFactorForm(forms.Form):
    """Nothing but a button, until the last second factor goes: then the password, which must stand alone after it."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("It stands alone after this, so SERS looks whether it is long enough."),
        error_messages={"required": _("Enter your password")},
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "s-w20"}),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["password"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def save(self, *, factor: uuid.UUID, by: User, address: str) -> bool:
        """Whether it is removed; a password that is wrong or too short is said, any other refusal raised."""
        password = self.cleaned_data.get("password", "")
        try:
            return actions.remove_factor(factor=factor, by=by, address=address, password=password)
        except Refused as refused:
            if refused.refusal.rule not in ("wrong_password", "short_password"):
                raise
            self.add_error("password", str(refused))
            return False


class ProveForm(forms.Form):
    """The password once more, before the ways to sign in change."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Enter your password")},
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "s-w20"}),
    )

    @property
    def helper(self) -> FormHelper:
        return _helper(_("Continue"), "password")

    def save(self, *, by: User, address: str) -> bool:
        """Is it the password of this person? Told on the form when it is not."""
        right = actions.check_password(user=by, password=self.cleaned_data["password"], address=address)
        if not right:
            self.add_error("password", _("This is not your password. Type it again."))
        return right
