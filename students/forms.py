"""What students and staff may type about accounts, classes and records."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from accounts.models import User
from articulations.models import Section
from organizations.models import AcademicYear, HighSchool
from sers.lib.days import DayField
from sers.lib.folding import fold
from sers.lib.refusal import Refusal, Refused
from students import actions, rules
from students.models import (
    Registration,
    Student,
    home_schools,
    schools_with_classes,
    section_of_code,
    teacher_names,
)


class ByDistrict(ModelChoiceIterator):
    """Schools under the name of their district, so that two of one name are told apart."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for district, schools in itertools.groupby(self.queryset, key=lambda school: school.district.name):
            yield (district, [self.choice(school) for school in schools])


class SchoolField(forms.ModelChoiceField):
    """A high school, chosen from a list by district; a script adds a box that finds it by its letters."""

    iterator = ByDistrict

    def __init__(self, *, schools: QuerySet[HighSchool], **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Choose a school")
        kwargs.setdefault(
            "error_messages",
            {"required": "Choose your high school", "invalid_choice": "Choose a school from the list"},
        )
        super().__init__(
            schools,
            to_field_name="public_id",
            widget=forms.Select({"data-pick": "Find a school by its name"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> HighSchool | None:
        if value not in self.empty_values and read_id(str(value)) is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


def read_id(text: str) -> UUID | None:
    """A public id as an address or a form carries it; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_ids(texts: Sequence[str]) -> list[UUID]:
    """Those of the texts that are public ids, each once."""
    return list(dict.fromkeys(one for one in map(read_id, texts) if one is not None))


def text_field(label: str, *, most: int, what: str, **kwargs: Any) -> forms.CharField:
    """A line of text; `what` names it in errors: "your legal first name"."""
    attrs = kwargs.pop("attrs", {})
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={
            "required": f"Enter {what}",
            "max_length": f"Shorten {what} to {most} characters or fewer",
            "null_characters_not_allowed": f"Type {what} again",
        },
        # No maxlength in the page: a name that is cut off while it is typed is worse than a message.
        widget=Line({"spellcheck": "false", **attrs}),
        **kwargs,
    )


def graduation_years(*also: int) -> list[tuple[Any, str]]:
    """This year and the five after it, and whatever stands on the record already."""
    first = timezone.localdate().year
    years = sorted({*range(first, first + 6), *also})
    return [("", "Choose a year"), *((year, str(year)) for year in years)]


class Line(forms.TextInput):
    """A text box that takes whatever is typed; the server says when it is too much."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)
        return context


class EmailLine(Line):
    input_type = "email"


def email_field(**kwargs: Any) -> forms.EmailField:
    return forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Enter your personal e-mail",
            "invalid": "Enter an e-mail like name@example.org",
            "max_length": "Shorten your e-mail to 254 characters or fewer",
        },
        widget=EmailLine({"autocomplete": "email", "spellcheck": "false"}),
        **kwargs,
    )


class Contact(forms.Form):
    """How a student is reached by phone and letter: all of it may stay empty."""

    phone = text_field(
        "Phone",
        most=30,
        what="your phone number",
        required=False,
        attrs={"autocomplete": "tel", "class": "s-w10"},
    )
    street = text_field(
        "Street address",
        most=120,
        what="your street address",
        required=False,
        attrs={"autocomplete": "street-address"},
    )
    city = text_field(
        "City", most=60, what="your city", required=False, attrs={"autocomplete": "address-level2"}
    )
    state = text_field(
        "State",
        most=2,
        what="your state",
        required=False,
        attrs={"autocomplete": "address-level1", "class": "s-w2"},
    )
    postal_code = text_field(
        "ZIP code",
        most=10,
        what="your ZIP code",
        required=False,
        attrs={"autocomplete": "postal-code", "class": "s-w5"},
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 7:
            raise ValidationError("Enter a phone number like 509 555 0117")
        return phone

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].upper()
        if state and not re.fullmatch("[A-Z]{2}", state):
            raise ValidationError("Enter your state with two letters, for example WA")
        return state

    def clean_postal_code(self) -> str:
        code: str = self.cleaned_data["postal_code"]
        if code and not re.fullmatch(r"[0-9]{5}(-?[0-9]{4})?", code):
            raise ValidationError("Enter your ZIP code with five digits, for example 99336")
        return code


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
        day: date = self.cleaned_data["birth_date"]
        refusal = rules.why_not_born(day, on=timezone.localdate())
        if refusal is not None:
            raise ValidationError(refusal.message, code=refusal.rule)
        return day

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

    def asks_about_address(self) -> bool:
        """Ask once about an address that looks like a school's: it is a warning, not an error."""
        email = self.cleaned_data["email"]
        if not rules.is_school_address(email) or self.cleaned_data["email_asked"] == email:
            return False
        self.school_address = email
        self.data = self.data.copy()
        self.data["email_asked"] = email
        return True

    def save(self) -> Student | None:
        """The new student; None for a likely duplicate."""
        facts = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("email_asked", "compare_password")
        }
        return actions.create_student(**facts)


#: What is said of a password that will not do, in words that say what to do.
PASSWORD_WORDS = {
    "password_too_short": "Use at least 15 characters",
    "password_too_common": "Choose a password that is harder to guess: many people have this one",
    "password_too_similar": "Leave your name and your e-mail out of the password",
}


# --- Register for Classes ---------------------------------------------------------------------------


class OtherSchoolForm(forms.Form):
    """Another school, a skills center for example, whose classes are to be listed."""

    school = SchoolField(schools=home_schools(), label="School", empty_label="Choose a school")

    def __init__(self, *args: Any, year: AcademicYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(SchoolField, self.fields["school"]).queryset = schools_with_classes(year)

    @property
    def chosen(self) -> HighSchool | None:
        """The school that was chosen; None before, and when it is none of the list."""
        return self.cleaned_data["school"] if self.is_bound and self.is_valid() else None


class ClassesForm(forms.Form):
    """The classes that are ticked, of those that are open to this student."""

    classes = forms.MultipleChoiceField(
        error_messages={
            "required": "Tick the classes you want to register for",
            "invalid_choice": "Choose classes from the list",
        }
    )

    def __init__(self, *args: Any, on_offer: Sequence[rules.SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["classes"]).choices = [
            (str(one.course.public_id), one.course.title) for one in on_offer if one.open_offers
        ]

    @property
    def ticked(self) -> list[str]:
        """What stands ticked, also when the form was refused."""
        return self["classes"].value() or []


class CodeForm(forms.Form):
    """The class code a teacher writes on the board."""

    code = text_field(
        "Class code from your teacher",
        most=20,
        what="the class code",
        attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "s-w10"},
    )

    def clean_code(self) -> str:
        code = rules.tidy_class_code(self.cleaned_data["code"])
        if not code or section_of_code(code, AcademicYear.objects.current()) is None:
            raise ValidationError(
                "No class of this school year has this code. Check it with your teacher, or tick the class below"
            )
        return code


@dataclass(frozen=True, slots=True)
class Card:
    """One college to choose, as a radio button with what it asks and gives."""

    id: str
    value: str
    checked: bool
    offer: rules.Offer
    conditions: list[rules.Condition]


@dataclass(frozen=True, slots=True)
class Part:
    """One class on the page of choices."""

    one: rules.SchoolClass
    teacher: forms.BoundField
    college: forms.BoundField
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one class: a registration, or why not."""

    one: rules.SchoolClass
    registration: Registration | None
    refusal: Refusal | None


class ChoiceForm(forms.Form):
    """Teacher and college of each class, and the consent. Ticked beforehand only where there is one choice."""

    consent = forms.BooleanField(
        label="I have read this, and I want the college credit",
        error_messages={"required": "Tick the box if you want the college credit"},
    )

    def __init__(
        self,
        *args: Any,
        on_offer: Sequence[rules.SchoolClass],
        section: Section | None,
        on: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.open = [one for one in on_offer if one.open_offers]
        consent = self.fields.pop("consent")
        for one in self.open:
            sections = [(str(each.public_id), section_label(each)) for each in one.sections]
            colleges = [(str(offer.college.public_id), offer.college.name) for offer in one.open_offers]
            coded = [
                value for value, _ in sections if section is not None and value == str(section.public_id)
            ]
            self.fields[teacher_of(one)] = forms.ChoiceField(
                label="Which teacher?",
                choices=sections,
                initial=coded[0] if coded else sections[0][0] if len(sections) == 1 else None,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Choose your teacher for {one.course.title}",
                    "invalid_choice": f"Choose your teacher for {one.course.title} from the list",
                },
            )
            self.fields[college_of(one)] = forms.ChoiceField(
                label="Which college?",
                choices=colleges,
                initial=colleges[0][0] if len(colleges) == 1 else None,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Choose a college for {one.course.title}",
                    "invalid_choice": f"Choose a college for {one.course.title} from the list",
                },
            )
        self.fields["consent"] = consent

    @property
    def parts(self) -> list[Part]:
        """What the page shows for each class that is open."""
        return [
            Part(
                one,
                self[teacher_of(one)],
                self[college_of(one)],
                [
                    Card(
                        id=f"{self[college_of(one)].auto_id}_{at}",
                        value=str(offer.college.public_id),
                        checked=self[college_of(one)].value() == str(offer.college.public_id),
                        offer=offer,
                        conditions=conditions,
                    )
                    for at, (offer, conditions) in enumerate(
                        zip(one.open_offers, rules.compared(one.open_offers, on=self.on), strict=True)
                    )
                ],
            )
            for one in self.open
        ]

    def save(self, *, student: Student, by: User) -> list[Outcome]:
        """Register for each class on its own: one that is refused keeps none of the others back."""
        outcomes = []
        for one in self.open:
            section = next(
                each for each in one.sections if str(each.public_id) == self.cleaned_data[teacher_of(one)]
            )
            college = next(
                offer.college
                for offer in one.open_offers
                if str(offer.college.public_id) == self.cleaned_data[college_of(one)]
            )
            try:
                registration = actions.register(student=student, section=section, college=college, by=by)
                outcomes.append(Outcome(one, registration, None))
            except Refused as refused:
                outcomes.append(Outcome(one, None, refused.refusal))
        return outcomes


def teacher_of(one: rules.SchoolClass) -> str:
    return f"teacher_{one.course.public_id}"


def college_of(one: rules.SchoolClass) -> str:
    return f"college_{one.course.public_id}"


def section_label(section: Section) -> str:
    """`Dana Ortiz, Period 3, first semester`: enough to tell one's own class."""
    term = "" if section.term == Section.Term.YEAR else section.get_term_display().lower()
    return ", ".join(
        part for part in (teacher_names(section) or "Teacher not named yet", section.label, term) if part
    )


class TeacherForm(forms.Form):
    """Another teacher of the same class and year."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    section = forms.ChoiceField(
        label="Which teacher?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose your teacher",
            "invalid_choice": "Choose your teacher from the list",
        },
    )

    def __init__(
        self, *args: Any, sections: Sequence[Section], registration: Registration, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial", {"version": registration.version, "section": registration.section.public_id}
        )
        super().__init__(*args, **kwargs)
        self.sections = {str(one.public_id): one for one in sections}
        cast(forms.ChoiceField, self.fields["section"]).choices = [
            (value, section_label(one)) for value, one in self.sections.items()
        ]
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(
            "version",
            "section",
            FormActions(
                Submit("change", "Save Changes"),
                HTML('<a href="{{ registration_url }}">Keep my teacher</a>'),
            ),
        )

    def save(self, *, registration: Registration, by: User) -> bool:
        return actions.change_teacher(
            registration=registration,
            section=self.sections[self.cleaned_data["section"]],
            version=self.cleaned_data["version"],
            by=by,
        )


# --- Search, profile, Fees/Req ----------------------------------------------------------------------


class SearchForm(forms.Form):
    """What students are searched by: one term at the least. The terms travel in the session, never in an address."""

    name = text_field(
        "Name",
        most=200,
        what="the name",
        required=False,
        help_text="The first letters are enough, of any part of the name",
        attrs={"autocomplete": "off"},
    )
    sers_id = text_field(
        "CTE Dual Credit ID",
        most=40,
        what="the ID",
        required=False,
        attrs={"autocomplete": "off", "class": "s-w20"},
    )
    birth_date = DayField(label="Birth date", what="the birth date", required=False)
    school = SchoolField(
        schools=home_schools(), label="High school", required=False, empty_label="Any school"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(SchoolField, self.fields["school"]).queryset = rules.schools_in_reach(user)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name and not fold(name):
            raise ValidationError("Enter letters of the name")
        return name

    def clean_sers_id(self) -> str:
        typed: str = self.cleaned_data["sers_id"]
        tidy = rules.tidy_sers_id(typed)
        if typed and not tidy:
            raise ValidationError(
                "Enter the whole ID, like TP6-20-4187-3 or TP6-20-418, and check its digits"
            )
        return tidy

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise ValidationError(
                "Enter at least one thing to search by: a name, an ID, a birth date or a school"
            )
        return data

    @property
    def terms(self) -> dict[str, str]:
        """The terms as a session keeps them."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "sers_id": data["sers_id"],
            "birth_date_month": str(data["birth_date"].month) if data["birth_date"] else "",
            "birth_date_day": str(data["birth_date"].day) if data["birth_date"] else "",
            "birth_date_year": str(data["birth_date"].year) if data["birth_date"] else "",
            "school": str(data["school"].public_id) if data["school"] else "",
        }


class ProfileForm(Contact):
    """The fields of a student's record that are open to this person; locked ones are not in the form at all."""

    seen = forms.CharField(widget=forms.HiddenInput)
    first_name = NewStudentForm.base_fields["first_name"]
    middle_name = NewStudentForm.base_fields["middle_name"]
    last_name = NewStudentForm.base_fields["last_name"]
    former_names = NewStudentForm.base_fields["former_names"]
    birth_date = DayField(label="Birth date", what="the birth date")
    email = email_field(
        label="Personal e-mail", help_text="A new address is confirmed by a mail; the old one is told."
    )
    school = SchoolField(schools=home_schools(), label="High school", empty_label=None)
    grade_level = forms.TypedChoiceField(
        label="Grade level",
        coerce=int,
        choices=[(grade, f"Grade {grade}") for grade in (9, 10, 11, 12)],
        error_messages={
            "required": "Choose the grade level",
            "invalid_choice": "Choose a grade level from the list",
        },
    )
    graduation_year = forms.TypedChoiceField(
        label="Graduation year",
        coerce=int,
        error_messages={
            "required": "Choose the graduation year",
            "invalid_choice": "Choose a year from the list",
        },
    )
    reason = text_field(
        "Reason for a new legal name or birth date",
        most=300,
        what="the reason",
        required=False,
        help_text="Only when you change one of them. It is kept with the change.",
    )

    def __init__(self, *args: Any, student: Student, user: User, **kwargs: Any) -> None:
        self.student, self.user = student, user
        self.open = rules.fields_open(user, student)
        initial = {name: getattr(student, name) for name in self.open - {"school"}}
        initial["school"] = student.school.public_id
        initial["seen"] = student.updated_at.isoformat()
        super().__init__(*args, initial=initial, **kwargs)
        years = cast(forms.ChoiceField, self.fields["graduation_year"])
        years.choices = graduation_years(student.graduation_year)[1:]
        keep = self.open | {"seen"}
        if rules.needs_reason(user, student, self.open):
            keep |= {"reason"}
        for name in [name for name in self.fields if name not in keep]:
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *(name for name in ("seen",) if name in self.fields),
            *self._group(
                "Legal name and birth date",
                "first_name",
                "middle_name",
                "last_name",
                "former_names",
                "birth_date",
                "reason",
            ),
            *self._group("School", "school", "grade_level", "graduation_year"),
            *self._group("Contact", "email", "phone", "street", "city", "state", "postal_code"),
        )

    def _group(self, legend: str, *names: str) -> list[Fieldset]:
        kept = [name for name in names if name in self.fields]
        return [Fieldset(legend, *kept)] if kept else []

    def clean_birth_date(self) -> date:
        day: date = self.cleaned_data["birth_date"]
        refusal = rules.why_not_born(day, on=timezone.localdate())
        if refusal is not None and day != self.student.birth_date:
            raise ValidationError(refusal.message, code=refusal.rule)
        return day

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            raise ValidationError(
                "The page is incomplete. Load it again and type the change once more"
            ) from None

    def save(self) -> set[str]:
        data = self.cleaned_data
        return actions.edit_student(
            student=self.student,
            changes={name: data[name] for name in self.open if name in data},
            seen=data["seen"],
            reason=data.get("reason", ""),
            by=self.user,
        )


class FindForm(forms.Form):
    """One box over the queue of Fees/Req: a name, an ID or a reference."""

    words = text_field(
        "Name, ID or reference",
        most=200,
        what="the name, ID or reference",
        required=False,
        attrs={"autocomplete": "off", "class": "s-w20"},
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        return rules.tidy_sers_id(words) or words


class TickForm(forms.Form):
    """Registrations ticked in the queue, and what to do with their Fees/Req."""

    ACTS = {
        "process": Registration.FeesReq.PROCESSED,
        "waive": Registration.FeesReq.WAIVED,
        "undo": Registration.FeesReq.PENDING,
    }

    act = forms.ChoiceField(
        choices=[(act, act) for act in ACTS],
        error_messages={"required": "Press one of the buttons", "invalid_choice": "Press one of the buttons"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticked: list[UUID] = []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.ticked = read_ids(cast(Any, self.data).getlist("registration"))
        if not self.ticked:
            raise ValidationError("Tick the registrations first")
        return data

    def save(self, *, by: User) -> int:
        """How many changed. Those outside the person's reach are not there for them."""
        return actions.process_requirements(
            registrations=Registration.objects.visible_to(by).chosen(self.ticked),
            to=self.ACTS[self.cleaned_data["act"]],
            by=by,
        )
