"""Days and moments in words, in the reader's language: the one place where SERS writes a date.

How a language writes its dates is in `sers/lib/formats/`, else in Django's own formats. Moments are told in Pacific time.
"""

import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Day = datetime.date | datetime.datetime | None


def day(value: Day) -> str:
    """`June 15, 2026`, `15 de junio de 2026`."""
    return _written(value, "DATE_FORMAT")


def short_day(value: Day) -> str:
    """`June 15`, `15 de junio`: where the year is plain from the page."""
    return _written(value, "MONTH_DAY_FORMAT")


def month(value: Day) -> str:
    """`June 2026`, `junio de 2026`."""
    return _written(value, "YEAR_MONTH_FORMAT")


def time_of_day(value: datetime.datetime) -> str:
    """`2:06 pm`, `2:06 p. m.`, Pacific time."""
    local = timezone.localtime(value)
    half = pgettext("half of the day", "am") if local.hour < 12 else pgettext("half of the day", "pm")
    return f"{local.hour % 12 or 12}:{local:%M} {half}"


def moment(value: datetime.datetime | None) -> str:
    """`June 15, 2026, 2:06 pm`, Pacific time."""
    if value is None:
        return ""
    return _("{day}, {time}").format(day=day(value), time=time_of_day(value))


def days_left(last: datetime.date, on: datetime.date) -> str:
    """`today`, `tomorrow`, `in 13 days`: how long until a last day."""
    left = (last - on).days
    if left < 2:
        return _("tomorrow") if left else _("today")
    return ngettext("in {number} day", "in {number} days", left).format(number=left)


def _written(value: Day, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return formats.date_format(value, form)
