"""Where else something is articulated: what is looked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articulations import rules
from articulations.forms.fields import choice, consortia_chosen, consortium_choice
from organizations.models import Consortium
from organizations.rules import ESDS


class AlternativesForm(forms.Form):
    """A class, its competencies or a CIP code; not in one's consortium; near a county."""

    words = forms.CharField(
        label=_("Class, competencies or CIP code"),
        required=False,
        max_length=400,
        error_messages={"max_length": _("Search with at most 400 characters")},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, own: Sequence[Consortium]) -> None:
        super().__init__(data)
        self.own = own
        counties = sorted(county for counties in ESDS.values() for county in counties)
        self.fields |= {
            "consortium": consortium_choice(_("Not in"), _("Look in all consortia"), own),
            "county": choice(
                _("Near the county"), [(one, one) for one in counties], _("That of the consortium")
            ),
        }

    def sought(self) -> rules.Sought | None:
        """What is looked for; None while nothing is typed."""
        asked = self.cleaned_data
        if not asked["words"]:
            return None
        consortia = consortia_chosen(asked["consortium"], self.own)
        counties = [asked["county"]] if asked["county"] else []
        return rules.sought_of(asked["words"], consortia=consortia, counties=counties)
