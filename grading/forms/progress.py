"""Grading progress: its filters, its page, and the same as a file."""

from typing import Any

from django import forms

from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.forms.words import counted
from grading.rules.progress import Kept
from organizations.models import AcademicYear, HighSchool, SchoolDistrict
from sers.lib.choices import LongSelect
from sers.lib.listing import page_of
from sers.lib.sheets import write_csv

HEADS = (
    "School year", "District", "High school", "Class", "Teachers", "Students", "Completed", "Not Attained",
    "Left the class", "No grade yet", "State",
)  # fmt: skip


class ProgressForm(forms.Form):
    """Which classes the overview keeps."""

    SHOW = (
        ("", "All classes"),
        ("blank", "With blanks"),
        ("ready", "Graded, not declared"),
        ("complete", "Declared complete"),
    )
    show = forms.ChoiceField(label="State", required=False, choices=SHOW)
    by = forms.ChoiceField(
        label="List", required=False, choices=(("", "By class"), ("school", "By high school"))
    )

    def __init__(self, data: Any, *, user: User, year: AcademicYear) -> None:
        super().__init__(data)
        self.this_year = year
        self.years = {str(one.first_year): one for one in AcademicYear.objects.order_by("-first_year")}
        # Where there are classes at all: cheaper to ask than where somebody is registered for one.
        taught = Section.objects.visible_to(user).order_by().values("high_school_course__school")
        schools = HighSchool.objects.filter(pk__in=taught)
        districts = SchoolDistrict.objects.filter(pk__in=schools.order_by().values("district"))
        places = {
            "district": (
                "District",
                "All districts",
                districts.order_by("name").values_list("public_id", "name"),
            ),
            "school": ("High school", "All high schools", schools.options()),
        }
        for name, (label, every, found) in places.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", every), *((str(key), words) for key, words in found)],
                widget=LongSelect,
                error_messages={"invalid_choice": f"{label}: choose one from the list"},
            )
        self.fields["year"] = forms.ChoiceField(
            label="School year",
            required=False,
            choices=[(first, str(one)) for first, one in self.years.items()],
            initial=str(year.first_year),
            error_messages={"invalid_choice": "Choose a school year from the list"},
        )
        self.order_fields(["year", "district", "school", "show", "by"])

    @property
    def kept(self) -> Kept:
        asked = self.cleaned_data
        year = self.years.get(asked["year"], self.this_year)
        return Kept(year, asked["school"], asked["district"], asked["show"])


class ProgressPage:
    """How far grading is, within a person's reach and the filters."""

    def __init__(self, user: User, form: ProgressForm, asked: str) -> None:
        self.form, self.kept = form, form.kept
        self.by_school = form.cleaned_data["by"] == "school"
        sections = rules.classes_to_grade(user, self.kept)
        graded = rules.graded_by(user, self.kept)
        if self.kept.show:
            graded = graded.filter(section__in=sections.order_by().values("pk"))
        schools = rules.sums_by(graded, "high_school_course__school_id")
        self.total = rules.total_of(schools.values())
        if self.by_school:
            rows = rules.schools_in_words(schools, sections)
            self.page = page_of(rows, asked)
            self.rows: list[Any] = list(self.page.object_list)
        else:
            self.page = page_of(rules.as_listed(sections), asked, count=sections.count())
            self.rows = rules.classes_in_words(user, self.kept, list(self.page.object_list))

    @property
    def figures(self) -> list[dict[str, str]]:
        total = self.total
        return [
            {"number": f"{number:,}", "meaning": meaning, "key": ""}
            for number, meaning in (
                (total.students, "registrations"),
                (total.completed, "Completed"),
                (total.not_attained, "Not Attained"),
                (total.ended, "Withdrawn or Not in Class"),
                (total.blank, "without a grade"),
            )
        ]

    @property
    def caption(self) -> str:
        number = self.page.paginator.count
        return counted(number, "high school") if self.by_school else counted(number, "class", "classes")


def progress_file(user: User, kept: Kept) -> bytes:
    """Every class of the overview as CSV, which no spreadsheet computes."""
    found = rules.classes_in_words(user, kept, list(rules.as_listed(rules.classes_to_grade(user, kept))))
    return write_csv(
        HEADS,
        (
            (
                kept.year, one.district, one.school, ", ".join(part for part in (one.title, one.part) if part),
                " and ".join(one.teachers), one.sums.students, one.sums.completed, one.sums.not_attained,
                one.sums.ended, one.sums.blank, one.state[1],
            )
            for one in found
        ),
    )  # fmt: skip
