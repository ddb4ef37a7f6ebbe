"""What staff and students type to find, read and change records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from sers.lib.days import DayField
from sers.lib.folding import fold
from sers.lib.moments import day
from students import actions, rules
from students.forms.creating import FormerNamesQuestion, NameQuestion
from students.forms.fields import Contact, SchoolField, email_field, graduation_years, text_field
from students.models import Disclosure, Student, home_schools

#: What a person names who looks beyond their reach, with its paragraph of 34 CFR Part 99.
GROUNDS = {
    Disclosure.Ground.ENROLLED: "The student takes or wants a class at our school or college, 99.31(a)(2)",
    Disclosure.Ground.CONSENT: "Written consent of the student, or of the parent before 18, 99.30",
    Disclosure.Ground.EMERGENCY: "Health or safety is in danger, 99.31(a)(10)",
}


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
        help_text="Whole, or its first digits",
        attrs={"autocomplete": "off", "class": "s-w20"},
    )
    birth_date = DayField(label="Birth date", what="the birth date", required=False)
    school = SchoolField(
        schools=home_schools(), label="High school", required=False, empty_label="Any school"
    )
    grade_level = forms.TypedChoiceField(
        label="Grade level",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any grade"), *((grade, f"Grade {grade}") for grade in (9, 10, 11, 12))],
        error_messages={"invalid_choice": "Choose a grade level from the list"},
    )
    statewide = forms.BooleanField(label="Search Statewide", required=False)
    ground = forms.ChoiceField(
        label="What allows it",
        required=False,
        choices=[("", "Choose one"), *((one.value, GROUNDS[one]) for one in rules.NAMED_GROUNDS)],
        error_messages={"invalid_choice": "Choose what allows it from the list"},
    )
    reason = text_field(
        "Reason",
        most=300,
        what="the reason",
        required=False,
        help_text="The student can read it.",
        attrs={"autocomplete": "off"},
    )

    #: The last three belong together, beside the terms.
    BEYOND = ("statewide", "ground", "reason")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rules.can_search_statewide(user):
            for name in self.BEYOND:
                del self.fields[name]
        cast(SchoolField, self.fields["school"]).queryset = rules.schools_in_reach(user)
        # The panel is narrow: the month is a number there.
        cast(forms.MultiWidget, self.fields["birth_date"].widget).widgets[0].attrs["class"] = "s-w2"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name and not fold(name):
            raise ValidationError("Enter letters of the name")
        return name

    def clean_sers_id(self) -> str:
        typed: str = self.cleaned_data["sers_id"]
        tidy = rules.tidy_sers_id(typed) or rules.begun_sers_id(typed)
        if typed and not tidy:
            raise ValidationError(
                "Enter the whole ID, like TP6-20-4187-9 or TP6-20-418, or its first digits, and check them"
            )
        return tidy

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("statewide"):
            refusal = rules.why_not_beyond(data.get("name", ""))
            if refusal is not None and "name" not in self.errors:
                self.add_error("name", str(refusal))
            if self.id_is_begun and "sers_id" not in self.errors:
                self.add_error("sers_id", "Enter the whole ID to search statewide")
            if not data.get("ground") and "ground" not in self.errors:
                self.add_error("ground", "Choose what allows you to search beyond your reach")
            if len(data.get("reason", "")) < 10 and "reason" not in self.errors:
                self.add_error("reason", "Enter the reason in a few words: the student can read it")
        if not self.errors and not any(
            value for name, value in self.matching.items() if name != "grade_level"
        ):
            raise ValidationError(
                "Enter one more thing to search by: a grade level alone finds too many"
                if data.get("grade_level")
                else "Enter at least one thing to search by: a name, an ID, a birth date or a school"
            )
        return data

    @property
    def id_is_begun(self) -> bool:
        """Whether the ID that was typed is the beginning of one."""
        typed = self.cleaned_data.get("sers_id", "")
        return bool(typed) and not rules.is_sers_id(typed)

    @property
    def matching(self) -> dict[str, Any]:
        """The terms a student must match."""
        terms = {name: value for name, value in self.cleaned_data.items() if name not in self.BEYOND}
        return terms | {"id_begins": terms.get("sers_id"), "sers_id": ""} if self.id_is_begun else terms

    @property
    def is_statewide(self) -> bool:
        return bool(self.cleaned_data.get("statewide"))

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.BEYOND]

    @property
    def beyond_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.BEYOND]

    @property
    def beyond_is_open(self) -> bool:
        """Whether the part about Search Statewide stands open: it is ticked, or something in it is wrong."""
        return bool(self["statewide"].value() or any(name in self.errors for name in self.BEYOND))

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
            "grade_level": str(data["grade_level"] or ""),
            "statewide": "on" if data.get("statewide") else "",
            "ground": data.get("ground", ""),
            "reason": data.get("reason", ""),
        }


class OpenForm(forms.Form):
    """The birth date that confirms who a student found by Search Statewide is."""

    birth_date = DayField(label="Birth date", what="the student’s birth date")

    def __init__(self, *args: Any, student: Student, ground: str, reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student, self.ground, self.reason = student, ground, reason
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout("birth_date", Submit("open", "Open the record"))

    def save(self, *, by: User, session: str | None) -> Disclosure:
        return actions.open_record(
            student=self.student,
            birth_date=self.cleaned_data["birth_date"],
            ground=Disclosure.Ground(self.ground),
            reason=self.reason,
            by=by,
            session=session,
        )


@dataclass(frozen=True, slots=True)
class LockedRow:
    """A field that is text on this page, and why."""

    name: str
    value: str
    why: str
    #: Where it is changed instead, if this person may.
    url: str = ""


class ProfileForm(Contact):
    """The fields of a student's record that are open to this person; locked ones are not in the form at all."""

    seen = forms.CharField(widget=forms.HiddenInput)
    seen_email = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    first_name = NameQuestion.base_fields["first_name"]
    middle_name = NameQuestion.base_fields["middle_name"]
    last_name = NameQuestion.base_fields["last_name"]
    former_names = FormerNamesQuestion.base_fields["former_names"]
    birth_date = DayField(label="Birth date", what="the birth date")
    email = email_field(
        label="Personal e-mail",
        help_text="A new address counts when the link mailed there is opened. The old one is told, and Reset Account "
        "waits 72 hours unless a second person approves.",
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

    # As the page shows them: the summary of errors names them in this order.
    field_order = (
        "seen", "seen_email", "first_name", "middle_name", "last_name", "former_names", "birth_date", "reason", "school",
        "grade_level", "graduation_year", "email", "phone", "street", "city", "state", "postal_code",
    )  # fmt: skip

    def __init__(
        self, *args: Any, student: Student, user: User, typed: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.student, self.user = student, user
        self.open = rules.fields_open(user, student)
        stands = {name: getattr(student, name) for name in self.open | {"school"}} | dict(typed or {})
        kwargs["initial"] = {
            **stands,
            "school": stands["school"].public_id,
            "seen": student.updated_at.isoformat(),
            "seen_email": rules.address_mark(student) if "email" in self.open else "",
        }
        super().__init__(*args, **kwargs)
        years = cast(forms.ChoiceField, self.fields["graduation_year"])
        years.choices = graduation_years(student.graduation_year)[1:]
        keep = self.open | {"seen"} | ({"seen_email"} if "email" in self.open else set())
        if rules.needs_reason(user, student, self.open):
            keep |= {"reason"}
        for name in [name for name in self.fields if name not in keep]:
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *(name for name in ("seen", "seen_email") if name in self.fields),
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
            *self._group("Contact", "email", "phone", "street", Row("city", "state", "postal_code")),
        )

    @property
    def locked_rows(self) -> list[LockedRow]:
        """What cannot be changed here, as text; each says why, unless the whole record is only read."""
        student, own = self.student, rules.is_own(self.user, self.student)
        values = {
            "sers_id": ("CTE Dual Credit ID", student.sers_id),
            "username": ("User name", student.user.username if student.user else "No account yet"),
            "first_name": ("Legal name", student.name),
            "former_names": ("Former names", student.former_names),
            "birth_date": ("Birth date", day(student.birth_date)),
            "school": ("High school", student.school.name),
            "grade_level": ("Grade level", student.get_grade_level_display()),
            "graduation_year": ("Graduation year", str(student.graduation_year)),
            "email": ("Personal e-mail", student.email),
            "phone": ("Phone", student.phone),
            "street": ("Address", student.address),
        }
        return [
            LockedRow(
                name,
                value,
                rules.why_locked(self.user, student, field) if self.open else "",
                reverse("accounts:change_email") if field == "email" and own else "",
            )
            for field, (name, value) in values.items()
            if field not in self.open and value
        ]

    def _group(self, legend: str, *parts: str | Row) -> list[Fieldset]:
        kept = [part for part in parts if isinstance(part, Row) or part in self.fields]
        return [Fieldset(legend, *kept)] if any(isinstance(part, str) for part in kept) else []

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        refusal = rules.why_not_born(born, on=timezone.localdate())
        if refusal is not None and born != self.student.birth_date:
            raise ValidationError(refusal.message, code=refusal.rule)
        return born

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        changed = {name for name in self.open if name in data and data[name] != getattr(self.student, name)}
        if (
            "reason" in self.fields
            and not data.get("reason")
            and rules.needs_reason(self.user, self.student, changed)
        ):
            self.add_error("reason", "Enter the reason for the new legal name or birth date")
        return data

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            raise ValidationError(
                "The page is incomplete. Load it again and type the change once more"
            ) from None

    def save(self) -> actions.Edited:
        """Save what was changed; Clashed when somebody else changed the same, Refused when a rule says no."""
        data = self.cleaned_data
        return actions.edit_student(
            student=self.student,
            changes={name: data[name] for name in self.open if name in data},
            seen=data["seen"],
            seen_email=data.get("seen_email") if "email" in self.open else None,
            reason=data.get("reason", ""),
            by=self.user,
        )
