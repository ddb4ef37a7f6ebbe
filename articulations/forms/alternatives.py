"""Where else something is articulated: what is looked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articulations import rules
from articulations.forms.fields import choice
from organizations.models import Consortium
from organizations.rules import ESDS


class AlternativesForm(forms.Form):
    """A class, its competencies or a CIP code; not in one's consortium; near a county."""

    MINE = "mine"

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
        consortia = Consortium.objects.order_by("name").values_list("public_id", "name")
        mine = [(self.MINE, get_text_list([one.short_name for one in own], gettext("and")))] if own else []
        counties = sorted(county for counties in ESDS.values() for county in counties)
        self.fields |= {
            "consortium": choice(_("Not in"), [*mine, *consortia], _("Look in all consortia")),
            "county": choice(
                _("Near the county"), [(one, one) for one in counties], _("That of the consortium")
            ),
        }

    def sought(self) -> rules.Sought | None:
        """What is looked for; None while nothing is typed."""
        asked = self.cleaned_data
        if not asked["words"]:
            return None
        chosen = asked["consortium"]
        if chosen == self.MINE:
            consortia = [one.pk for one in self.own]
        elif chosen:
            consortia = list(Consortium.objects.filter(public_id=chosen).values_list("pk", flat=True))
        else:
            consortia = []
        counties = [asked["county"]] if asked["county"] else []
        return rules.sought_of(asked["words"], consortia=consortia, counties=counties)
