"""A date in three boxes, month, day and year, as people here write it; months may be named."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def month_number(typed: str) -> int | None:
    """3, 03, Mar, march: the number of the month, or None. Three letters are enough."""
    text = typed.strip().lower().rstrip(".")
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    if len(text) < 3:
        return None
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(text)), None)


class DayWidget(forms.MultiWidget):
    """Three boxes; `birthday=True` lets the browser fill in a birth date it knows."""

    use_fieldset = True

    def __init__(self, *, birthday: bool = False) -> None:
        boxes = []
        for name, size in (("month", 3), ("day", 2), ("year", 4)):
            attrs = {"data-label": name.capitalize(), "class": f"s-w{size}"}
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
                raise ValidationError(f"Enter {self.what}", code="required")
            return None
        missing = [name for name, part in zip(("a month", "a day", "a year"), value, strict=True) if not part]
        if missing:
            raise ValidationError(f"Add {' and '.join(missing)} to {self.what}", code="incomplete")
        month = month_number(value[0])
        if month is None:
            raise ValidationError(
                f"Enter the month of {self.what} as a number from 1 to 12 or by its name", code="month"
            )
        if not (value[2].isascii() and value[2].isdigit() and len(value[2]) == 4):
            raise ValidationError(f"Enter the year of {self.what} with four digits", code="year")
        if not (value[1].isascii() and value[1].isdigit() and len(value[1]) <= 2):
            raise ValidationError(f"Enter the day of {self.what} as a number from 1 to 31", code="day")
        try:
            return datetime.date(int(value[2]), month, int(value[1]))
        except ValueError:
            raise ValidationError(
                f"{MONTHS[month - 1].capitalize()} {value[1]} is not a date in {value[2]}", code="impossible"
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True
