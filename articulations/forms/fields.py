"""Fields and choices of more than one form."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from organizations.rules import read_percent
from sers.lib.choices import LongSelect

Choices = Sequence[tuple[Any, Any]]
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


def choice(label: Words, choices: Choices, every: Words) -> forms.ChoiceField:
    """A filter: one of the choices, or every one."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", every), *((str(key), name) for key, name in choices)],
        error_messages={"invalid_choice": format_lazy(_("{label}: choose one from the list"), label=label)},
        widget=LongSelect,
    )


def label_of(field: forms.Field, value: str) -> str:
    """The words of the choice that was made."""
    offered: Any = cast(forms.ChoiceField, field).choices
    return next(str(name) for key, name in offered if str(key) == value)
