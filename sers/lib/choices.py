"""What a field offers to choose from, and a select with hundreds of options."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a choice of the form what there is to choose from."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any], *, empty: str | None = None) -> None:
    """Give a choice among rows the rows there are to choose from, and the words for none of them."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = rows
    if empty is not None:
        field.empty_label = empty


class LongSelect(forms.Select):
    """Django's select, drawn without a template for each option: six hundred take half a millisecond, not thirty.

    A choice whose label is a list is a group of choices.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        parts = (
            format_html('<optgroup label="{}">{}</optgroup>', key, self._options(label, chosen))
            if isinstance(label, list | tuple)
            else self._options([(key, label)], chosen)
            for key, label in self.choices
        )
        options = format_html_join("", "{}", ((part,) for part in parts))
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )

    def _options(self, pairs: Any, chosen: set[str]) -> SafeString:
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SafeString(" selected") if str(key) in chosen else "", label) for key, label in pairs),
        )


def selects(
    prefix: str, choices: Mapping[str, tuple[Sequence[tuple[Any, Any]], str]]
) -> dict[str, SafeString]:
    """Selects without a form, by name: what each offers and what stands; empty where there is nothing to choose from."""
    return {
        name: LongSelect(choices=offered).render(name, chosen, {"id": f"{prefix}-{name}"})
        if offered
        else SafeString("")
        for name, (offered, chosen) in choices.items()
    }
