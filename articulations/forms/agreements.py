"""Entering an agreement: between whom, and what it says."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from accounts.models import User
from articulations import actions, rules
from articulations.forms.courses import CoursesForm
from articulations.forms.fields import PercentField, reading
from articulations.models import (
    Articulation,
    CareerCluster,
    cip_in_words,
)
from organizations.models import (
    AcademicYear,
    College,
    Consortium,
    HighSchool,
)
from sers.lib.choices import offer


class WhereForm(forms.Form):
    """Between which college and which high school: the first step of a new agreement."""

    def __init__(self, data: Any, *, consortia: Sequence[Consortium]) -> None:
        super().__init__(data)
        self.consortia = {str(one.public_id): one for one in consortia}
        groups = [
            (
                one.name,
                [(f"{one.public_id}.{college.public_id}", college.name) for college in one.colleges.all()],
            )
            for one in consortia
        ]
        ids = [one.pk for one in consortia]
        near = HighSchool.objects.of_consortia(ids).options()
        far = HighSchool.objects.not_of_consortia(ids).options()
        self.fields |= {
            "college": forms.ChoiceField(
                label="College",
                choices=[("", "Choose a college"), *(groups[0][1] if len(groups) == 1 else groups)],
                error_messages={
                    "required": "Choose a college of your consortium",
                    "invalid_choice": "Choose a college of your consortium",
                },
            ),
            "school": forms.ChoiceField(
                label="High school",
                choices=[
                    ("", "Choose a high school"),
                    ("In your consortium", near),
                    ("Elsewhere in Washington", far),
                ],
                error_messages={
                    "required": "Choose a high school",
                    "invalid_choice": "Choose a high school from the list",
                },
            ),
        }

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_class = "s-form"
        helper.layout = Layout("college", "school", FormActions(Submit("step", "Continue")))
        return helper

    def places(self) -> tuple[Consortium, College, HighSchool]:
        """The consortium that is acted for, its college, and the school."""
        consortium, _, college = self.cleaned_data["college"].partition(".")
        return (
            self.consortia[consortium],
            College.objects.get(public_id=college),
            HighSchool.objects.select_related("district").get(public_id=self.cleaned_data["school"]),
        )


class AgreementForm(CoursesForm):
    """An agreement between one college and one high school: the class, what it earns, and how long."""

    title = forms.CharField(
        label="High-school class",
        help_text="As it stands in the school’s course handbook, for example Accounting 1-2.",
        max_length=120,
        error_messages={
            "required": "Enter the name of the class",
            "max_length": "Enter a class name of at most 120 characters",
        },
    )
    cip = forms.CharField(
        label="CIP code",
        required=False,
        help_text="Six digits, for example 52.0301.",
        max_length=10,
        error_messages={"max_length": "Enter the six digits of the CIP code"},
        widget=forms.TextInput({"class": "s-w10", "inputmode": "numeric"}),
    )
    cluster = forms.ChoiceField(
        label="Career cluster",
        required=False,
        error_messages={"invalid_choice": "Choose a career cluster from the list"},
    )
    first_year = forms.TypedChoiceField(
        label="In force from school year",
        coerce=int,
        error_messages={
            "required": "Choose the first school year",
            "invalid_choice": "Choose the first school year from the list",
        },
    )
    last_year = forms.TypedChoiceField(
        label="Until the end of school year",
        coerce=int,
        error_messages={
            "required": "Choose the last school year",
            "invalid_choice": "Choose the last school year from the list",
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        consortium: Consortium,
        college: College,
        school: HighSchool,
        year: AcademicYear,
        usual_minimum: Decimal | None,
    ) -> None:
        years = {"first_year": year.first_year, "last_year": year.first_year + 2}
        super().__init__(data, college=college, initial=years)
        self.consortium, self.school = consortium, school
        offer(self, "cluster", [("", "Not coded"), *CareerCluster.objects.options()])
        first, last = year.first_year, year.first_year + rules.MOST_YEARS
        offer(self, "first_year", [(one, rules.year_in_words(one)) for one in (first, first + 1)])
        offer(self, "last_year", [(one, rules.year_in_words(one)) for one in range(first, last + 1)])
        usual = "" if usual_minimum is None else f" The college’s is {usual_minimum.normalize():f} %."
        self.fields["minimum_percent"] = PercentField(
            label="Own minimum grade", help_text=f"Only if it differs from the college’s.{usual}"
        )

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What will be saved, in words, to be checked; a course is named as it will stand in the catalog."""
        asked = self.cleaned_data
        rows = [
            ("High-school class", " ".join(asked["title"].split())),
            ("CIP code", cip_in_words(asked["cip"]) or "Not coded"),
            ("Career cluster", dict(CareerCluster.objects.options()).get(asked["cluster"], "Not coded")),
        ]
        for course, credits in self.courses:
            new = ", new in the catalog" if isinstance(course, actions.NewCourse) else ""
            rows.append(
                ("College course", f"{course.code} {course.title}, {credits.normalize():f} credits{new}")
            )
        minimum = asked["minimum_percent"]
        return [
            *rows,
            ("Years valid", rules.years_in_words(asked["first_year"], asked["last_year"])),
            ("Minimum grade", "The college’s" if minimum is None else f"{minimum.normalize():f} %"),
        ]

    def clean_cip(self) -> str:
        return reading(rules.read_cip, self.cleaned_data["cip"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "first_year" in cleaned and "last_year" in cleaned:
            refusal = rules.why_not_run(cleaned["first_year"], cleaned["last_year"])
            if refusal is not None:
                self.add_error("last_year", str(refusal))
        self.clean_courses()
        return cleaned

    def save(self, *, by: User) -> Articulation:
        asked = self.cleaned_data
        valid_from, valid_until = rules.days_of(asked["first_year"], asked["last_year"])
        return actions.enter_articulation(
            consortium=self.consortium,
            college=self.college,
            school=self.school,
            title=" ".join(asked["title"].split()),
            cip=asked["cip"],
            cluster=CareerCluster.objects.filter(pk=asked["cluster"]).first() if asked["cluster"] else None,
            courses=self.courses,
            valid_from=valid_from,
            valid_until=valid_until,
            minimum_percent=asked["minimum_percent"],
            by=by,
        )
