"""What a person types to search articulations and to enter agreements and classes."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from crispy_forms.bootstrap import FormActions, InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from articulations import actions, rules
from articulations.models import (
    Articulation,
    ArticulationCourseQuerySet,
    CareerCluster,
    CollegeCourse,
    HighSchoolCourse,
    Section,
    SectionQuerySet,
)
from organizations.models import (
    AcademicYear,
    College,
    Consortium,
    HighSchool,
    SchoolDistrict,
    Seat,
)
from organizations.rules import read_percent
from sers.lib.choices import LongSelect

Choices = Sequence[tuple[Any, Any]]


class PercentField(forms.CharField):
    """A percent as people type it, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, widget=forms.TextInput({"inputmode": "decimal", "class": "s-w3"}), **kwargs
        )

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        try:
            return read_percent(typed) if typed else None
        except ValueError:
            raise ValidationError("Enter a percent from 0 to 100") from None


def choice(label: str, choices: Choices, every: str) -> forms.ChoiceField:
    """A filter: one of the choices, or every one."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", every), *((str(key), name) for key, name in choices)],
        error_messages={"invalid_choice": f"{label}: choose one from the list"},
        widget=LongSelect,
    )


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give a choice of the form what there is to choose from."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def label_of(field: forms.Field, value: str) -> str:
    """The words of the choice that was made."""
    return next(str(name) for key, name in field.choices if str(key) == value)  # type: ignore[attr-defined]


class SearchForm(forms.Form):
    """Filters of Search Articulations; all may stay empty. `mine` stands for a signed-in person's consortia."""

    MINE = "mine"
    MORE = ("consortium", "district", "cluster", "minimum")

    words = forms.CharField(
        label="Class, college course or CIP code",
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, own: Sequence[Consortium]) -> None:
        super().__init__(data)
        self.own = own
        districts = SchoolDistrict.objects.order_by("name").values_list("public_id", "name")
        colleges = College.objects.order_by("name").values_list("public_id", "name")
        consortia = Consortium.objects.order_by("name").values_list("public_id", "name")
        mine = [(self.MINE, " and ".join(one.short_name for one in own))] if own else []
        self.fields |= {
            "school": choice("High school", HighSchool.objects.options(), "All high schools"),
            "college": choice("College", list(colleges), "All colleges"),
            "consortium": choice("Consortium", [*mine, *consortia], "All consortia"),
            "district": choice("School district", list(districts), "All districts"),
            "cluster": choice("Career cluster", CareerCluster.objects.options(), "All clusters"),
            "minimum": PercentField(label="Minimum grade at most, in percent"),
        }

    @property
    def first(self) -> list[forms.BoundField]:
        """The filters most people use."""
        return [self[name] for name in self.fields if name not in self.MORE]

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters that stand folded until they are used."""
        return [self[name] for name in self.MORE]

    @property
    def more_in_use(self) -> bool:
        return any(self[name].errors or self[name].value() not in ("", None, self.MINE) for name in self.MORE)

    def consortia(self) -> list[int]:
        """The ids of the consortia that are looked in; none means all."""
        chosen = self.cleaned_data["consortium"]
        if chosen == self.MINE:
            return [one.pk for one in self.own]
        return (
            list(Consortium.objects.filter(public_id=chosen).values_list("pk", flat=True)) if chosen else []
        )

    def narrow(
        self, lines: ArticulationCourseQuerySet, minimums: Mapping[int, Decimal]
    ) -> ArticulationCourseQuerySet:
        """The lines that pass every filter."""
        asked = self.cleaned_data
        lines = lines.worded(asked["words"]).at(
            **{name: asked[name] for name in ("district", "school", "college", "cluster")}
        )
        if consortia := self.consortia():
            lines = lines.of_consortia(consortia)
        if asked["minimum"] is not None:
            lines = lines.asking_at_most(asked["minimum"], minimums)
        return lines

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        shown = []
        for name, value in self.cleaned_data.items():
            if value in ("", None):
                continue
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                shown.append((name, label_of(field, value)))
            elif name == "minimum":
                shown.append((name, f"Minimum grade at most {value.normalize():f} %"))
            else:
                shown.append((name, value))
        return shown


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


class SectionsForm(forms.Form):
    """Filters of the list of classes; the year is this one unless another is chosen."""

    words = forms.CharField(
        label="Class, class code or teacher",
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )

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
        return sections.worded(self.cleaned_data["words"]).at(self.cleaned_data["school"], self.chosen_year())

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list; the year is in the heading."""
        shown = [("words", self.cleaned_data["words"])] if self.cleaned_data["words"] else []
        if school := self.cleaned_data["school"]:
            shown.append(("school", label_of(self.fields["school"], school)))
        return shown


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
