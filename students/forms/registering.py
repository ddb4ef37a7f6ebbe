"""What a student ticks to register for classes, and to change the teacher."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articulations.models import Section
from organizations.models import AcademicYear, HighSchool
from sers.lib.refusal import Refusal, Refused
from students import actions, rules
from students.forms.fields import SchoolField, text_field
from students.models import (
    Registration,
    Student,
    home_schools,
    schools_with_classes,
    section_of_code,
    teacher_names,
)


class OtherSchoolForm(forms.Form):
    """Another school, a skills center for example, whose classes are to be listed."""

    school = SchoolField(schools=home_schools(), label=_("School"), empty_label=_("Choose a school"))

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
            "required": _("Tick the classes you want to register for"),
            "invalid_choice": _("Choose classes from the list"),
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
        _("Class code from your teacher"),
        most=20,
        what="the class code",
        attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "s-w10"},
    )

    def clean_code(self) -> str:
        code = rules.tidy_class_code(self.cleaned_data["code"])
        if not code or section_of_code(code, AcademicYear.objects.current()) is None:
            raise ValidationError(
                _(
                    "No class of this school year has this code. Check it with your teacher, or tick the class below"
                )
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

    @property
    def hint(self) -> str:
        """How many colleges there are to choose from."""
        if len(self.cards) == 1:
            return gettext("One college gives credit for this class now.")
        return gettext("{number} colleges give credit for this class. Choose one.").format(
            number=len(self.cards)
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one class: a registration, or why not."""

    one: rules.SchoolClass
    registration: Registration | None
    refusal: Refusal | None


class ChoiceForm(forms.Form):
    """Teacher and college of each class, and the consent. Ticked beforehand only where there is one choice."""

    consent = forms.BooleanField(
        label=_("I have read this, and I want the college credit"),
        error_messages={"required": _("Tick the box if you want the college credit")},
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
                label=_("Which teacher?"),
                choices=sections,
                initial=coded[0] if coded else sections[0][0] if len(sections) == 1 else None,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose your teacher for {title}").format(title=one.course.title),
                    "invalid_choice": _("Choose your teacher for {title} from the list").format(
                        title=one.course.title
                    ),
                },
            )
            self.fields[college_of(one)] = forms.ChoiceField(
                label=_("Which college?"),
                choices=colleges,
                initial=colleges[0][0] if len(colleges) == 1 else None,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose a college for {title}").format(title=one.course.title),
                    "invalid_choice": _("Choose a college for {title} from the list").format(
                        title=one.course.title
                    ),
                },
            )
        self.fields["consent"] = consent

    @property
    def question(self) -> str:
        """What the page asks, by what there is to choose."""
        if len(self.open) != 1:
            return (
                gettext("Which teachers and colleges?") if self.open else gettext("You cannot register now")
            )
        one = self.open[0]
        if len(one.open_offers) > 1:
            return _("Which college should give you credit for {title}?").format(title=one.course.title)
        return _("Register for {title}").format(title=one.course.title)

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
        part
        for part in (teacher_names(section) or gettext("Teacher not named yet"), section.label, term)
        if part
    )


class TeacherForm(forms.Form):
    """Another teacher of the same class and year."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    section = forms.ChoiceField(
        label=_("Which teacher?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose your teacher"),
            "invalid_choice": _("Choose your teacher from the list"),
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
                Submit("change", _("Save Changes")),
                HTML('<a href="{{ registration_url }}">{% translate "Keep my teacher" %}</a>'),
            ),
        )

    def save(self, *, registration: Registration, by: User) -> bool:
        return actions.change_teacher(
            registration=registration,
            section=self.sections[self.cleaned_data["section"]],
            version=self.cleaned_data["version"],
            by=by,
        )
