"""What a registrar sets: the day of the run, where college IDs come from, how worksheets look."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from organizations.models import College, CollegeYear
from sers.lib.days import DayField
from transcripts import actions, rules
from transcripts.models import TranscriptionPlan, WorksheetColumn


def nine_digits(what: str) -> forms.IntegerField:
    """A college ID as a number; `what` names it in errors."""
    wrong = f"Enter {what} with nine digits"
    return forms.IntegerField(
        required=False,
        min_value=100_000_000,
        max_value=999_999_999,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "s-w20"}),
    )


class PlanForm(forms.Form):
    """The plan of one college's year."""

    starts_on = DayField(label="Day the calendar starts the run", what="the day", required=False)
    sids = forms.ChoiceField(
        label="College IDs of new students",
        choices=TranscriptionPlan.Sids.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who gives college IDs", "invalid_choice": "Choose from the list"},
    )
    sid_from = nine_digits("the first ID")
    sid_to = nine_digits("the last ID")
    sid_required = forms.BooleanField(label="Credit waits until the college ID is known", required=False)
    term = forms.CharField(
        label="Term in ctcLink",
        required=False,
        max_length=4,
        error_messages={"max_length": "Enter four digits like 2275"},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "s-w4"}),
    )

    def __init__(self, data: Any = None, *, college_year: CollegeYear) -> None:
        self.college_year = college_year
        plan = rules.plan_of(college_year)
        super().__init__(
            data,
            initial={
                name: getattr(plan, name)
                for name in ("starts_on", "sids", "sid_from", "sid_to", "sid_required", "term")
            },
        )
        usual = rules.term_of(TranscriptionPlan(), college_year.year)
        self.fields["starts_on"].help_text = "Leave it empty to start the run yourself."
        self.fields["term"].help_text = f"Empty: {usual}, the summer after the school year."
        self.fields["sid_from"].label, self.fields["sid_to"].label = (
            "First ID of the range",
            "Last ID of the range",
        )
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(
            Fieldset("The run", "starts_on"),
            Fieldset("College IDs", "sids", "sid_from", "sid_to", "sid_required"),
            Fieldset("ctcLink", "term"),
            HTML('<div class="s-buttons"><button class="btn btn-primary">Save Changes</button></div>'),
        )

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        plan = rules.plan_of(self.college_year)
        if day is not None and day != plan.starts_on:
            refusal = rules.why_not_plan_today(day, self.college_year.year)
            if refusal is not None:
                raise ValidationError(refusal.message.rstrip("."))
        return day

    def clean_term(self) -> str:
        term: str = self.cleaned_data["term"].strip()
        if term and not rules.is_term(term):
            raise ValidationError("Enter four digits like 2275: 2, the year, then 1, 3, 5 or 7")
        return term

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("sids") == TranscriptionPlan.Sids.RANGE:
            for name, what in (("sid_from", "first"), ("sid_to", "last")):
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, f"Enter the {what} ID of the range")
            if not self.errors and data["sid_from"] > data["sid_to"]:
                self.add_error("sid_to", "Enter a last ID that is not below the first")
        return data

    def save(self, *, by: User) -> TranscriptionPlan:
        data, by_range = self.cleaned_data, self.cleaned_data["sids"] == TranscriptionPlan.Sids.RANGE
        return actions.save_plan(
            plan=TranscriptionPlan(
                college_year=self.college_year,
                starts_on=data["starts_on"],
                sids=data["sids"],
                sid_from=data["sid_from"] if by_range else None,
                sid_to=data["sid_to"] if by_range else None,
                sid_required=data["sid_required"],
                term=data["term"],
            ),
            by=by,
        )


class ColumnsForm:
    """The map of worksheet columns: a table of plain inputs, one row a field, saved as a whole."""

    def __init__(self, data: Any = None, *, college: College) -> None:
        self.college, self.is_bound = college, data is not None
        self.errors: list[dict[str, str]] = []
        known = {one.field: one for one in rules.columns_of(college)}
        self.rows = (
            [
                known[field]
                for field in sorted(known, key=lambda one: (known[one].position == 0, known[one].position))
            ]
            if data is None
            else [self._read(field, data) for field in WorksheetColumn.Field]
        )

    def _read(self, field: WorksheetColumn.Field, data: Any) -> rules.OwnColumn:
        typed = data.get(f"position-{field}", "").strip()
        heading = " ".join(data.get(f"heading-{field}", "").split())[:60]
        value = " ".join(data.get(f"value-{field}", "").split())[:60]
        position = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 2 else 0
        column = rules.OwnColumn(field, position, heading or str(field.label), value)
        if typed and not position:
            self._say(f"position-{field}", f"{field.label}: enter a place from 1 to 99, or leave it empty")
        if column.is_needed and not typed:
            self._say(f"position-{field}", f"{field.label}: no worksheet can do without it, enter its place")
        if field == WorksheetColumn.Field.GRADE and value not in ("points", "letter"):
            self._say(f"value-{field}", "Official Grade: write points (3.9) or letter (A)")
        return column

    def _say(self, target: str, message: str) -> None:
        self.errors.append({"target": target, "message": message})

    def is_valid(self) -> bool:
        """Places stand once."""
        seen: dict[int, rules.OwnColumn] = {}
        for row in self.rows:
            if row.position and row.position in seen:
                self._say(
                    f"position-{row.field}",
                    f"{row.field.label}: place {row.position} is {seen[row.position].field.label} already",
                )
            seen.setdefault(row.position, row)
        return not self.errors

    def save(self, *, by: User) -> None:
        actions.save_columns(college=self.college, columns=self.rows, by=by)


class CourseIdForm(forms.Form):
    """The Course ID by which ctcLink knows a course of the college."""

    course = forms.IntegerField(widget=forms.HiddenInput)
    course_id = forms.RegexField(
        r"^\s*[0-9]{1,6}\s*$",
        label="Course ID",
        error_messages={
            "required": "Enter the Course ID",
            "invalid": "Enter the six digits of the Course ID",
        },
    )

    def __init__(self, data: Any = None, *, college: College) -> None:
        super().__init__(data)
        self.college = college

    def clean_course(self) -> Any:
        course = self.college.courses.filter(pk=self.cleaned_data["course"]).first()
        if course is None:
            raise ValidationError("Choose a course of your college")
        return course

    def save(self, *, by: User) -> str:
        """Write it down; the course's code."""
        course = self.cleaned_data["course"]
        actions.save_course_id(
            course=course, course_id=self.cleaned_data["course_id"].strip().zfill(6), by=by
        )
        return str(course.code)
