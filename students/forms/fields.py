"""The fields that several forms of students share: names, addresses, schools."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import EmailLine, Line
from organizations.models import HighSchool
from sers.lib.keys import read_id, read_ids

__all__ = [
    "ByDistrict",
    "Contact",
    "SchoolField",
    "SchoolSelect",
    "email_field",
    "graduation_years",
    "read_id",
    "read_ids",
    "text_field",
]


class ByDistrict(ModelChoiceIterator):
    """Schools under the name of their district, so that two of one name are told apart."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for district, schools in itertools.groupby(self.queryset, key=lambda school: school.district.name):
            yield (district, [self.choice(school) for school in schools])


class SchoolSelect(forms.Select):
    """A list of some hundred schools, written at once: a template for each option costs a tenth of a second."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}

        def option(pair: tuple[Any, Any]) -> SafeString:
            selected = mark_safe(" selected") if str(pair[0]) in chosen else ""
            return format_html('<option value="{}"{}>{}</option>', pair[0], selected, pair[1])

        groups = [
            format_html(
                '<optgroup label="{}">{}</optgroup>',
                label,
                format_html_join("", "{}", ((option(one),) for one in part)),
            )
            if isinstance(part, list)
            else option((label, part))
            for label, part in self.choices
        ]
        final = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html(
            "<select{}>{}</select>", flatatt(final), format_html_join("", "{}", ((one,) for one in groups))
        )


class SchoolField(forms.ModelChoiceField):
    """A high school, chosen from a list by district; a script adds a box that finds it by its letters."""

    iterator = ByDistrict

    def __init__(self, *, schools: QuerySet[HighSchool], **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Choose a school")
        kwargs.setdefault(
            "error_messages",
            {"required": "Choose your high school", "invalid_choice": "Choose a school from the list"},
        )
        super().__init__(
            schools,
            to_field_name="public_id",
            widget=SchoolSelect({"data-pick": "Find a school by its name"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> HighSchool | None:
        if value not in self.empty_values and read_id(str(value)) is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


def text_field(label: Any, *, most: int, what: Any, **kwargs: Any) -> forms.CharField:
    """A line of text; `what` names it in errors: "your legal first name". Both may be translated later."""
    attrs = kwargs.pop("attrs", {})
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={
            "required": format_lazy(_("Enter {what}"), what=what),
            "max_length": format_lazy(
                _("Shorten {what} to {most} characters or fewer"), what=what, most=most
            ),
            "null_characters_not_allowed": format_lazy(_("Type {what} again"), what=what),
        },
        # No maxlength in the page: a name that is cut off while it is typed is worse than a message.
        widget=Line({"spellcheck": "false", **attrs}),
        **kwargs,
    )


def graduation_years(*also: int) -> list[tuple[Any, str]]:
    """This year and the five after it, and whatever stands on the record already."""
    first = timezone.localdate().year
    years = sorted({*range(first, first + 6), *also})
    return [("", "Choose a year"), *((year, str(year)) for year in years)]


def email_field(*, missing: Any = "", **kwargs: Any) -> forms.EmailField:
    return forms.EmailField(
        max_length=254,
        error_messages={
            "required": missing or _("Enter your personal e-mail"),
            "invalid": _("Enter an e-mail like name@example.org"),
            "max_length": _("Shorten your e-mail to 254 characters or fewer"),
        },
        widget=EmailLine({"autocomplete": "email", "spellcheck": "false"}),
        **kwargs,
    )


class Contact(forms.Form):
    """How a student is reached by phone and letter: all of it may stay empty."""

    phone = text_field(
        "Phone",
        most=30,
        what="your phone number",
        required=False,
        attrs={"autocomplete": "tel", "class": "s-w10"},
    )
    street = text_field(
        "Street address",
        most=120,
        what="your street address",
        required=False,
        attrs={"autocomplete": "street-address"},
    )
    city = text_field(
        "City", most=60, what="your city", required=False, attrs={"autocomplete": "address-level2"}
    )
    state = text_field(
        "State",
        most=2,
        what="your state",
        required=False,
        attrs={"autocomplete": "address-level1", "class": "s-w2"},
    )
    postal_code = text_field(
        "ZIP code",
        most=10,
        what="your ZIP code",
        required=False,
        attrs={"autocomplete": "postal-code", "class": "s-w5"},
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 7:
            raise ValidationError("Enter a phone number like 509 555 0117")
        return phone

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].upper()
        if state and not re.fullmatch("[A-Z]{2}", state):
            raise ValidationError("Enter your state with two letters, for example WA")
        return state

    def clean_postal_code(self) -> str:
        code: str = self.cleaned_data["postal_code"]
        if code and not re.fullmatch(r"[0-9]{5}(-?[0-9]{4})?", code):
            raise ValidationError("Enter your ZIP code with five digits, for example 99336")
        return code
