"""Which college courses a class counts toward: of the catalog, or typed, up to three."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from articulations import actions
from articulations.models import CollegeCourse, course_number
from organizations.models import College
from sers.lib.moments import day

COURSES = (1, 2, 3)
COURSE_PARTS = ("course", "code", "title", "credits")
LEGENDS = {1: "College course", 2: "Second college course", 3: "Third college course"}


class CoursesForm(forms.Form):
    """A form that names college courses with their credits; `courses` holds them once it is cleaned."""

    def __init__(self, data: Any = None, *, college: College, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.college = college
        today = timezone.localdate()
        self.catalog = {str(one.public_id): one for one in college.courses.offered(today).order_by("code")}
        self.ended = {course_number(one.code): one for one in college.courses.ended(today)}
        self.courses: list[tuple[CollegeCourse | actions.NewCourse, Decimal]] = []
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

    def clean_courses(self) -> None:
        """Read the courses; at least one is needed, none twice."""
        self.courses = []
        for number in COURSES:
            self._clean_course(number)
        course_fields = {f"{part}_{number}" for part in COURSE_PARTS for number in COURSES}
        if not self.courses and not course_fields & self.errors.keys():
            self.add_error("course_1", "Choose a college course, or type one")

    def _clean_course(self, number: int) -> None:
        """One course of the catalog, or one typed with number, title and credits; nothing is nothing."""
        names = {part: f"{part}_{number}" for part in COURSE_PARTS}
        if any(name in self.errors for name in names.values()):
            return
        chosen, title = str(self.cleaned_data[names["course"]]), str(self.cleaned_data[names["title"]])
        code = course_number(str(self.cleaned_data[names["code"]]))
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
        elif code in self.ended:
            last = day(self.ended[code].active_until)
            self.add_error(names["code"], f"{code} is taught until {last}. Choose another course")
        elif known is not None:
            self.courses.append((known, credits or known.credits))
        elif not title:
            self.add_error(names["title"], f"Enter the title of {code}")
        elif credits is None:
            self.add_error(names["credits"], f"Enter the credits of {code}")
        else:
            self.courses.append((actions.NewCourse(code, title), credits))
