"""Fields that several forms of people and seats share."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from organizations.models import (
    College,
    Consortium,
    HighSchool,
    Place,
    SchoolDistrict,
    Seat,
    SignerTitle,
)
from organizations.rules import Reach
from sers.lib.choices import LongSelect

#: The reason of an act, as its event keeps it.
MOST_REASON: Final = 200


class Line(forms.TextInput):
    """A text box that takes whatever is typed; the server says when it is too much."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)
        return context


class EmailLine(Line):
    input_type = "email"


def line(
    label: str, *, most: int, what: str, attrs: Mapping[str, str] | None = None, **kwargs: Any
) -> forms.CharField:
    """A line of text; `what` names it in errors: "the first name"."""
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={
            "required": f"Enter {what}",
            "max_length": f"Shorten {what} to {most} characters or fewer",
            "null_characters_not_allowed": f"Type {what} again",
        },
        widget=Line({"spellcheck": "false", "autocomplete": "off", **(attrs or {})}),
        **kwargs,
    )


def reason_field(help_text: str) -> forms.CharField:
    """Why it is done: it stays in the history for good."""
    return line("Reason", most=MOST_REASON, what="the reason", help_text=help_text)


class Places:
    """Places to choose from, by kind, schools under their district; a key in the page stands for each."""

    def __init__(self, **kinds: "QuerySet[Any]") -> None:
        self.by_key: dict[str, Place] = {}
        self.choices: list[tuple[str, list[tuple[str, str]]]] = []
        for label, kind in (
            ("Consortia", "consortium"),
            ("Colleges", "college"),
            ("School districts", "district"),
        ):
            found = [(self._key(kind, one), one.name) for one in kinds.get(kind, ())]
            if found:
                self.choices.append((label, found))
        schools = list(kinds.get("school", ()))
        for district, some in itertools.groupby(schools, key=lambda school: school.district.name):
            self.choices.append(
                (f"Schools of {district}", [(self._key("school", one), one.name) for one in some])
            )

    def _key(self, kind: str, place: Place) -> str:
        key = f"{kind}.{place.public_id}"
        self.by_key[key] = place
        return key


def places_to_give(reach: Reach) -> Places:
    """Where this person may give some seat."""
    kinds: dict[str, QuerySet[Any]] = {
        "consortium": Consortium.objects.order_by("name"),
        "college": College.objects.order_by("name"),
        "district": SchoolDistrict.objects.order_by("name"),
        "school": HighSchool.objects.by_district(),
    }
    if not reach.everywhere:
        allowed: dict[str, set[int]] = {}
        for role, ids in reach.places.items():
            allowed.setdefault(str(Seat.PLACE[role]), set()).update(ids)
        kinds = {kind: kinds[kind].filter(pk__in=ids) for kind, ids in allowed.items()}
    return Places(**kinds)


def places_seen(user: User) -> Places:
    """Where people sit whom this person sees."""
    seats = Seat.objects.visible_to(user).staff()

    def of(kind: str) -> "QuerySet[Any]":
        return seats.exclude(**{kind: None}).order_by().values(kind)

    return Places(
        consortium=Consortium.objects.filter(pk__in=of("consortium")).order_by("name"),
        college=College.objects.filter(pk__in=of("college")).order_by("name"),
        district=SchoolDistrict.objects.filter(pk__in=of("district")).order_by("name"),
        school=HighSchool.objects.by_district().filter(pk__in=of("school")),
    )


def place_field(places: Places, *, empty: str, **kwargs: Any) -> forms.ChoiceField:
    """A place, chosen from a long list; a script adds a box that finds it by its letters."""
    return forms.ChoiceField(
        choices=[("", empty), *places.choices],
        widget=LongSelect({"data-pick": "Find a place by its name"}),
        error_messages={
            "required": "Choose a place",
            "invalid_choice": "Choose a place from the list",
        },
        **kwargs,
    )


def title_field(titles: Sequence[SignerTitle]) -> forms.ChoiceField:
    """As what the person signs agreements, or not at all."""
    return forms.ChoiceField(
        label="Signs agreements as",
        required=False,
        choices=[("", "Does not sign"), *((str(title.pk), title.name) for title in titles)],
        error_messages={"invalid_choice": "Choose a title from the list"},
    )
