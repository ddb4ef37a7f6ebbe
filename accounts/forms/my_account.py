"""My Account: name and phone, a new e-mail, a new password."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import actions, rules
from accounts.forms.passwords import NewPassword
from accounts.forms.requests import email_field, line
from accounts.models import EmailChange, User


class AccountForm(forms.Form):
    """Name and phone. Of who is a student both stand on the student record, and here is nothing to type."""

    first_name = line(
        _("First name"), _("Enter your first name"), _("Shorten your first name to 150 letters or fewer"), 150,
        autocomplete="given-name",
    )  # fmt: skip
    last_name = line(
        _("Last name"),
        "",
        _("Shorten your last name to 150 letters or fewer"),
        150,
        autocomplete="family-name",
    )
    phone = line(
        _("Phone"), "", _("Shorten your phone number to 30 characters or fewer"), 30, autocomplete="tel"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(user, name) for name in ("first_name", "last_name", "phone")}
        super().__init__(*args, **kwargs)
        self.person = user
        self.fields["last_name"].required = self.fields["phone"].required = False
        self.fields["phone"].widget.attrs["class"] = "s-w10"
        if not rules.may_change_own_name(user):
            self.fields.clear()
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(*self.fields, Submit("save", _("Save Account")))

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 7:
            raise ValidationError(_("Enter a phone number like 509 555 0117"))
        return phone

    def save(self) -> set[str]:
        data = self.cleaned_data
        return actions.edit_account(
            user=self.person,
            first_name=data.get("first_name", ""),
            last_name=data.get("last_name", ""),
            phone=data.get("phone", ""),
        )


class ChangePasswordForm(NewPassword):
    """The present password, unless this session has just proved itself by a passkey, and the new one twice."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        help_text=_("So that nobody changes it at a computer you left open."),
        error_messages={"required": _("Enter your present password")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, is_proved: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.person = user
        self.fields["password"].label = _("New password")
        if is_proved:
            del self.fields["present"]
        names = [name for name in ("present", "password", "compare_password") if name in self.fields]
        self.helper.layout = Layout(*names)
        self.order_fields(names)

    def save(self, *, keep: str | None, address: str) -> bool:
        """Whether it is changed; a present password that is not right is told. Refused after too many tries."""
        changed = actions.change_password(
            user=self.person,
            present=self.cleaned_data.get("present"),
            password=self.cleaned_data["password"],
            keep=keep,
            address=address,
        )
        if not changed:
            self.add_error("present", _("This is not your present password. Type it again."))
        return changed


class ChangeEmailForm(forms.Form):
    """The first address, or the second; each counts when the link mailed there is opened."""

    which = forms.ChoiceField(
        label=_("Which address?"),
        choices=EmailChange.Which.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which address"), "invalid_choice": _("Choose which address")},
    )
    email = email_field(_("New e-mail"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = user
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout("which", "email", Submit("send", _("Send the Link")))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        others = {"main": self.person.second_email, "second": self.person.email}
        other = others.get(data.get("which", ""), "")
        if other and data.get("email", "").lower() == other.lower():
            self.add_error("email", _("Enter another address: this is your other one already"))
        return data

    def save(self, *, address: str) -> EmailChange | None:
        """The change that waits; None when it is the address already. Refused after too many from one network."""
        actions.count_change_of_email(user=self.person, address=address)
        return actions.change_email(
            user=self.person,
            email=self.cleaned_data["email"],
            by=self.person,
            which=EmailChange.Which(self.cleaned_data["which"]),
        )
