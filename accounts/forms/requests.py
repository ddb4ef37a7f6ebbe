"""I forgot my user name, and I forgot my password."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import actions


def line(label: Any, missing: Any, long: Any, most: int, **attrs: str) -> forms.CharField:
    """A line of text that takes whatever is typed: the server says when it is too much."""
    field = forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": missing, "max_length": long},
        widget=forms.TextInput({"spellcheck": "false", **attrs}),
    )
    del field.widget.attrs["maxlength"]
    return field


def email_field(label: Any, **kwargs: Any) -> forms.EmailField:
    """An e-mail address, with what is wrong said as everywhere."""
    field = forms.EmailField(
        label=label,
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail"),
            "invalid": _("Enter an e-mail like name@example.org"),
            "max_length": _("Shorten your e-mail to 254 characters or fewer"),
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        **kwargs,
    )
    del field.widget.attrs["maxlength"]
    return field


class ForgotUserNameForm(forms.Form):
    """First name, last name and e-mail: the user name is mailed if an account has all three."""

    first_name = line(
        _("First name"), _("Enter your first name"), _("Shorten your first name to 150 letters or fewer"), 150,
        autocomplete="given-name",
    )  # fmt: skip
    last_name = line(
        _("Last name"), _("Enter your last name"), _("Shorten your last name to 150 letters or fewer"), 150,
        autocomplete="family-name",
    )  # fmt: skip
    email = email_field(_("E-mail"), help_text=_("The one that SERS writes to."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_name"].required = False
        self.fields["last_name"].help_text = _("Leave it empty if you have one name only.")

    @property
    def helper(self) -> FormHelper:
        return _helper("first_name", "last_name", "email", button=_("Send My User Name"))

    def save(self, *, address: str) -> None:
        actions.ask_for_user_name(**self.cleaned_data, address=address)


class ForgotPasswordForm(forms.Form):
    """User name and e-mail: a link is mailed if an account has both."""

    username = line(
        _("User name"), _("Enter your user name"), _("Shorten your user name to 150 letters or fewer"), 150,
        autocomplete="username", autocapitalize="none",
    )  # fmt: skip
    email = email_field(_("E-mail"), help_text=_("The one that SERS writes to."))

    @property
    def helper(self) -> FormHelper:
        return _helper("username", "email", button=_("Send the Link"))

    def save(self, *, address: str) -> None:
        actions.ask_for_password(**self.cleaned_data, address=address)


def _helper(*fields: str, button: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_class = "s-form"
    helper.layout = Layout(*fields, Submit("send", button))
    return helper
