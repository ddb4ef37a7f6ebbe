"""Listing and entering classes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.bootstrap import FormActions, InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from accounts.models import User
from articulations import actions, rules
from articulations.forms.fields import choice, in_use
from articulations.models import (
    HighSchoolCourse,
    Section,
    SectionQuerySet,
)
from organizations.models import (
    AcademicYear,
    Consortium,
    HighSchool,
    Seat,
)
from sers.lib.choices import offer


class SectionsForm(forms.Form):
    """Filters of the list of classes; the year is this one unless another is chosen."""

    words = forms.CharField(
        label="Class, class code or teacher",
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )

    codes = choice("Codes", [("missing", "Not all known")], "All classes")

    def __init__(self, data: Any, *, user: User, year: AcademicYear) -> None:
        super().__init__(data)
        self.year = year
        years = {str(one.first_year): one for one in AcademicYear.objects.all()}
        self.years = years
        self.fields |= {
            "school": choice(
                "High school", Section.objects.visible_to(user).school_options(), "All high schools"
            ),
            "year": forms.ChoiceField(
                label="School year",
                required=False,
                choices=[(first, str(one)) for first, one in years.items()],
                initial=str(year.first_year),
                error_messages={"invalid_choice": "Choose a school year from the list"},
            ),
        }

    def chosen_year(self) -> AcademicYear:
        return self.years.get(self.cleaned_data["year"], self.year)

    def narrow(self, sections: SectionQuerySet) -> SectionQuerySet:
        """The classes that pass every filter."""
        found = sections.worded(self.cleaned_data["words"]).at(
            self.cleaned_data["school"], self.chosen_year()
        )
        return found.without_codes() if self.cleaned_data["codes"] else found

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list; the year is in the heading."""
        return in_use(self, "words", "school", "codes")


class SchoolForm(forms.Form):
    """At which school: the first step of a new class."""

    def __init__(self, data: Any, *, consortia: Sequence[Consortium]) -> None:
        super().__init__(data)
        schools = HighSchool.objects.of_consortia([one.pk for one in consortia])
        self.fields["school"] = forms.ChoiceField(
            label="High school",
            choices=[("", "Choose a high school"), *schools.options()],
            error_messages={
                "required": "Choose a high school",
                "invalid_choice": "Choose a high school of your consortium",
            },
        )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_class = "s-form"
        helper.layout = Layout("school", FormActions(Submit("step", "Continue")))
        return helper

    def place(self) -> HighSchool:
        return HighSchool.objects.select_related("district").get(public_id=self.cleaned_data["school"])


class SectionForm(forms.Form):
    """A class of a school year: which course, when, and who teaches it."""

    course = forms.ChoiceField(
        label="Class",
        error_messages={
            "required": "Choose a class",
            "invalid_choice": "Choose a class of this high school that has an agreement",
        },
    )
    year = forms.ChoiceField(
        label="School year",
        error_messages={
            "required": "Choose a school year",
            "invalid_choice": "Choose this school year or the next",
        },
    )
    term = forms.ChoiceField(
        label="Term",
        choices=Section.Term.choices,
        initial=Section.Term.YEAR,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a term", "invalid_choice": "Choose a term from the list"},
    )
    label = forms.CharField(
        label="Period or section",
        required=False,
        max_length=40,
        help_text="Tells two classes of one course apart, for example Period 3.",
        error_messages={"max_length": "Enter a period or section of at most 40 characters"},
        widget=forms.TextInput({"class": "s-w20"}),
    )
    teachers = forms.MultipleChoiceField(
        label="Teachers",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one teacher",
            "invalid_choice": "Choose teachers of this high school",
        },
    )

    def __init__(self, data: Any = None, *, school: HighSchool, year: AcademicYear, on: date) -> None:
        super().__init__(data, initial={"year": str(year.first_year)})
        first, last = rules.days_of(year.first_year, year.first_year + 1)
        self.known = {
            str(course.public_id): course
            for course in HighSchoolCourse.objects.articulated(school, first, last).select_related(
                "school__district"
            )
        }
        self.known_teachers = {
            str(seat.public_id): seat for seat in Seat.objects.teaching_at(school, on).select_related("user")
        }
        years = [str(year.first_year), str(year.first_year + 1)]
        courses = [(key, one.title) for key, one in self.known.items()]
        offer(self, "course", [("", "Choose a class"), *courses])
        offer(self, "year", [(one, rules.year_in_words(int(one))) for one in years])
        offer(self, "teachers", [(key, one.user.name) for key, one in self.known_teachers.items()])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            "course",
            "year",
            InlineRadios("term"),
            "label",
            "teachers",
            FormActions(Submit("save", "Save Class")),
        )
        return helper

    def save(self, *, by: User) -> Section:
        asked = self.cleaned_data
        return actions.enter_section(
            high_school_course=self.known[asked["course"]],
            year=AcademicYear.objects.get_or_create(first_year=int(asked["year"]))[0],
            term=asked["term"],
            label=" ".join(asked["label"].split()),
            teachers=[self.known_teachers[key] for key in asked["teachers"]],
            by=by,
        )
