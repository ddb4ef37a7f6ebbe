"""The calendar of reviews, one review, and what a college course is."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from articulations import actions, rules
from articulations.forms.fields import choice, label_of
from articulations.forms.request_pages import words
from articulations.models import (
    AgreementReview,
    Articulation,
    ArticulationQuerySet,
    CollegeCourse,
    CourseChange,
)
from organizations.models import College, Consortium
from sers.lib.acting import helper_of

Outcome = AgreementReview.Outcome


class ReviewsForm(forms.Form):
    """Filters of the calendar of reviews."""

    WHEN = (
        ("overdue", "Overdue"),
        ("soon", "In the next 90 days"),
        ("year", "In the next year"),
        ("all", "All"),
    )

    when = forms.ChoiceField(
        label="Due",
        choices=WHEN,
        required=False,
        error_messages={"invalid_choice": "Due: choose one from the list"},
    )
    marked = forms.BooleanField(label="Only where a course changed", required=False)

    def __init__(self, data: Any, *, visible: ArticulationQuerySet) -> None:
        super().__init__(data, initial={"when": "year"})
        rows = visible.order_by()
        colleges = College.objects.filter(pk__in=rows.values("college"))
        consortia = Consortium.objects.filter(pk__in=rows.values("consortium")).order_by("name")
        self.fields |= {
            "college": choice("College", colleges.options(), "All colleges"),
            "consortium": choice(
                "Consortium", [(str(one.public_id), one.name) for one in consortia], "All consortia"
            ),
        }

    @property
    def filters(self) -> list[forms.BoundField]:
        """Without the time, which is chosen by the links above them and kept by the form."""
        return [self[name] for name in ("college", "consortium", "marked")]

    @property
    def when_asked(self) -> str:
        return str(self.cleaned_data["when"] or "year")

    def narrow(self, rows: ArticulationQuerySet) -> ArticulationQuerySet:
        asked = self.cleaned_data
        return rows.for_review(
            college=asked["college"], consortium=asked["consortium"], marked=asked["marked"]
        )

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        shown = []
        for name in ("college", "consortium"):
            if value := self.cleaned_data[name]:
                shown.append((name, label_of(self.fields[name], value)))
        if self.cleaned_data["marked"]:
            shown.append(("marked", "A course changed"))
        return shown


class AgreementReviewForm(forms.Form):
    """What a review found, and what follows."""

    due_on = forms.DateField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="What follows",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what follows", "invalid_choice": "Choose what follows"},
    )
    note = words(
        "What was found", "", required=False, hint="The partners read it when the agreement is renewed."
    )

    def __init__(self, data: Any = None, *, agreement: Articulation) -> None:
        super().__init__(data, initial={"due_on": agreement.review_due_on})
        self.agreement = agreement

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("due_on", "outcome", "note"), "review", "Save the review")

    def save(self, *, by: User) -> AgreementReview:
        asked = self.cleaned_data
        return actions.review_agreement(
            agreement=self.agreement,
            outcome=asked["outcome"],
            note=asked["note"],
            due_on=asked["due_on"],
            by=by,
        )


class CourseForm(forms.ModelForm):
    """What a college course is: what its agreements rest on."""

    class Meta:
        model = CollegeCourse
        fields = ("title", "credits", "description_url", "description", "outcomes", "structure", "faculty")
        labels = {
            "title": "Title", "credits": "Credits", "description": "Content", "outcomes": "Outcomes", "structure": "Structure", "faculty": "Faculty",
        }  # fmt: skip
        help_texts = {
            "outcomes": "One a line.",
            "structure": "Hours of lecture and laboratory, prerequisites, how it is taught.",
            "faculty": "Who leads the course.",
        }
        widgets = {
            "credits": forms.TextInput({"class": "s-w4", "inputmode": "decimal"}),
            "description": forms.Textarea({"rows": 4, "class": "s-wide"}),
            "outcomes": forms.Textarea({"rows": 6, "class": "s-wide"}),
        }
        error_messages = {
            "title": {"required": "Enter the title of the course"},
            "credits": dict.fromkeys(
                ("required", "invalid", "max_digits", "max_decimal_places", "max_whole_digits"),
                "Enter credits from 0.5 to 25",
            ),
        }

    description_url = forms.URLField(
        label="Address of the course description",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Enter a whole address, https://..."},
    )
    note = words(
        "Why it changed", "", most=1000, required=False, rows=2, hint="Who reviews the agreements reads it."
    )

    def __init__(self, data: Any = None, *, course: CollegeCourse) -> None:
        super().__init__(data, instance=course)
        self.course = CollegeCourse.objects.get(pk=course.pk)

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(*self.fields), "change", "Save Changes")

    def clean_credits(self) -> Decimal:
        credits: Decimal = self.cleaned_data["credits"]
        if not Decimal("0.5") <= credits <= 25:
            raise forms.ValidationError("Enter credits from 0.5 to 25")
        return credits

    def save_change(self, *, by: User) -> CourseChange | None:
        """Change it; None where nothing is different."""
        asked = self.cleaned_data
        facts = {
            field: f"{asked['credits'].normalize():f}"
            if field == "credits"
            else "\n".join(line.rstrip() for line in str(asked[field]).splitlines())
            for field in rules.COURSE_FIELDS
        }
        return actions.change_course(course=self.course, facts=facts, note=asked["note"], by=by)
