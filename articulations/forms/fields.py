"""Fields and choices of more than one form."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy, get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.models import Consortium
from organizations.rules import read_percent
from sers.lib.choices import LongSelect

Choices = Sequence[tuple[Any, Any]]
#: In a filter: one's own consortia.
MINE: Final = "mine"
#: Text, or text that is translated when it is drawn.
Words: TypeAlias = Any


class PercentField(forms.CharField):
    """A percent as people type it, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, widget=forms.TextInput({"inputmode": "decimal", "class": "s-w3"}), **kwargs
        )

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        try:
            return read_percent(typed) if typed else None
        except ValueError:
            raise ValidationError(_("Enter a percent from 0 to 100")) from None


def reading(read: Callable[[str], str], typed: str) -> str:
    """What a rule reads in what was typed; what it refuses stands at the field in its own words."""
    try:
        return read(typed)
    except ValueError as error:
        raise ValidationError(str(error).rstrip(".")) from None


def choice(label: Words, choices: Choices, every: Words) -> forms.ChoiceField:
    """A filter: one of the choices, or every one."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", every), *((str(key), name) for key, name in choices)],
        error_messages={"invalid_choice": format_lazy(_("{label}: choose one from the list"), label=label)},
        widget=LongSelect,
    )


def in_use(form: forms.BaseForm, *names: str) -> list[tuple[str, str]]:
    """(field, what it keeps) of each of these filters that narrows the list: what was typed, or the choice in words."""
    shown = []
    for name in names:
        if value := form.cleaned_data.get(name):
            field = form.fields[name]
            shown.append((name, label_of(field, value) if isinstance(field, forms.ChoiceField) else value))
    return shown


def consortium_choice(label: Words, every: Words, own: Sequence[Consortium]) -> forms.ChoiceField:
    """A filter: one's own consortia together, or any one."""
    consortia = Consortium.objects.order_by("name").values_list("public_id", "name")
    mine = [(MINE, get_text_list([one.short_name for one in own], gettext("and")))] if own else []
    return choice(label, [*mine, *consortia], every)


def consortia_chosen(chosen: str, own: Sequence[Consortium]) -> list[int]:
    """The ids of the consortia that were chosen; none means all."""
    if chosen == MINE:
        return [one.pk for one in own]
    return list(Consortium.objects.filter(public_id=chosen).values_list("pk", flat=True)) if chosen else []


def label_of(field: forms.ChoiceField, value: str) -> str:
    """The words of the choice that was made."""
    offered: Any = field.choices
    return next(str(name) for key, name in offered if str(key) == value)
