"""Filters of Search Articulations."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from articulations import rules
from articulations.forms.fields import MINE, PercentField, choice, consortia_chosen, consortium_choice, in_use
from articulations.models import (
    ArticulationCourseQuerySet,
    CareerCluster,
)
from organizations.models import (
    College,
    Consortium,
    HighSchool,
    SchoolDistrict,
)


class SearchForm(forms.Form):
    """Filters of Search Articulations; all may stay empty. MINE stands for a signed-in person's consortia."""

    MORE = ("consortium", "district", "cluster", "minimum")

    words = forms.CharField(
        label=_("Class, college course or CIP code"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("Search with at most 100 characters")},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, own: Sequence[Consortium]) -> None:
        super().__init__(data)
        self.own = own
        districts = SchoolDistrict.objects.order_by("name").values_list("public_id", "name")
        colleges = College.objects.order_by("name").values_list("public_id", "name")
        self.fields |= {
            "school": choice(_("High school"), HighSchool.objects.options(), _("All high schools")),
            "college": choice(_("College"), list(colleges), _("All colleges")),
            "consortium": consortium_choice(_("Consortium"), _("All consortia"), own),
            "district": choice(_("School district"), list(districts), _("All districts")),
            "cluster": choice(_("Career cluster"), CareerCluster.objects.options(), _("All clusters")),
            "minimum": PercentField(label=_("Minimum grade at most, in percent")),
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
        return any(self[name].errors or self[name].value() not in ("", None, MINE) for name in self.MORE)

    def consortia(self) -> list[int]:
        """The ids of the consortia that are looked in; none means all."""
        return consortia_chosen(self.cleaned_data["consortium"], self.own)

    def narrow(
        self, lines: ArticulationCourseQuerySet, minimums: Mapping[int, Decimal], *, near: bool = False
    ) -> ArticulationCourseQuerySet:
        """The lines that pass every filter; with `near`, words that are written much alike count too."""
        asked = self.cleaned_data
        lines = (lines.near if near else lines.worded)(asked["words"]).at(
            **{name: asked[name] for name in ("district", "school", "college", "cluster")}
        )
        if consortia := self.consortia():
            lines = lines.of_consortia(consortia)
        if asked["minimum"] is not None:
            lines = lines.asking_at_most(asked["minimum"], minimums)
        return lines

    def for_catalog(self) -> str:
        """The same question to the open catalog, as its address asks it; own consortia one by one cannot be."""
        asked = {name: self.cleaned_data[name] for name in ("words", "school", "district", "college")}
        chosen = self.cleaned_data["consortium"]
        if chosen == MINE:
            asked["consortium"] = str(self.own[0].public_id) if len(self.own) == 1 else ""
        else:
            asked["consortium"] = chosen
        cluster = self.cleaned_data["cluster"]
        number = (
            CareerCluster.objects.filter(pk=cluster).values_list("number", flat=True).first()
            if cluster
            else ""
        )
        return urlencode({name: value for name, value in {**asked, "cluster": number}.items() if value})

    def sought_elsewhere(self) -> rules.Sought | None:
        """What is looked for in other consortia when these have none; None where nothing was typed, or everywhere was
        looked in already."""
        consortia = self.consortia()
        if not (consortia and self.cleaned_data["words"]):
            return None
        return rules.sought_of(self.cleaned_data["words"], consortia=consortia)

    def for_alternatives(self) -> str:
        """The same words and consortium, as the page of alternatives asks for them."""
        return urlencode({name: self.cleaned_data[name] for name in ("words", "consortium")})

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        shown = in_use(self, *(name for name in self.fields if name != "minimum"))
        if (percent := self.cleaned_data["minimum"]) is not None:
            words = _("Minimum grade at most {percent} %").format(percent=f"{percent.normalize():f}")
            shown.append(("minimum", words))
        return shown
