"""Annual Teacher Assurances: the text, reading and signing it, signing beside, and the filters of the work list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from accounts.models import User
from articulations import actions
from articulations.forms.fields import choice, in_use
from articulations.forms.request_pages import line, words
from articulations.models import (
    AssuranceText,
    Countersignature,
    TeacherAssurance,
    classes_owed_for,
    owed_at,
    owed_listed,
    teachers_named,
)
from organizations.models import AcademicYear, College, HighSchool
from sers.lib.choices import offer
from sers.lib.days import DayField


class AssuranceTextForm(forms.Form):
    """What teachers assure a college of in a year. A new year begins as a copy of the one before."""

    text = words(
        "Text of the assurance",
        "Write what teachers assure the college of",
        most=AssuranceText.MOST_LETTERS,
        rows=14,
        hint="Curriculum, responsibilities, expectations, deadlines. It is signed as it stands here.",
    )
    due_on = DayField(
        what="the last day",
        label="Sign until",
        required=False,
        help_text="Teachers are reminded in the two weeks before it and once a week after.",
    )
    sides = forms.MultipleChoiceField(
        label="Who signs after the teacher",
        required=False,
        choices=[
            ("district", "The district: its CTE director, or the director of the skills center"),
            ("college", "The college: its dean or chief instructional officer"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    blocks = forms.ChoiceField(
        label="What a missing assurance blocks",
        choices=AssuranceText.Blocks.choices,
        widget=forms.RadioSelect,
        help_text="A class with several teachers is assured when one of them has signed.",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose what a missing assurance blocks"
        ),
    )
    again = forms.ChoiceField(
        label="Those who signed the version before",
        required=False,
        choices=[("yes", "Sign again"), ("no", "Need not sign again: only a correction")],
        initial="yes",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the two"},
    )

    def __init__(self, data: Any = None, *, college: College, year: AcademicYear) -> None:
        self.college, self.year = college, year
        self.stands = AssuranceText.objects.latest_of(college, year)
        self.before = None if self.stands else AssuranceText.objects.before(college, year)
        source = self.stands or self.before
        initial: dict[str, Any] = {"blocks": AssuranceText.Blocks.NOTHING}
        if source is not None:
            sides = [side for side in Countersignature.Side if getattr(source, f"{side}_signs")]
            initial = {"text": source.text, "blocks": source.blocks, "sides": sides}
        if self.stands is not None:
            initial["due_on"] = self.stands.due_on
        super().__init__(data, initial=initial)
        if self.stands is None:
            del self.fields["again"]

    @property
    def seen(self) -> int:
        """The version the page shows, 0 for none."""
        return self.stands.number if self.stands else 0

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save the assurance")))
        return helper

    def clean_text(self) -> str:
        return "\n".join(one.rstrip() for one in self.cleaned_data["text"].strip().splitlines())

    def clean_due_on(self) -> date | None:
        due: date | None = self.cleaned_data["due_on"]
        if due is not None and not self.year.starts_on <= due <= self.year.ends_on:
            raise forms.ValidationError(f"Choose a day of the school year {self.year}")
        return due

    def save(self, *, by: User) -> AssuranceText:
        asked = self.cleaned_data
        return actions.write_assurance_text(
            college=self.college,
            year=self.year,
            text=asked["text"],
            due_on=asked["due_on"],
            district_signs="district" in asked["sides"],
            college_signs="college" in asked["sides"],
            blocks=asked["blocks"],
            asks_again=asked.get("again", "yes") != "no",
            seen=self.seen,
            by=by,
        )


class AssureForm(forms.Form):
    """Read it, tick for which agreements, type your name."""

    agreements = forms.MultipleChoiceField(
        label="You give it for",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one agreement",
            "invalid_choice": "Tick agreements of the list",
        },
    )
    name = line("Type your name to sign", "Type your name to sign", width="s-w20")
    sha256 = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, data: Any = None, *, text: AssuranceText, rows: Sequence[Mapping[str, Any]], user: User
    ) -> None:
        self.pending = {
            f"{row['seat_id_public']}.{row['number']}": row for row in rows if row["signed_key"] is None
        }
        super().__init__(data, initial={"agreements": list(self.pending), "sha256": text.sha256})
        self.text = text
        classes = classes_owed_for(
            text.year,
            {row["seat_key"] for row in rows},
            {row["agreement_key"] for row in rows},
        )
        schools = {row["school"] for row in rows}
        options = []
        for key, row in self.pending.items():
            taught = ", ".join(
                dict.fromkeys(
                    one["title"]
                    for one in classes
                    if (one["seat_id"], one["agreement_id"]) == (row["seat_key"], row["agreement_key"])
                )
            )
            where = f", {row['school']}" if len(schools) > 1 else ""
            options.append((key, f"{taught}, agreement {row['number']}{where}"))
        offer(self, "agreements", options)
        self.fields["name"].help_text = f"As it stands in your account: {user.name}."

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("agreements", "name", "sha256", FormActions(Submit("sign", "Sign")))
        return helper

    def save(self, *, network: str, by: User) -> list[TeacherAssurance]:
        chosen = [self.pending[key] for key in self.cleaned_data["agreements"]]
        return actions.sign_assurances(
            college=self.text.college,
            year=self.text.year,
            owed=[(row["seat_key"], row["agreement_key"]) for row in chosen],
            typed_name=self.cleaned_data["name"],
            sha256=self.cleaned_data["sha256"],
            network=network,
            by=by,
        )


class CountersignForm(forms.Form):
    """Sign beside several teachers at once: tick them, type your name. The page draws a tick in each row of its table."""

    assurances = forms.MultipleChoiceField(
        label="Assurances to sign",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one assurance",
            "invalid_choice": "Tick assurances of the list",
        },
    )
    name = line("Type your name to sign", "Type your name to sign", width="s-w20")

    def __init__(
        self, data: Any = None, *, side: str, waiting: Sequence[TeacherAssurance], user: User
    ) -> None:
        super().__init__(data, prefix=side)
        self.side = side
        self.waiting = {str(one.public_id): one for one in waiting}
        offer(self, "assurances", [(key, key) for key in self.waiting])
        self.fields["name"].help_text = f"As it stands in your account: {user.name}."

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout("name", FormActions(Submit("side", "Sign", css_id=f"sign-{self.side}")))
        return helper

    @property
    def ticked(self) -> set[str]:
        """What was ticked when the form was sent."""
        return set(self["assurances"].value() or ())

    def save(self, *, network: str, by: User) -> list[Countersignature]:
        return actions.countersign(
            assurances=[self.waiting[key] for key in self.cleaned_data["assurances"]],
            side=self.side,
            typed_name=self.cleaned_data["name"],
            network=network,
            by=by,
        )


class AssurancesForm(forms.Form):
    """Filters of the work list; the year is this one unless another is chosen."""

    STATES = (
        ("pending", "Pending"),
        ("signed", "Signed by the teacher"),
        ("district", "Waits for the district"),
        ("college", "Waits for the college"),
    )

    words = forms.CharField(
        label="Teacher",
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, owed: Any, year: AcademicYear) -> None:
        super().__init__(data)
        self.owed, self.year = owed, year
        colleges = College.objects.filter(pk__in=owed.order_by().values("college_key"))
        schools = HighSchool.objects.filter(pk__in=owed.order_by().values("seat__school"))
        self.fields |= {
            "college": choice("College", colleges.options(), "All colleges"),
            "school": choice("High school", schools.options(), "All high schools"),
            "state": choice("State", self.STATES, "All states"),
        }

    def narrow(self) -> Any:
        asked = self.cleaned_data
        return owed_listed(
            owed_at(
                teachers_named(self.owed, asked["words"]),
                college=asked["college"],
                school=asked["school"],
                state=asked["state"],
            )
        )

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        return in_use(self, "words", "college", "school", "state")
