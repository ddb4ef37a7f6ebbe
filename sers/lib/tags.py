"""Template filters and tags every page may use; none of them knows a noun of ours."""

from decimal import Decimal

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from sers.lib.moments import day, moment, short_day
from sers.lib.stencil import stencil

register = template.Library()
register.tag(stencil)


for written in (day, short_day, moment):
    register.filter(written)


@register.filter
def credits_in_words(value: Decimal | int) -> str:
    """`5 credits`, `1 credit`, `2.5 credits`: in sentences, without an idle decimal."""
    amount = Decimal(value)
    # A plural is chosen by a whole number: 2.5 and 0.5 take the form of many.
    words = ngettext("{amount} credit", "{amount} credits", 1 if amount == 1 else 2)
    return words.format(amount=f"{amount.normalize():f}")


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
    """`$50`, `$1,320`, `$12.50`, `-$5`: no idle cents."""
    sign, much = "-" if amount < 0 else "", abs(amount)
    return f"{sign}${much:,.0f}" if much == much.to_integral_value() else f"{sign}${much:,.2f}"
