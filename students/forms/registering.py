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
from sers.lib.choices import offer
from sers.lib.refusal import Refusal, Refused
from students import actions, rules
from students.forms.fields import SchoolField, text_field
from students.models import (
    ConsentText,
    Registration,
    Student,
    home_schools,
    schools_with_classes,
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
        classes = [(str(one.course.public_id), one.course.title) for one in on_offer if one.open_offers]
        offer(self, "classes", classes)

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

    def __init__(self, *args: Any, by: User, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.address = by, address
        #: Too many codes that no class has: no code is looked at any more.
        self.is_over = False

    def clean_code(self) -> str:
        try:
            section = actions.find_class(code=self.cleaned_data["code"], by=self.by, address=self.address)
        except Refused as refused:
            self.is_over = True
            raise ValidationError(str(refused)) from None
        if section is None:
            raise ValidationError(
                _(
                    "No class of this school year has this code. Check it with your teacher, or tick the class below"
                )
            )
        return section.class_code


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

    title: str
    registration: Registration | None
    refusal: Refusal | None


class ChoiceForm(forms.Form):
    """Teacher and college of each class, and the consent. Ticked beforehand only where there is one choice."""

    consent = forms.BooleanField(
        label=_("I have read this, and I want the college credit"),
        error_messages={"required": _("Tick the box if you want the college credit")},
    )
    #: The version of the text that is on the screen.
    consent_version = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        on_offer: Sequence[rules.SchoolClass],
        section: Section | None,
        on: date,
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.agreed = ConsentText.objects.in_force()
        self.wording = self.agreed.wording(language)
        self.on_offer = on_offer
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

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        refusal = rules.why_not_agreed(data.get("consent_version", ""), in_force=self.agreed)
        if refusal is not None and "consent" not in self.errors:
            self.add_error("consent", str(refusal))
        return data

    @property
    def repeated(self) -> list[Registration]:
        """Classes this very form has registered already: sent again after a time-out, or by a double click."""
        return [
            one.live
            for one in self.on_offer
            if one.live is not None
            and self.data.get(teacher_of(one)) == str(one.live.section.public_id)
            and self.data.get(college_of(one)) == str(one.live.college.public_id)
        ]

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
                cards_of(self[college_of(one)], one.open_offers, on=self.on),
            )
            for one in self.open
        ]

    def save(self, *, student: Student, by: User) -> list[Outcome]:
        """Register for all of them in one act: one that is refused keeps none of the others back."""
        wanted = [self._wanted(one) for one in self.open]
        answers = actions.register_classes(
            student=student, wanted=wanted, by=by, consent=self.agreed, language=self.wording.language
        )
        return [Outcome(one.high_school_course.title, one, None) for one in self.repeated] + [
            Outcome(one.course.title, None, answer)
            if isinstance(answer, Refusal)
            else Outcome(one.course.title, answer, None)
            for one, answer in zip(self.open, answers, strict=True)
        ]

    def _wanted(self, one: rules.SchoolClass) -> actions.Wanted:
        return actions.Wanted(
            section=next(
                each for each in one.sections if str(each.public_id) == self.cleaned_data[teacher_of(one)]
            ),
            college=next(
                offer.college
                for offer in one.open_offers
                if str(offer.college.public_id) == self.cleaned_data[college_of(one)]
            ),
        )


def cards_of(field: forms.BoundField, offers: Sequence[rules.Offer], *, on: date) -> list[Card]:
    """The colleges as radio buttons side by side, what differs first."""
    return [
        Card(
            id=f"{field.auto_id}_{at}",
            value=str(offer.college.public_id),
            checked=field.value() == str(offer.college.public_id),
            offer=offer,
            conditions=conditions,
        )
        for at, (offer, conditions) in enumerate(zip(offers, rules.compared(offers, on=on), strict=True))
    ]


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
        offer(self, "section", [(value, section_label(one)) for value, one in self.sections.items()])
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


class CollegeForm(forms.Form):
    """Another college for the same class, and the consent once more."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    college = forms.ChoiceField(
        label=_("Which college?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a college"),
            "invalid_choice": _("Choose a college from the list"),
        },
    )
    consent_version = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_("I have read this, and I want the college credit"),
        error_messages={"required": _("Tick the box if you want the college credit")},
    )

    def __init__(
        self,
        *args: Any,
        offers: Sequence[rules.Offer],
        registration: Registration,
        on: date,
        language: str,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", {"version": registration.version})
        super().__init__(*args, **kwargs)
        self.offers = {str(one.college.public_id): one for one in offers}
        self.on = on
        self.agreed = ConsentText.objects.in_force()
        self.wording = self.agreed.wording(language)
        offer(self, "college", [(value, one.college.name) for value, one in self.offers.items()])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        refusal = rules.why_not_agreed(data.get("consent_version", ""), in_force=self.agreed)
        if refusal is not None and "consent" not in self.errors:
            self.add_error("consent", str(refusal))
        return data

    @property
    def cards(self) -> list[Card]:
        """What the page compares: the colleges there are to go to."""
        return cards_of(self["college"], tuple(self.offers.values()), on=self.on)

    def save(self, *, registration: Registration, by: User) -> bool:
        return actions.change_college(
            registration=registration,
            college=self.offers[self.cleaned_data["college"]].college,
            version=self.cleaned_data["version"],
            by=by,
            consent=self.agreed,
            language=self.wording.language,
        )
