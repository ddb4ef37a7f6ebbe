"""Entering an agreement: between whom, and what it says."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from articulations import actions, rules
from articulations.forms.fields import PercentField, offer
from articulations.models import (
    Articulation,
    CareerCluster,
    CollegeCourse,
)
from organizations.models import (
    AcademicYear,
    College,
    Consortium,
    HighSchool,
)


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


COURSES = (1, 2, 3)
COURSE_PARTS = ("course", "code", "title", "credits")
LEGENDS = {1: "College course", 2: "Second college course", 3: "Third college course"}


class AgreementForm(forms.Form):
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
        help_text="Six digits, for example 520301.",
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
        super().__init__(data, initial={"first_year": year.first_year, "last_year": year.first_year + 2})
        self.consortium, self.college, self.school = consortium, college, school
        self.catalog = {str(course.public_id): course for course in college.courses.order_by("code")}
        offer(self, "cluster", [("", "Not coded"), *CareerCluster.objects.options()])
        first, last = year.first_year, year.first_year + rules.MOST_YEARS
        offer(self, "first_year", [(one, rules.year_in_words(one)) for one in (first, first + 1)])
        offer(self, "last_year", [(one, rules.year_in_words(one)) for one in range(first, last + 1)])
        usual = "" if usual_minimum is None else f" The college’s is {usual_minimum.normalize():f} %."
        self.fields["minimum_percent"] = PercentField(
            label="Own minimum grade", help_text=f"Only if it differs from the college’s.{usual}"
        )
        for number in COURSES:
            self.fields |= self._course_fields(number)

    def _course_fields(self, number: int) -> dict[str, forms.Field]:
        catalog = [(key, f"{one}, {one.credits.normalize():f} credits") for key, one in self.catalog.items()]
        return {
            f"course_{number}": forms.ChoiceField(
                label="In the college’s catalog",
                required=False,
                choices=[("", "Choose a course, or type one below"), *catalog],
                error_messages={"invalid_choice": "Choose a college course from the list"},
            ),
            f"code_{number}": forms.CharField(
                label="Course number",
                required=False,
                max_length=20,
                help_text="For example ACCT& 201.",
                error_messages={"max_length": "Enter a course number of at most 20 characters"},
                widget=forms.TextInput({"class": "s-w10"}),
            ),
            f"title_{number}": forms.CharField(
                label="Course title",
                required=False,
                max_length=120,
                error_messages={"max_length": "Enter a course title of at most 120 characters"},
            ),
            f"credits_{number}": forms.DecimalField(
                label="Credits",
                required=False,
                min_value=Decimal("0.5"),
                max_value=25,
                max_digits=3,
                decimal_places=1,
                help_text="Empty means as many as the catalog says.",
                error_messages=dict.fromkeys(
                    (
                        "invalid",
                        "min_value",
                        "max_value",
                        "max_digits",
                        "max_decimal_places",
                        "max_whole_digits",
                    ),
                    "Enter credits from 0.5 to 25",
                ),
                widget=forms.TextInput({"class": "s-w4", "inputmode": "decimal"}),
            ),
        }

    @property
    def course_groups(self) -> list[dict[str, Any]]:
        """The courses as the page draws them: the first one open, the others when something is in them."""
        groups = []
        for number in COURSES:
            names = [f"{part}_{number}" for part in COURSE_PARTS]
            filled = any(self[name].value() or self[name].errors for name in names)
            if number == 1:  # one course is needed: its choice is not drawn as optional
                self.fields[names[0]].required = True
            groups.append(
                {
                    "legend": LEGENDS[number],
                    "first": number == 1,
                    "open": filled,
                    "choice": self[names[0]],
                    "typed": [self[name] for name in names[1:]],
                }
            )
        return groups

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What will be saved, in words, to be checked; a course is named as it will stand in the catalog."""
        asked = self.cleaned_data
        rows = [
            ("High-school class", " ".join(asked["title"].split())),
            ("CIP code", asked["cip"] or "Not coded"),
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
        cip = self.cleaned_data["cip"].replace(".", "").replace(" ", "")
        if cip and not (cip.isascii() and cip.isdigit() and len(cip) == 6):
            raise ValidationError("Enter the six digits of the CIP code, for example 520301")
        return cip

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "first_year" in cleaned and "last_year" in cleaned:
            refusal = rules.why_not_run(cleaned["first_year"], cleaned["last_year"])
            if refusal is not None:
                self.add_error("last_year", str(refusal))
        self.courses: list[tuple[CollegeCourse | actions.NewCourse, Decimal]] = []
        for number in COURSES:
            self._clean_course(number)
        course_fields = {f"{part}_{number}" for part in COURSE_PARTS for number in COURSES}
        if not self.courses and not course_fields & self.errors.keys():
            self.add_error("course_1", "Choose a college course, or type one")
        return cleaned

    def _clean_course(self, number: int) -> None:
        """One course of the catalog, or one typed with number, title and credits; nothing is nothing."""
        names = {part: f"{part}_{number}" for part in COURSE_PARTS}
        if any(name in self.errors for name in names.values()):
            return
        chosen, title = str(self.cleaned_data[names["course"]]), str(self.cleaned_data[names["title"]])
        code = " ".join(str(self.cleaned_data[names["code"]]).upper().split())
        credits: Decimal | None = self.cleaned_data[names["credits"]]
        if chosen and (code or title):
            self.add_error(names["course"], "Choose a course from the list or type one, not both")
            return
        if not chosen and not code:
            if title or credits:
                self.add_error(names["code"], "Enter the course number, for example ACCT& 201")
            return
        known = self.catalog.get(chosen) or next(
            (course for course in self.catalog.values() if course.code.upper() == code), None
        )
        if (known.code if known else code) in [course.code for course, _ in self.courses]:
            self.add_error(names["course"], "This course is named above already. Choose another one")
        elif known is not None:
            self.courses.append((known, credits or known.credits))
        elif not title:
            self.add_error(names["title"], f"Enter the title of {code}")
        elif credits is None:
            self.add_error(names["credits"], f"Enter the credits of {code}")
        else:
            self.courses.append((actions.NewCourse(code, title), credits))

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
