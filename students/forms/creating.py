"""What a new student is asked, one question or small group a page, and what was answered so far."""

import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import language_on_screen
from articulations.models import Section
from sers.lib.choices import offer
from sers.lib.days import DayField
from sers.lib.fields import seal_once, unseal_once
from sers.lib.moments import day
from students import actions, rules
from students.forms.fields import Contact, SchoolField, email_field, graduation_years, text_field
from students.models import Student, home_schools

GRADES: Final = [(grade, f"Grade {grade}") for grade in (9, 10, 11, 12)]


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the page that shows all answers."""

    name: str
    value: str
    page: str


class Question(forms.Form):
    """One page of Create New SERS Account. No page asks for a Social Security number, ever."""

    heading: ClassVar[Any] = ""
    #: A sentence under the heading, where the question needs one.
    hint: ClassVar[Any] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(*self.parts(), Submit("continue", _("Continue")))

    def parts(self) -> list[Any]:
        return list(self.fields)

    def asks(self) -> bool:
        """Does an answer need to be looked at once more, though nothing is wrong with it?"""
        return False

    def shown(self) -> list[tuple[str, str]]:
        """The answers as the check page says them."""
        return [
            (str(field.label), _in_words(self, name, self.cleaned_data[name]))
            for name, field in self.fields.items()
            if not field.widget.is_hidden
        ]


def _in_words(form: forms.Form, name: str, value: Any) -> str:
    if value in (None, ""):
        return str(_("Not given"))
    if isinstance(value, date):
        return day(value)
    choices = dict(getattr(form.fields[name], "choices", None) or ()) if name != "school" else {}
    return str(choices.get(value, value))


class NameQuestion(Question):
    heading = _("What is your legal name?")
    hint = _("As it stands on your school record. Your college record is made from it.")

    first_name = text_field(
        _("Legal first name"),
        most=100,
        what=_("your legal first name"),
        help_text=_("If you have one name only, enter it here."),
        attrs={"autocomplete": "given-name"},
    )
    middle_name = text_field(
        _("Legal middle name"),
        most=100,
        what=_("your legal middle name"),
        required=False,
        attrs={"autocomplete": "additional-name"},
    )
    last_name = text_field(
        _("Legal last name"),
        most=100,
        what=_("your legal last name"),
        required=False,
        attrs={"autocomplete": "family-name"},
    )


class FormerNamesQuestion(Question):
    heading = _("Did you have other names?")
    hint = _("School records may stand under another name. Leave it empty if there is none.")

    former_names = text_field(
        _("Former names"),
        most=200,
        what=_("your former names"),
        required=False,
        attrs={"autocomplete": "off"},
    )


class BirthDateQuestion(Question):
    heading = _("When were you born?")

    birth_date = DayField(
        label=_("Birth date"),
        what=_("your birth date"),
        birthday=True,
        help_text=_("For example March 27 2010"),
    )

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        refusal = rules.why_not_born(born, on=timezone.localdate())
        if refusal is not None:
            raise ValidationError(refusal.message, code=refusal.rule)
        return born


class SchoolQuestion(Question):
    heading = _("Which school do you go to?")

    school = SchoolField(
        schools=home_schools(),
        label=_("High school"),
        help_text=_("If you also go to a skills center, choose your own high school here."),
    )
    grade_level = forms.TypedChoiceField(
        label=_("Grade level"),
        coerce=int,
        choices=GRADES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose your grade level"),
            "invalid_choice": _("Choose your grade level"),
        },
    )
    graduation_year = forms.TypedChoiceField(
        label=_("Graduation year"),
        coerce=int,
        error_messages={
            "required": _("Choose your graduation year"),
            "invalid_choice": _("Choose a year from the list"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "graduation_year", graduation_years())


class EmailQuestion(Question):
    heading = _("Where do we send your mail?")
    hint = _("Your ID and every way back into your account come by mail.")

    email = email_field(
        label=_("Personal e-mail"),
        help_text=_("One you keep after you leave school. A school address ends when you leave."),
    )
    second_email = email_field(
        label=_("Second e-mail"),
        required=False,
        help_text=_("If you lose the first one, we can still reach you here."),
    )
    #: The address that was asked about: sent again unchanged, it is meant.
    email_asked = forms.CharField(required=False, widget=forms.HiddenInput)

    #: Set when the address looks like one of a school and was not asked about yet.
    school_address = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("second_email") and data.get("email", "").casefold() == data["second_email"].casefold():
            self.add_error("second_email", _("Enter another address than the first, or leave it empty"))
        return data

    def asks(self) -> bool:
        """Ask once about an address that looks like a school's: it is a warning, not an error."""
        email = self.cleaned_data["email"]
        if not rules.is_school_address(email) or self.cleaned_data["email_asked"] == email:
            return False
        self.school_address = email
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "email_asked": email}
        return True

    @property
    def address_question(self) -> str:
        return str(_("Is %(address)s an address of your school?")) % {"address": self.school_address}


class ContactQuestion(Question, Contact):
    heading = _("How else do we reach you?")
    hint = _("Colleges mail the transcript to your address. All of it may stay empty.")

    def parts(self) -> list[Any]:
        return ["phone", "street", Row("city", "state", "postal_code")]


class AboutYouQuestion(Question):
    heading = _("About you")
    hint = _(
        "The State counts who gets college credit, to see that it is fair. Your teachers and colleges do not see these "
        "answers. You may leave them out."
    )

    gender = forms.ChoiceField(
        label=_("Gender"), choices=Student.Gender.choices, required=False, widget=forms.RadioSelect
    )
    ethnicity = forms.ChoiceField(
        label=_("Race or ethnicity"),
        choices=Student.Ethnicity.choices,
        required=False,
        widget=forms.RadioSelect,
    )


class GuardianQuestion(Question):
    heading = _("Your parent or guardian")
    hint = _("Some consortia need a signature from home. Then we write to this person. You may leave it out.")

    guardian_name = text_field(
        _("Name of your parent or guardian"),
        most=150,
        what=_("the name"),
        required=False,
        attrs={"autocomplete": "off"},
    )
    guardian_email = email_field(label=_("E-mail of your parent or guardian"), required=False)
    guardian_language = forms.ChoiceField(
        label=_("Language they read best"),
        choices=[("", _("Choose a language")), *Student.Language.choices],
        required=False,
    )


#: The pages in their order; the key stands in the address.
QUESTIONS: Final[Mapping[str, type[Question]]] = {
    "name": NameQuestion,
    "former-names": FormerNamesQuestion,
    "birth-date": BirthDateQuestion,
    "school": SchoolQuestion,
    "email": EmailQuestion,
    "contact": ContactQuestion,
    "about-you": AboutYouQuestion,
    "guardian": GuardianQuestion,
}


class Draft:
    """What a person has answered so far. It lives in the session, sealed, and ends with it; a password never
    comes into it: that is asked on the last page, which makes the account."""

    KEY: Final = "students.new"

    def __init__(self, session: MutableMapping[str, Any]) -> None:
        self.session = session
        try:
            kept = json.loads(unseal_once(bytes.fromhex(session[self.KEY])))
        except (KeyError, ValueError):
            kept = {"public_id": str(uuid4()), "answers": {}}
        #: Names the account this form makes: sent twice, it makes one.
        self.public_id = UUID(kept["public_id"])
        self.answers: dict[str, dict[str, str]] = kept["answers"]
        self._checked: dict[str, Question] | None = None

    def form(self, page: str, typed: Any = None) -> Question:
        """The form of a page: with what is typed, else with what was answered before."""
        if typed is not None:
            return QUESTIONS[page](typed)
        before = self.checked.get(page)
        return QUESTIONS[page](initial=before.cleaned_data if before else None)

    def keep(self, page: str, form: Question) -> None:
        """Keep the answers of a page as they were typed."""
        self.answers[page] = {
            name: str(value)
            for name, value in form.data.items()
            if any(name == field or name.startswith(f"{field}_") for field in form.fields)
        }
        self._checked = None
        kept = {"public_id": str(self.public_id), "answers": self.answers}
        self.session[self.KEY] = seal_once(json.dumps(kept)).hex()

    def forget(self) -> None:
        self.session.pop(self.KEY, None)

    @property
    def is_begun(self) -> bool:
        return bool(self.answers)

    @property
    def checked(self) -> dict[str, Question]:
        """The pages whose answers still hold: the day moves on, a school may leave the list."""
        if self._checked is None:
            forms = {
                page: QUESTIONS[page](answers) for page, answers in self.answers.items() if page in QUESTIONS
            }
            self._checked = {page: form for page, form in forms.items() if form.is_valid()}
        return self._checked

    @property
    def next_page(self) -> str:
        """The first page without an answer that holds; empty when all have one."""
        return next((page for page in QUESTIONS if page not in self.checked), "")

    @property
    def rows(self) -> list[Answer]:
        return [Answer(name, value, page) for page in QUESTIONS for name, value in self.checked[page].shown()]

    @property
    def facts(self) -> dict[str, Any]:
        """Everything answered, as `create_student` takes it."""
        facts = {name: value for form in self.checked.values() for name, value in form.cleaned_data.items()}
        del facts["email_asked"]
        return facts


class PasswordForm(forms.Form):
    """The last page: a password, and the account is made."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=500,
        error_messages={
            "required": _("Enter a password"),
            "max_length": _("Shorten the password to 500 characters or fewer"),
        },
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_(
            "At least 15 characters. Several words are easy to keep. Leave out your name and your e-mail, and do not "
            "use a password that many people have."
        ),
    )
    compare_password = forms.CharField(
        label=_("Compare Password"),
        strip=False,
        max_length=500,
        error_messages={
            "required": _("Enter the password again"),
            "max_length": _("Enter the same password again"),
        },
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        for name in ("password", "compare_password"):
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(
            "password", "compare_password", Submit("create", _("Create Account"), css_class="btn btn-primary")
        )

    def clean_compare_password(self) -> str:
        again: str = self.cleaned_data["compare_password"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(_("The two passwords differ: enter the same password twice"))
        return again

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        facts = self.draft.facts
        person = User(**{name: facts[name] for name in ("first_name", "last_name", "email")})
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise ValidationError(
                [PASSWORD_WORDS.get(one.code or "", one) for one in error.error_list]
            ) from None
        return password

    def save(self, *, address: str, came_for: Section | None) -> Student:
        """Make the account, for one who came for this class perhaps. Refused after too many from one network."""
        actions.count_new_account(address=address)
        return actions.create_student(
            **self.draft.facts,
            language=language_on_screen(),
            password=self.cleaned_data["password"],
            public_id=self.draft.public_id,
            came_for=came_for,
        )


#: What is said of a password that will not do, in words that say what to do.
PASSWORD_WORDS: Final[Mapping[str, Any]] = {
    "password_too_short": _("Use at least 15 characters"),
    "password_too_common": _("Choose a password that is harder to guess: many people have this one"),
    "password_too_similar": _("Leave your name and your e-mail out of the password"),
}
