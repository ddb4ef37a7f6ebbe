"""What a student types to make an account."""

from datetime import date
from typing import Any, cast

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from accounts.rules import language_on_screen
from sers.lib.days import DayField
from students import actions, rules
from students.forms.fields import Contact, SchoolField, email_field, graduation_years, text_field
from students.models import Student, home_schools


class NewStudentForm(Contact):
    """Create New SERS Account. No Social Security number is asked, ever."""

    first_name = text_field(
        "Legal first name",
        most=100,
        what="your legal first name",
        help_text="As on your school record. If you have one name only, enter it here.",
        attrs={"autocomplete": "given-name"},
    )
    middle_name = text_field(
        "Legal middle name",
        most=100,
        what="your legal middle name",
        required=False,
        attrs={"autocomplete": "additional-name"},
    )
    last_name = text_field(
        "Legal last name",
        most=100,
        what="your legal last name",
        required=False,
        attrs={"autocomplete": "family-name"},
    )
    former_names = text_field(
        "Former names",
        most=200,
        what="your former names",
        required=False,
        help_text="Other names that stand on school records.",
    )
    birth_date = DayField(
        label="When were you born?",
        what="your birth date",
        birthday=True,
        help_text="For example March 27 2010",
    )
    email = email_field(
        label="Personal e-mail",
        help_text="One you keep after you leave school. A school address ends when you leave.",
    )
    #: The address that was asked about: sent again unchanged, it is meant.
    email_asked = forms.CharField(required=False, widget=forms.HiddenInput)
    school = SchoolField(
        schools=home_schools(),
        label="High school",
        help_text="If you also go to a skills center, choose your own high school here.",
    )
    grade_level = forms.TypedChoiceField(
        label="Grade level",
        coerce=int,
        choices=[(grade, f"Grade {grade}") for grade in (9, 10, 11, 12)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose your grade level", "invalid_choice": "Choose your grade level"},
    )
    graduation_year = forms.TypedChoiceField(
        label="Graduation year",
        coerce=int,
        error_messages={
            "required": "Choose your graduation year",
            "invalid_choice": "Choose a year from the list",
        },
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=500,
        error_messages={
            "required": "Enter a password",
            "max_length": "Shorten the password to 500 characters or fewer",
        },
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="At least 15 characters. Several words are easy to keep. Leave out your name and your e-mail, and do not use a password that many people have.",
    )
    compare_password = forms.CharField(
        label="Compare Password",
        strip=False,
        max_length=500,
        error_messages={
            "required": "Enter the password again",
            "max_length": "Enter the same password again",
        },
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    # As the page shows them: the summary of errors names them in this order.
    field_order = (
        "email_asked", "first_name", "middle_name", "last_name", "former_names", "birth_date", "school", "grade_level",
        "graduation_year", "email", "phone", "street", "city", "state", "postal_code", "password", "compare_password",
    )  # fmt: skip

    #: Set when the address looks like one of a school and was not asked about yet.
    school_address = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["graduation_year"]).choices = graduation_years()
        for name in ("password", "compare_password"):
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(
            "email_asked",
            Fieldset("Your name", "first_name", "middle_name", "last_name", "former_names"),
            Fieldset("Your birth date", "birth_date"),
            Fieldset("Your school", "school", "grade_level", "graduation_year"),
            Fieldset("How we reach you", "email", "phone", "street", Row("city", "state", "postal_code")),
            Fieldset("Your password", "password", "compare_password"),
            FormActions(Submit("create", "Create Account", css_class="btn btn-primary")),
        )

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        refusal = rules.why_not_born(born, on=timezone.localdate())
        if refusal is not None:
            raise ValidationError(refusal.message, code=refusal.rule)
        return born

    def clean_compare_password(self) -> str:
        again: str = self.cleaned_data["compare_password"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError("The two passwords differ: enter the same password twice")
        return again

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "password" in data:
            person = User(
                first_name=data.get("first_name", ""),
                last_name=data.get("last_name", ""),
                email=data.get("email", ""),
            )
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error(
                    "password", [PASSWORD_WORDS.get(one.code or "", one) for one in error.error_list]
                )
        return data

    @property
    def address_question(self) -> str:
        return f"Is {self.school_address} an address of your school?"

    def asks_about_address(self) -> bool:
        """Ask once about an address that looks like a school's: it is a warning, not an error."""
        email = self.cleaned_data["email"]
        if not rules.is_school_address(email) or self.cleaned_data["email_asked"] == email:
            return False
        self.school_address = email
        self.data = (
            {**self.data.dict(), "email_asked": email} if isinstance(self.data, QueryDict) else self.data
        )
        return True

    def save(self, *, address: str) -> Student | None:
        """The new student; None for a likely duplicate. Refused after too many from one network."""
        actions.count_new_account(address=address)
        facts = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("email_asked", "compare_password")
        }
        return actions.create_student(**facts, language=language_on_screen())


#: What is said of a password that will not do, in words that say what to do.
PASSWORD_WORDS = {
    "password_too_short": "Use at least 15 characters",
    "password_too_common": "Choose a password that is harder to guess: many people have this one",
    "password_too_similar": "Leave your name and your e-mail out of the password",
}
