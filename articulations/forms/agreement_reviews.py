"""The calendar of reviews, and one review."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from articulations import actions
from articulations.forms.fields import choice, in_use
from articulations.forms.request_pages import words
from articulations.models import (
    AgreementReview,
    Articulation,
    ArticulationQuerySet,
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
            "stands": choice("Review", [("open", "Not reviewed yet"), ("renew", "To be renewed")], "All"),
            "college": choice("College", colleges.options(), "All colleges"),
            "consortium": choice(
                "Consortium", [(str(one.public_id), one.name) for one in consortia], "All consortia"
            ),
        }

    @property
    def filters(self) -> list[forms.BoundField]:
        """Without the time, which is chosen by the links above them and kept by the form."""
        return [self[name] for name in ("college", "consortium", "stands", "marked")]

    @property
    def when_asked(self) -> str:
        return str(self.cleaned_data["when"] or "year")

    def narrow(self, rows: ArticulationQuerySet) -> ArticulationQuerySet:
        asked = self.cleaned_data
        return rows.for_review(
            college=asked["college"],
            consortium=asked["consortium"],
            stands=asked["stands"],
            marked=asked["marked"],
        )

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        shown = in_use(self, "college", "consortium", "stands")
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
