"""Template filters every page may use; none of them knows a noun of ours."""

import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """`June 15, 2026`; moments are told in Pacific time."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return f"{value:%B} {value.day}, {value.year}"


@register.filter
def short_day(value: datetime.date | datetime.datetime | None) -> str:
    """`June 15`, where the year is plain from the page."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return f"{value:%B} {value.day}"


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """`June 15, 2026, 2:06 pm`, Pacific time."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)}, {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


@register.filter
def credits_in_words(value: Decimal | int) -> str:
    """`5 credits`, `1 credit`, `2.5 credits`: in sentences, without an idle decimal."""
    amount = Decimal(value)
    text = f"{amount.normalize():f}"
    return f"{text} credit" if amount == 1 else f"{text} credits"


@register.filter
def nowrap_numbers(title: str) -> SafeString:
    """A course title whose last word does not part from its number: `Accounting 1-2`."""
    head, space, tail = str(title).rpartition(" ")
    if space and any(character.isdigit() for character in tail):
        return mark_safe(  # noqa: S308 - both halves are escaped here
            f'{conditional_escape(head)} <span class="nowrap">{conditional_escape(tail)}</span>'
        )
    return conditional_escape(title)


@register.filter
def percent(value: Decimal | None) -> str:
    """`85 %`, `82.5 %`: without idle decimals, and the sign does not part from the number."""
    return "" if value is None else f"{value.normalize():f}\u00a0%"


@register.filter
def dollars(amount: Decimal) -> str:
    """`$50`, `$1,320`, `$12.50`: no idle cents."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"
