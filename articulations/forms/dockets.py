"""Filters of a list in which people find what waits for them."""

from typing import Any, ClassVar, TypeVar

from django import forms

from articulations.forms.fields import Choices, choice, in_use
from articulations.models import AgreementTextQuerySet, ArticulationRequestQuerySet
from organizations.models import College

Rows = TypeVar("Rows", AgreementTextQuerySet, ArticulationRequestQuerySet)


class DocketForm(forms.Form):
    """Words, college and state; and whether what waits for the reader is shown, what is open or what is closed."""

    SHOWN = (("waiting", "Waiting for you"), ("open", "Open"), ("closed", "Closed"))
    #: What the words are looked for in, and the states there are.
    WORDS: ClassVar[str]
    STATES: ClassVar[Choices]

    words = forms.CharField(
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
    show = forms.ChoiceField(choices=SHOWN, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, visible: AgreementTextQuerySet | ArticulationRequestQuerySet) -> None:
        super().__init__(data)
        colleges = College.objects.filter(pk__in=visible.order_by().values("college"))
        self.fields["words"].label = self.WORDS
        self.fields |= {
            "college": choice("College", colleges.options(), "All colleges"),
            "state": choice("State", self.STATES, "All states"),
        }

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in ("words", "college", "state")]

    def narrow(self, rows: Rows) -> Rows:
        asked = self.cleaned_data
        return rows.worded(asked["words"]).at(college=asked["college"], state=asked["state"])

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        return in_use(self, "words", "college", "state")
