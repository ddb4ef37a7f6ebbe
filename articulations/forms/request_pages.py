"""The pages of a High School Request to Articulate: each a short form, saved as it was typed, read when it is whole."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from accounts.models import User
from articulations import actions, rules
from articulations.forms.courses import CoursesForm
from articulations.forms.fields import reading
from articulations.models import ArticulationRequest, CareerCluster, CollegeCourse, RequestFile
from organizations.models import HighSchool, Seat
from sers.lib.choices import offer


def words(
    label: str, missing: str, *, most: int = 2000, rows: int = 4, required: bool = True, hint: str = ""
) -> forms.CharField:
    """Some sentences."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=hint,
        widget=forms.Textarea({"rows": rows, "class": "s-wide"}),
        error_messages={"required": missing, "max_length": f"Shorten the text to {most:,} letters"},
    )


def line(
    label: str, missing: str, *, most: int = 120, required: bool = True, hint: str = "", width: str = ""
) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=hint,
        widget=forms.TextInput({"class": width} if width else {}),
        error_messages={"required": missing, "max_length": f"Enter at most {most} letters"},
    )


class Page:
    """What every page has: its place, how it stands, what was typed, what it says."""

    page: ClassVar[str]
    #: What stands below the heading.
    lead: ClassVar[str] = ""
    asked: ArticulationRequest

    def typed(self, data: Any) -> dict[str, Any]:
        """Every field as it was typed, ready to be kept and shown again."""
        form: Any = self
        return {
            name: field.widget.value_from_datadict(data, {}, name) or ""
            for name, field in form.fields.items()
        }

    @property
    def state(self) -> str:
        """`done` when all that is asked is there, `in_progress` when something was saved."""
        form: Any = self
        if not form.is_bound:
            return "not_started"
        return "done" if form.is_valid() else "in_progress"

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        later = Submit("later", "Save and come back later")
        later.field_classes = "btn btn-link"
        helper.layout = Layout(*self.parts(), FormActions(Submit("save", "Save and continue"), later))
        return helper

    def parts(self) -> list[Any]:
        form: Any = self
        return list(form.fields)

    def said(self) -> dict[str, Any]:
        """What the page adds to a version, once it is valid."""
        raise NotImplementedError

    def save(self, data: Any, *, by: User) -> ArticulationRequest:
        """Keep what was typed."""
        return actions.save_answers(asked=self.asked, page=self.page, typed=self.typed(data), by=by)


class SchoolsPage(Page, forms.Form):
    page = "schools"
    lead = "A request is for the schools of one district: its CTE director signs."

    schools = forms.MultipleChoiceField(
        label="Also taught at",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose schools of your district"},
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked
        others = HighSchool.objects.filter(district=asked.school.district_id).exclude(pk=asked.school_id)
        self.known = {str(one.public_id): one for one in others.order_by("name", "pk")}
        offer(self, "schools", [(key, one.name) for key, one in self.known.items()])
        self.fields["schools"].help_text = (
            f"{asked.school} asks. Tick the schools of {asked.school.district} that teach the same class."
            if self.known
            else f"{asked.school} is the only high school of {asked.school.district}. There is nothing to choose."
        )

    def chosen(self) -> list[HighSchool]:
        return [self.known[key] for key in self.cleaned_data["schools"]]

    def said(self) -> dict[str, Any]:
        schools = [self.asked.school, *self.chosen()]
        return {"schools": [{"id": str(one.public_id), "name": one.name} for one in schools]}

    def save(self, data: Any, *, by: User) -> ArticulationRequest:
        schools = self.chosen() if self.is_valid() else None
        return actions.save_answers(
            asked=self.asked, page=self.page, typed=self.typed(data), schools=schools, by=by
        )


class ClassPage(Page, forms.Form):
    page = "class"

    title = line(
        "High-school class",
        "Enter the name of the class",
        hint="As it stands in the school’s course handbook, for example Accounting 1-2.",
    )
    cip = line(
        "CIP code",
        "Enter the six digits of the CIP code",
        most=10,
        hint="Six digits, as OSPI lists the class, for example 52.0301.",
        width="s-w10",
    )
    state_code = line(
        "State course code",
        "",
        most=10,
        required=False,
        hint="As CEDARS lists the class, for example 12104. It stands beside the CIP code in OSPI’s course framework; "
        "leave it empty if you do not know it.",
        width="s-w10",
    )
    cluster = forms.ChoiceField(
        label="Career cluster",
        error_messages={
            "required": "Choose a career cluster",
            "invalid_choice": "Choose a career cluster from the list",
        },
    )
    pathway = line(
        "Pathway", "Enter the pathway the class belongs to", hint="For example Accounting, or Welding."
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked
        self.clusters = CareerCluster.objects.options()
        offer(self, "cluster", [("", "Choose a cluster"), *self.clusters])

    def clean_cip(self) -> str:
        return reading(rules.read_cip, self.cleaned_data["cip"])

    def clean_state_code(self) -> str:
        return reading(partial(rules.read_class_fact, "state_code"), self.cleaned_data["state_code"])

    def said(self) -> dict[str, Any]:
        asked = self.cleaned_data
        return {
            "title": " ".join(asked["title"].split()),
            "cip": asked["cip"],
            "state_code": asked["state_code"],
            "cluster": dict(self.clusters)[asked["cluster"]],
            "cluster_id": asked["cluster"],
            "pathway": asked["pathway"],
        }

    def save(self, data: Any, *, by: User) -> ArticulationRequest:
        title = " ".join(str(data.get("title", "")).split())[:120]
        return actions.save_answers(
            asked=self.asked, page=self.page, typed=self.typed(data), title=title, by=by
        )


#: So many teachers who have no seat yet can be named.
NEW_TEACHERS = (1, 2)


class TeachersPage(Page, forms.Form):
    page = "teachers"
    lead = "When the agreement is entered, teachers who are new to SERS are invited by e-mail."

    seats = forms.MultipleChoiceField(
        label="Teachers in SERS",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose teachers of the schools"},
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked
        schools = list(asked.schools.all())
        teaching = Seat.objects.held_on(timezone.localdate()).filter(
            role="teacher", school__in=schools, user__is_active=True
        )
        found = teaching.select_related("user", "school").order_by(
            "user__last_name", "user__first_name", "id"
        )
        self.known = {str(one.public_id): one for one in found}
        offer(self, "seats", [(key, f"{one.user.name}, {one.school}") for key, one in self.known.items()])
        if not self.known:
            del self.fields["seats"]
        for number in NEW_TEACHERS:
            self.fields |= {
                f"first_name_{number}": line("First name", "", most=80, required=False),
                f"last_name_{number}": line("Last name", "", most=80, required=False),
                f"email_{number}": line("E-mail at school", "", most=254, required=False),
                f"phone_{number}": line("Phone", "", most=30, required=False, width="s-w20"),
            }

    def parts(self) -> list[Any]:
        groups = [
            Fieldset(
                f"{('', 'Teacher', 'Another teacher')[number]} who is not in SERS yet",
                *(f"{part}_{number}" for part in ("first_name", "last_name", "email", "phone")),
                css_class="s-group",
            )
            for number in NEW_TEACHERS
        ]
        return ["seats", *groups] if self.known else groups

    def clean(self) -> dict[str, Any]:
        self.new: list[dict[str, str]] = []
        for number in NEW_TEACHERS:
            told = {
                part: " ".join(str(self.cleaned_data.get(f"{part}_{number}", "")).split())
                for part in ("first_name", "last_name", "email", "phone")
            }
            if not any(told.values()):
                continue
            for part, what in (("first_name", "first name"), ("last_name", "last name"), ("email", "e-mail")):
                if not told[part] and f"{part}_{number}" not in self.errors:
                    self.add_error(f"{part}_{number}", f"Enter the teacher’s {what}")
            if told["email"]:
                try:
                    validate_email(told["email"])
                except ValidationError:
                    self.add_error(f"email_{number}", "Enter an e-mail address, for example name@school.org")
            self.new.append({"seat": "", **told})
        if not self.new and not self.cleaned_data.get("seats") and not self.errors:
            self.add_error("seats" if self.known else "first_name_1", "Choose a teacher, or name one")
        return self.cleaned_data

    def chosen(self) -> list[Seat]:
        return [self.known[key] for key in self.cleaned_data.get("seats", ())]

    def said(self) -> dict[str, Any]:
        known = [
            {
                "seat": str(seat.public_id), "first_name": seat.user.first_name, "last_name": seat.user.last_name,
                "email": seat.user.email, "phone": "",
            }
            for seat in self.chosen()
        ]  # fmt: skip
        return {"teachers": [*known, *self.new]}

    def save(self, data: Any, *, by: User) -> ArticulationRequest:
        teachers = self.chosen() if self.is_valid() else None
        return actions.save_answers(
            asked=self.asked, page=self.page, typed=self.typed(data), teachers=teachers, by=by
        )


class CoursesPage(Page, CoursesForm):
    page = "courses"

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data, college=asked.college)
        self.asked = asked

    def clean(self) -> dict[str, Any]:
        self.clean_courses()
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        return {
            "courses": [
                {
                    "id": str(course.public_id) if isinstance(course, CollegeCourse) else "",
                    "code": course.code,
                    "title": course.title,
                    "credits": f"{credits.normalize():f}",
                }
                for course, credits in self.courses
            ]
        }


class TeachingPage(Page, forms.Form):
    page = "teaching"

    length = line(
        "Class length",
        "Enter how long the class is",
        hint="In semesters or hours, for example 2 semesters, 180 hours.",
        width="s-w20",
    )
    textbook = words("Textbook and other material", "", rows=2, most=500, required=False)
    other_colleges = words(
        "Articulated with other colleges", "", rows=2, most=500, required=False,
        hint="Which colleges give credit for this class already, and for which course.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


class PathwayPage(Page, forms.Form):
    page = "pathway"
    lead = "Perkins asks this of every class that earns college credit."

    leads_to = forms.ChoiceField(
        label="What the pathway leads to",
        choices=list(rules.ENDS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what the pathway leads to",
            "invalid_choice": "Choose one of the three",
        },
    )
    leads_to_name = line(
        "Its name",
        "Enter the name of the degree, certificate or apprenticeship",
        hint="For example Associate in Applied Science, Accounting.",
    )
    technical_fields = forms.MultipleChoiceField(
        label="Technical fields",
        help_text="The class prepares for at least one of these.",
        choices=list(rules.TECHNICAL_FIELDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one technical field",
            "invalid_choice": "Choose technical fields from the list",
        },
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


class CompetenciesPage(Page, forms.Form):
    page = "competencies"
    lead = "The faculty compare these, line by line, with the outcomes of the college course."

    competencies = words(
        "Competencies of the class",
        "List the competencies, one a line",
        most=8000,
        rows=10,
        hint="One a line.",
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked
        for subject, label in rules.SUBJECTS.items():
            self.fields[subject] = words(
                f"Competence in {label.lower()}",
                f"Say what the class teaches of {label.lower()}",
                rows=2,
                most=1000,
            )

    def clean_competencies(self) -> list[str]:
        return rules.lines_typed(self.cleaned_data["competencies"])

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


class FilesPage(Page, forms.Form):
    """Papers are attached one by one: each is there, or not; nothing else is typed."""

    page = "files"

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__({})
        self.asked = asked
        self.in_hand: list[RequestFile] = asked.files.in_hand().by_kind()
        there = {one.kind for one in self.in_hand}
        #: The papers that are still to attach; the form offers the first of them.
        self.missing = [
            RequestFile.Kind(kind) for kind in rules.papers_asked(asked.kind) if kind not in there
        ]

    @property
    def state(self) -> str:
        if not self.in_hand:
            return "not_started"
        return "in_progress" if self.missing else "done"

    def said(self) -> dict[str, Any]:
        return {}


FORMS: Mapping[str, Any] = {
    form.page: form
    for form in (
        SchoolsPage, ClassPage, TeachersPage, CoursesPage, TeachingPage, PathwayPage, CompetenciesPage, FilesPage,
    )
}  # fmt: skip
