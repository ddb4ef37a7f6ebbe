"""The catalog of a college: its filters, one course, and a file of courses."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from articulations import actions, rules
from articulations.forms.fields import choice, in_use, reading
from articulations.forms.request_pages import line, words
from articulations.models import CollegeCourse, CollegeCourseQuerySet, CourseChange, CourseFile
from organizations.models import College
from sers.lib.days import DayField
from sers.lib.handing_in import CheckFileForm, Sheet, SheetField
from sers.lib.refusal import Refused
from sers.lib.uploads import MEGABYTE


def college_field(colleges: Sequence[College]) -> forms.ChoiceField:
    """Which college; of one, that one."""
    only = str(colleges[0].public_id) if len(colleges) == 1 else ""
    choices = [(str(one.public_id), one.name) for one in colleges]
    return forms.ChoiceField(
        label="College",
        choices=choices if only else [("", "Choose a college"), *choices],
        initial=only,
        error_messages={"required": "Choose a college", "invalid_choice": "Choose a college from the list"},
    )


class CatalogForm(forms.Form):
    """Filters of the list of courses."""

    SHOWN = (("", "Taught now or later"), ("ended", "No longer taught"), ("all", "All"))

    words = forms.CharField(
        label="Course number, title or CIP code",
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
    show = forms.ChoiceField(
        label="Courses",
        choices=SHOWN,
        required=False,
        error_messages={"invalid_choice": "Courses: choose one from the list"},
    )

    def __init__(self, data: Any, *, colleges: Sequence[College]) -> None:
        super().__init__(data)
        self.colleges = colleges
        if len(colleges) > 1:
            self.fields["college"] = choice(
                "College", [(one.public_id, one.name) for one in colleges], "All colleges"
            )

    def chosen(self) -> list[College]:
        """The colleges whose courses are listed."""
        asked = self.cleaned_data.get("college", "")
        return [one for one in self.colleges if not asked or str(one.public_id) == asked]

    def narrow(self, rows: CollegeCourseQuerySet, on: date) -> CollegeCourseQuerySet:
        found = rows.of_colleges(self.chosen()).worded(self.cleaned_data["words"])
        show = self.cleaned_data["show"]
        return found if show == "all" else found.ended(on) if show else found.offered(on)

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        return in_use(self, "words", "college", "show")


class CourseForm(forms.Form):
    """What a college course is: what its agreements rest on."""

    title = line("Title", "Enter the title of the course")
    credits = forms.CharField(
        label="Credits",
        max_length=6,
        widget=forms.TextInput({"class": "s-w4", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(("required", "max_length"), "Enter credits from 0.5 to 25"),
    )
    cip = line("CIP code", "", most=9, required=False, hint="Six digits, for example 52.0301.", width="s-w10")
    description_url = forms.URLField(
        label="Address of the course description",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Enter a whole address, https://..."},
    )
    site_url = forms.URLField(
        label="Address of the college’s site on it",
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text="Of the department or the college. Who searches articulations comes to it.",
        error_messages={"invalid": "Enter a whole address, https://..."},
    )
    description = words("Content", "", most=4000, required=False)
    outcomes = words(
        "Outcomes", "", most=4000, rows=8, required=False,
        hint="One a line; they are numbered by their order. The alignment matrix of a request begins with them.",
    )  # fmt: skip
    structure = line(
        "Structure", "", most=300, required=False,
        hint="Hours of lecture and laboratory, prerequisites, how it is taught.",
    )  # fmt: skip
    faculty = line("Faculty", "", most=300, required=False, hint="Who leads the course.")
    active_from = DayField(
        what="the first day", label="Taught from", required=False, help_text="Empty means always."
    )
    active_until = DayField(
        what="the last day",
        label="Taught until",
        required=False,
        help_text="From the day after, no new request or agreement can name it. Agreements that stand are marked for review.",
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def clean_credits(self) -> str:
        return reading(rules.read_credits, self.cleaned_data["credits"])

    def clean_cip(self) -> str:
        return reading(rules.read_cip, self.cleaned_data["cip"])

    def clean_outcomes(self) -> str:
        outcomes = rules.outcomes_typed(self.cleaned_data["outcomes"])
        if any(len(one) > rules.LONGEST_OUTCOME for one in outcomes):
            raise ValidationError(f"Shorten each outcome to {rules.LONGEST_OUTCOME} letters")
        return "\n".join(outcomes)

    def clean(self) -> dict[str, Any]:
        begins, ends = self.cleaned_data.get("active_from"), self.cleaned_data.get("active_until")
        if begins and ends and ends < begins:
            self.add_error("active_until", "Enter a last day after the first")
        return self.cleaned_data

    def facts(self) -> dict[str, str]:
        """What was typed, as facts of a course."""
        return {field: rules.fact_of(self.cleaned_data[field]) for field in rules.COURSE_FIELDS}


class EditCourseForm(CourseForm):
    """Change a course that stands in the catalog."""

    note = words(
        "Why it changed", "", most=1000, required=False, rows=2, hint="Who reviews the agreements reads it."
    )

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, course: CollegeCourse) -> None:
        facts: dict[str, Any] = rules.course_facts(course)
        super().__init__(
            data,
            initial={
                **facts, "cip": course.cip_in_words, "active_from": course.active_from, "active_until": course.active_until,
                "seen": course.last_change,
            },
        )  # fmt: skip
        self.course = course

    def save(self, *, by: User) -> CourseChange | None:
        """Change it; None where nothing is different."""
        return actions.change_course(
            course=self.course,
            facts=self.facts(),
            note=self.cleaned_data["note"],
            seen=self.cleaned_data["seen"],
            by=by,
        )

    def once_more(self) -> "EditCourseForm":
        """What was typed, beside the course as it stands now."""
        data = {**{name: self.data.get(name, "") for name in self.data}, "seen": str(self.course.last_change)}
        return EditCourseForm(data, course=self.course)


class NewCourseForm(CourseForm):
    """Add a course to the catalog of a college."""

    def __init__(self, data: Any = None, *, colleges: Sequence[College]) -> None:
        super().__init__(data)
        self.colleges = {str(one.public_id): one for one in colleges}
        own = {
            "college": college_field(colleges),
            "code": line(
                "Course number", "Enter the course number, for example ACCT& 201", most=20, width="s-w10",
                hint="As in the catalog, for example ACCT& 201.",
            ),
        }  # fmt: skip
        self.fields = {**own, **self.fields}

    def save(self, *, by: User) -> CollegeCourse | None:
        """Add it; None where its number is in the catalog already, which is told at the number."""
        try:
            return actions.add_course(
                college=self.colleges[self.cleaned_data["college"]],
                code=self.cleaned_data["code"],
                facts=self.facts(),
                by=by,
            )
        except Refused as refused:
            self.add_error("code", str(refused).rstrip("."))
            return None


class CourseFileForm(CheckFileForm):
    """A CSV file of courses, and whose they are."""

    file = SheetField(
        columns=rules.COURSE_COLUMNS,
        most_rows=rules.MOST_COURSES,
        most_bytes=5 * MEGABYTE,
        most_letters=rules.MOST_CELL_LETTERS,
        help_text=f"At most {rules.MOST_COURSES:,} rows and 5 MB. Nothing is saved before you have seen what it changes",
    )

    def __init__(self, data: Any = None, files: Any = None, *, colleges: Sequence[College]) -> None:
        super().__init__(data, files)
        self.colleges = {str(one.public_id): one for one in colleges}
        self.fields = {"college": college_field(colleges), **self.fields}

    def save(self, *, by: User) -> CourseFile:
        sheet: Sheet = self.cleaned_data["file"]
        return actions.hand_in_courses(
            college=self.colleges[self.cleaned_data["college"]],
            name=sheet.name,
            rows=rules.rows_of_courses(sheet.rows),
            by=by,
        )
