"""Rolling over: which school to which year, class by class; and who teaches a class."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone

from accounts.models import User
from articulations import actions, rules
from articulations.models import Rollover, Section
from organizations.models import AcademicYear, Consortium, HighSchool, Seat
from sers.lib.choices import LongSelect, offer


class RollForm(forms.Form):
    """Which classes are rolled over: of one school or of the whole consortium, into which school year."""

    def __init__(self, data: Any = None, *, consortia: list[Consortium]) -> None:
        super().__init__(data)
        self.consortia = {str(one.public_id): one for one in consortia}
        schools = HighSchool.objects.of_consortia([one.pk for one in consortia]).options()
        this = AcademicYear.objects.current().first_year
        years = [str(this + 1), str(this)]
        whole = [(key, f"Every school of {one}") for key, one in self.consortia.items()]
        self.fields |= {
            "of": forms.ChoiceField(
                label="Whose classes",
                choices=[("", "Choose a school, or all of them"), *whole, *schools],
                widget=LongSelect,
                error_messages={
                    "required": "Choose whose classes are rolled over",
                    "invalid_choice": "Choose a school of your consortium, or all of them",
                },
            ),
            "into": forms.ChoiceField(
                label="Into the school year",
                choices=[(one, rules.year_in_words(int(one))) for one in years],
                initial=years[0],
                error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose this school year or the next"),
            ),
        }  # fmt: skip

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_class = "s-form"
        helper.layout = Layout("of", "into", FormActions(Submit("step", "See what comes of it")))
        return helper

    def places(self) -> tuple[Consortium, HighSchool | None]:
        """The consortium, and the school where one was chosen."""
        chosen = self.cleaned_data["of"]
        if chosen in self.consortia:
            return self.consortia[chosen], None
        school = HighSchool.objects.select_related("district").get(public_id=chosen)
        of = {one.pk for one in school.district.consortia.all()}
        return next(one for one in self.consortia.values() if one.pk in of), school

    def years(self) -> tuple[AcademicYear, AcademicYear]:
        first = int(self.cleaned_data["into"])
        return AcademicYear.objects.named(first - 1), AcademicYear.objects.named(first)


class RollPreview:
    """What becomes of each class, with what was changed of it on the page. A whole consortium is made as it is; the
    classes of one school can be left out, moved to another term and given to another teacher."""

    def __init__(self, form: RollForm, data: Any = None) -> None:
        self.consortium, self.school = form.places()
        self.year_from, self.year_to = form.years()
        self.of, self.into = form.cleaned_data["of"], form.cleaned_data["into"]
        self.rolled = rules.rolled_over(self.consortium, self.school, self.year_from, self.year_to)
        self.tally = rules.tally_of(self.rolled)
        self.new = sum(one.outcome == "new" for one in self.rolled)
        self.data = data
        self.can_edit = self.school is not None
        schools = [self.school.pk] if self.school else []
        self.teachers = {
            str(one.public_id): one
            for some in rules.teachers_by_school(schools, timezone.localdate()).values()
            for one in some
        }
        self.errors: list[dict[str, str]] = []

    @property
    def may_make(self) -> bool:
        return bool(self.new) or (self.can_edit and any(one.outcome == "no_teacher" for one in self.rolled))

    @property
    def terms(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Section.Term.choices]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows of the table, as they were sent."""
        return [
            {
                "one": one,
                "tag": one.tag,
                "may": one.outcome in ("new", "no_teacher"),
                "make": (self.data is None and one.outcome == "new") or self._typed("make", one) == "1",
                "term": self._typed("term", one) or one.section.term,
                "term_label": str(Section.Term(one.section.term).label),
                "teacher": self._typed("teacher", one),
            }
            for one in self.rolled
        ]

    def _typed(self, name: str, one: rules.Rolled) -> str:
        return str(self.data.get(f"{name}-{one.key}", "")) if self.data is not None else ""

    def is_valid(self) -> bool:
        """Every class that is ticked can be made as it was typed."""
        self.edits: dict[str, actions.Edit] = {}
        for line in self.lines:
            one = line["one"]
            if not (line["may"] and line["make"]):
                continue
            title = f"{one.section.high_school_course} {one.section.label}".strip()
            teacher = self.teachers.get(line["teacher"])
            if line["term"] not in Section.Term or (line["teacher"] and teacher is None):
                self.errors.append({"target": f"row-{one.key}", "message": f"{title}: choose from the lists"})
            elif one.outcome == "no_teacher" and teacher is None:
                self.errors.append({"target": f"row-{one.key}", "message": f"{title}: choose who teaches it"})
            else:
                self.edits[one.key] = actions.Edit(line["term"], teacher)
        if not self.edits and not self.errors:
            self.errors.append({"target": "classes", "message": "Tick at least one class"})
        return not self.errors

    def make(self, *, by: User) -> Rollover:
        return actions.roll_over(
            consortium=self.consortium,
            school=self.school,
            year_from=self.year_from,
            year_to=self.year_to,
            edits=self.edits if self.can_edit else None,
            by=by,
        )


class TeachersForm(forms.Form):
    """Who teaches a class: one or several of its school."""

    teachers = forms.MultipleChoiceField(
        label="Teachers",
        widget=forms.CheckboxSelectMultiple,
        help_text="Several share the roster. Who is taken off sees the class no more; who is new is mailed.",
        error_messages={
            "required": "Choose at least one teacher",
            "invalid_choice": "Choose teachers of this high school",
        },
    )

    def __init__(self, data: Any = None, *, section: Section) -> None:
        self.section = section
        school = section.high_school_course.school
        teaching = rules.teachers_by_school([school.pk], timezone.localdate()).get(school.pk, [])
        self.known = {str(one.public_id): one for one in teaching}
        own = [key for key, one in self.known.items() if one in section.teachers.all()]
        super().__init__(data, initial={"teachers": own})
        offer(self, "teachers", [(key, one.user.name) for key, one in self.known.items()])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("teachers", FormActions(Submit("save", "Save Teachers")))
        return helper

    def save(self, *, by: User) -> bool:
        chosen = [self.known[key] for key in self.cleaned_data["teachers"]]
        return actions.change_teachers(section=self.section, teachers=chosen, by=by)


class HandOverPage:
    """Classes whose teachers have left, each with the teachers of its school to choose from."""

    def __init__(self, sections: list[Section], data: Any = None) -> None:
        self.sections = sections
        keys = [one.pk for one in sections]
        registered = Section.objects.registered(keys)
        at = rules.teachers_by_school(
            {one.high_school_course.school_id for one in sections}, timezone.localdate()
        )
        self.error = ""
        self.rows: list[dict[str, Any]] = [
            {
                "section": one,
                "left": ", ".join(seat.user.name for seat in one.teachers.all()) or "Nobody",
                "registered": registered[one.pk],
                "teachers": [
                    (str(seat.public_id), seat.user.name, seat)
                    for seat in at.get(one.high_school_course.school_id, [])
                ],
                "chosen": data.get(f"teacher-{one.public_id}", "") if data is not None else "",
            }
            for one in sections
        ]

    def given(self) -> list[tuple[Section, Seat]]:
        """The classes a teacher was chosen for; empty with an error otherwise."""
        found = []
        for row in self.rows:
            if row["chosen"]:
                seat = next((seat for key, _, seat in row["teachers"] if key == row["chosen"]), None)
                if seat is None:
                    self.error = f"{row['section'].high_school_course}: choose a teacher of the list"
                    return []
                found.append((row["section"], seat))
        if not found:
            self.error = "Choose a teacher for at least one class"
        return found

    def hand_over(self, given: list[tuple[Section, Seat]], *, by: User) -> int:
        return actions.hand_over(given=given, by=by)
