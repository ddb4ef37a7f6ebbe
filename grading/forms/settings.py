"""A college's year and a consortium's windows: what is typed, looked at, and was set before."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Event, User
from grading import actions, rules
from organizations.models import AcademicYear, College, CollegeYear, Consortium, GradeScale, Window
from organizations.rules import OUT_OF_REACH, can_keep_rules, least_percent, read_percent
from sers.lib.choices import offer, offer_rows
from sers.lib.days import DayField


class CollegeYearForm(forms.ModelForm):
    """What a college asks in a year. A new year begins as a copy of the one before."""

    class Meta:
        model = CollegeYear
        fields = rules.TERMS
        labels: ClassVar = {
            "scale": "Grade scale",
            "minimum_kind": "The minimum is",
            "grades_as": "Teachers enter",
            "every_term": "The minimum counts in every term",
            "points_from": "Where every term counts, the college grade is of",
            "needs_exam": "An industry exam must be met",
            "needs_checklist": "A competency checklist must be met",
            "mode": "How credit is transcribed",
            "tuition_per_credit": "Tuition of one credit, in dollars",
            "late_claims": "Late claims",
            "late_years": "Years back",
        }
        help_texts: ClassVar = {
            "tuition_per_credit": "What a student saves is told by it.",
            "late_claims": "Of classes of earlier years, and of this one after registration has closed. It counts for claims that come in this school year.",
            "late_years": "Only where they are taken up to so many years back: 0 to 10. 0 is the same school year only.",
        }
        widgets: ClassVar = dict.fromkeys(
            ("minimum_kind", "grades_as", "points_from", "mode", "late_claims"), forms.RadioSelect
        )

    minimum_percent = forms.CharField(
        label="Minimum percent",
        required=False,
        max_length=12,
        help_text="Below it a grade is Not Attained. An agreement may have a minimum of its own.",
        widget=forms.TextInput({"class": "s-w5", "inputmode": "decimal"}),
        error_messages={"max_length": "Enter a percent from 0 to 100"},
    )
    minimum_points = forms.DecimalField(
        label="Minimum grade points",
        required=False,
        min_value=0,
        max_value=4,
        decimal_places=1,
        widget=forms.TextInput({"class": "s-w5", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"),
            "Enter points from 0 to 4.0, with one decimal",
        ),
    )
    minimum_letter = forms.CharField(
        label="Minimum letter",
        required=False,
        max_length=3,
        widget=forms.TextInput({"class": "s-w5"}),
        error_messages={"max_length": "Enter a letter grade such as B+"},
    )
    request_by = DayField(
        what="the last day",
        label="Students ask until",
        required=False,
        help_text="Only where credit is transcribed when the student asks.",
    )

    def __init__(
        self, data: Any = None, *, college: College, year: AcademicYear, before: CollegeYear | None
    ) -> None:
        self.stands = rules.terms_of(college, year)
        source = self.stands or before
        initial = {name: getattr(source, name) for name in rules.TERMS} if source else {}
        if source is not None:
            if source.minimum_kind == CollegeYear.MinimumKind.PERCENT:
                initial["minimum_percent"] = f"{source.minimum_percent.normalize():f}"
            else:
                initial["minimum_percent"] = ""
            if self.stands is None and source.request_by is not None:
                later = year.first_year - source.year.first_year
                initial["request_by"] = _years_later(source.request_by, later)
        super().__init__(data, initial=initial, instance=CollegeYear(college=college, year=year))
        self.college, self.year = college, year
        scales = GradeScale.objects.for_colleges([college.pk]).by_college()
        offer_rows(self, "scale", scales, empty="Choose a scale")
        self.fields["scale"].error_messages |= {
            "required": "Choose a scale",
            "invalid_choice": "Choose a scale from the list",
        }
        for name, what in (
            ("minimum_kind", "what the minimum is"),
            ("grades_as", "what teachers enter"),
            ("points_from", "which term the college grade is of"),
            ("mode", "how credit is transcribed"),
            ("late_claims", "which late claims are taken"),
        ):
            self.fields[name].error_messages |= dict.fromkeys(
                ("required", "invalid_choice"), f"Choose {what}"
            )
        self.fields["tuition_per_credit"].widget = forms.TextInput({"class": "s-w5", "inputmode": "decimal"})
        self.fields["late_years"].widget = forms.TextInput({"class": "s-w5", "inputmode": "numeric"})
        for code in ("invalid", "min_value", "max_value"):
            self.fields["late_years"].error_messages[code] = "Enter the years back from 0 to 10"
        for code in ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"):
            self.fields["tuition_per_credit"].error_messages[code] = "Enter an amount such as 131.96"

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*rules.TERMS)
        return helper

    def clean_minimum_percent(self) -> Any:
        typed = self.cleaned_data["minimum_percent"]
        try:
            return read_percent(typed) if typed else None
        except ValueError:
            raise ValidationError("Enter a percent from 0 to 100") from None

    def clean(self) -> dict[str, Any]:
        """The minimum as one of the three; the others are left out, and the percent follows from the scale. Years back only
        where late claims are taken by years."""
        asked = super().clean() or self.cleaned_data
        self._clean_late_claims(asked)
        kind = asked.get("minimum_kind")
        kinds = CollegeYear.MinimumKind
        words = {kinds.PERCENT: "percent", kinds.POINTS: "grade points", kinds.LETTER: "letter"}
        field = {
            kinds.PERCENT: "minimum_percent",
            kinds.POINTS: "minimum_points",
            kinds.LETTER: "minimum_letter",
        }
        if kind is None or field[kind] in self.errors:
            return asked
        if asked.get(field[kind]) in (None, ""):
            self.add_error(field[kind], f"Enter the minimum {words[kind]}")
            return asked
        for other, name in field.items():
            if other != kind:
                asked[name] = "" if name == "minimum_letter" else None
        if "scale" in asked and kind != kinds.PERCENT:
            percent = least_percent(
                kind,
                percent=OUT_OF_REACH,
                points=asked["minimum_points"],
                letter=asked["minimum_letter"],
                rows=asked["scale"].rows.all(),
            )
            if percent == OUT_OF_REACH:
                self.add_error(
                    field[kind], f"The scale {asked['scale']} gives no such grade. Choose one it gives"
                )
            asked["minimum_percent"] = percent
        return asked

    def _clean_late_claims(self, asked: dict[str, Any]) -> None:
        if asked.get("late_claims") != CollegeYear.LateClaims.YEARS:
            asked["late_years"] = None
        elif "late_years" not in self.errors and not 0 <= (asked.get("late_years") or 0) <= 10:
            self.add_error("late_years", "Enter the years back from 0 to 10")
        elif "late_years" not in self.errors and asked.get("late_years") is None:
            self.add_error("late_years", "Enter how many years back late claims are taken")

    def _post_clean(self) -> None:
        """The action writes; nothing is put onto a row before."""

    @property
    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in rules.TERMS}

    @property
    def differences(self) -> list[rules.Difference]:
        before = {name: getattr(self.stands, name) for name in rules.TERMS} if self.stands else {}
        return rules.differences(before, self.terms)

    def set(self, *, seen: int, by: User) -> CollegeYear:
        return actions.set_college_year(
            college=self.college, year=self.year, terms=self.terms, seen=seen, by=by
        )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True)
class Set:
    """One line of the history: when, who, what it was and became."""

    event: Event
    who: str
    lines: tuple[str, ...]


class CollegeYearPage:
    """A college's year as it stands, is changed, and was."""

    def __init__(self, college: College, year: AcademicYear, user: User, *, data: Any = None) -> None:
        self.college, self.year = college, year
        self.before = rules.terms_before(college, year)
        self.form = CollegeYearForm(data, college=college, year=year, before=self.before)
        self.stands = self.form.stands
        events = rules.history_of("organizations.collegeyear", self.stands.pk) if self.stands else []
        self.seen = events[0].pk if events else 0
        self.history = [
            Set(one, one.actor.name if one.actor else "SERS", tuple(
                f"{name}: {before} > {after}" for name, before, after in one.data["changes"]
            ))
            for one in events
        ]  # fmt: skip
        self.may_set = can_keep_rules(user, college)
        self.touched = rules.touched_by(college, year)
        this = AcademicYear.objects.current()
        self.years = [
            AcademicYear(first_year=first)
            for first in (this.first_year + 1, this.first_year, this.first_year - 1)
        ]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The settings that stand, in words."""
        if self.stands is None:
            return []
        return [
            (rules.term_name(name), rules.term_in_words(name, getattr(self.stands, name)))
            for name in rules.TERMS
        ]


class WindowForm(forms.Form):
    """A window: what is open, for whom, from when until when."""

    kind = forms.ChoiceField(
        label="What is open",
        choices=[("", "Choose what is open"), *Window.Kind.choices],
        error_messages={"required": "Choose what is open", "invalid_choice": "Choose from the list"},
    )
    college = forms.ChoiceField(
        label="For",
        required=False,
        help_text="A college’s own dates override the consortium’s.",
        error_messages={"invalid_choice": "Choose a college of the consortium"},
    )
    opens_on = DayField(what="the first day", label="First day")
    closes_on = DayField(what="the last day", label="Last day", help_text="That day is included.")

    def __init__(
        self, data: Any = None, *, consortium: Consortium, year: AcademicYear, window: Window | None = None
    ) -> None:
        initial = {}
        if window is not None:
            initial = {
                "kind": window.kind, "college": str(window.college.public_id) if window.college else "",
                "opens_on": window.opens_on, "closes_on": window.closes_on,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.consortium, self.year, self.window = consortium, year, window
        self.colleges = {str(one.public_id): one for one in consortium.colleges.order_by("name")}
        offer(
            self,
            "college",
            [
                ("", "All colleges of the consortium"),
                *((key, one.name) for key, one in self.colleges.items()),
            ],
        )
        if window is not None:  # a window that is moved stays of its kind and college
            self.fields["kind"].disabled = self.fields["college"].disabled = True

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("kind", "college", "opens_on", "closes_on")
        return helper

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if all(asked.get(name) for name in ("kind", "opens_on", "closes_on")):
            refusal = rules.why_not_window(asked["kind"], asked["opens_on"], asked["closes_on"], self.year)
            if refusal is not None:
                self.add_error("closes_on", str(refusal))
        return asked

    @property
    def chosen_college(self) -> College | None:
        return self.colleges.get(self.cleaned_data["college"])

    def affected(self, on: date) -> tuple[str, list[rules.Affected]]:
        """What saving does today, and whom it concerns."""
        asked = self.cleaned_data
        return (
            rules.window_effect(asked["opens_on"], asked["closes_on"], on),
            rules.affected_by(self.consortium, self.chosen_college, self.year, asked["kind"]),
        )

    def save(self, *, by: User) -> Window:
        asked = self.cleaned_data
        return actions.set_window(
            consortium=self.consortium,
            college=self.chosen_college,
            year=self.year,
            kind=asked["kind"],
            opens_on=asked["opens_on"],
            closes_on=asked["closes_on"],
            instead_of=self.window,
            by=by,
        )


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One window of the list, and the words its address is made of."""

    window: Window
    what: str
    whose: str
    key: str
    state: str
    label: str


class WindowsPage:
    """The windows of a consortium's year, one that is being set, and what was set before."""

    def __init__(
        self,
        consortium: Consortium,
        year: AcademicYear,
        user: User,
        *,
        on: date,
        key: str = "",
        data: Any = None,
    ) -> None:
        self.consortium, self.year = consortium, year
        self.may_set = rules.can_set_windows(user, consortium)
        found = rules.windows_of(consortium, year)
        self.lines = [self._line(window, on) for window in found]
        self.edited = next((line.window for line in self.lines if line.key == key), None)
        self.is_lost = bool(key) and self.edited is None
        self.form = (
            WindowForm(data, consortium=consortium, year=year, window=self.edited) if self.may_set else None
        )
        self.missing = [
            str(kind.label)
            for kind in (Window.Kind.REGISTRATION, Window.Kind.GRADING)
            if not any(line.window.kind == kind and line.window.college is None for line in self.lines)
        ]
        self.key = key
        this = AcademicYear.objects.current()
        self.years = [
            AcademicYear(first_year=first)
            for first in (this.first_year + 1, this.first_year, this.first_year - 1)
        ]
        self.history = [
            one
            for one in rules.history_of("organizations.consortium", consortium.pk)
            if one.data.get("year") == str(year)
        ]

    def _line(self, window: Window, on: date) -> WindowLine:
        if window.opens_on > on:
            state, label = "quiet", "Not open yet"
        elif window.closes_on < on:
            state, label = "quiet", "Closed"
        else:
            state, label = "done", "Open"
        whose = window.college.name if window.college else "All colleges"
        college = str(window.college.public_id) if window.college else "all"
        key = f"{window.kind}.{college}.{window.opens_on}"
        return WindowLine(window, str(window.get_kind_display()), whose, key, state, label)
