"""A date in three boxes, month, day and year, as people here write it; months may be named."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def month_number(typed: str) -> int | None:
    """3, 03, Mar, march, marzo: the number of the month, or None. Three letters are enough.

    A name may be in the language of the page or in English.
    """
    text = typed.strip().lower().rstrip(".")
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    if len(text) < 3:
        return None
    with translation.override("en"):
        english = [(number, str(name)) for number, name in MONTHS.items()]
    named = [*((number, str(name)) for number, name in MONTHS.items()), *english]
    return next((number for number, name in named if name.lower().startswith(text)), None)


class DayWidget(forms.MultiWidget):
    """Three boxes; `birthday=True` lets the browser fill in a birth date it knows."""

    use_fieldset = True

    def __init__(self, *, birthday: bool = False) -> None:
        boxes = []
        for name, label, size in (("month", _("Month"), 3), ("day", _("Day"), 2), ("year", _("Year"), 4)):
            attrs = {"data-label": label, "class": f"s-w{size}"}
            if name != "month":
                attrs["inputmode"] = "numeric"
            if birthday:
                attrs["autocomplete"] = f"bday-{name}"
            boxes.append(forms.TextInput(attrs))
        super().__init__(dict(zip(("month", "day", "year"), boxes, strict=True)))

    def decompress(self, value: Any) -> list[Any]:
        return [value.month, value.day, value.year] if isinstance(value, datetime.date) else ["", "", ""]


class DayField(forms.Field):
    """A day. `what` names it in errors: "your birth date". Missing is told before impossible."""

    widget = DayWidget

    def __init__(self, *, what: Any, birthday: bool = False, **kwargs: Any) -> None:
        self.what = what
        super().__init__(widget=DayWidget(birthday=birthday), **kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        typed = [str(part or "").strip() for part in (value or ["", "", ""])]
        day = self.to_python(typed)
        self.run_validators(day)
        return day

    def to_python(self, value: Any) -> datetime.date | None:
        if not any(value):
            if self.required:
                raise ValidationError(gettext("Enter {what}").format(what=self.what), code="required")
            return None
        parts = (gettext("a month"), gettext("a day"), gettext("a year"))
        missing = [name for name, part in zip(parts, value, strict=True) if not part]
        if missing:
            raise ValidationError(
                gettext("Add {missing} to {what}").format(
                    missing=get_text_list(missing, gettext("and")), what=self.what
                ),
                code="incomplete",
            )
        month = month_number(value[0])
        if month is None:
            raise ValidationError(
                gettext("Enter the month of {what} as a number from 1 to 12 or by its name").format(
                    what=self.what
                ),
                code="month",
            )
        if not (value[2].isascii() and value[2].isdigit() and len(value[2]) == 4):
            raise ValidationError(
                gettext("Enter the year of {what} with four digits").format(what=self.what), code="year"
            )
        if not (value[1].isascii() and value[1].isdigit() and len(value[1]) <= 2):
            raise ValidationError(
                gettext("Enter the day of {what} as a number from 1 to 31").format(what=self.what), code="day"
            )
        try:
            return datetime.date(int(value[2]), month, int(value[1]))
        except ValueError:
            raise ValidationError(
                gettext("{month} {day} is not a date in {year}").format(
                    month=MONTHS[month], day=value[1], year=value[2]
                ),
                code="impossible",
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True
