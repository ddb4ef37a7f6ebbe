"""What the colleges ask and give for a class, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import CollegeYear, ConsortiumYear
from sers.lib.moments import short_day
from sers.lib.tags import credits_in_words, dollars, percent
from students.rules.registering import Offer

#: A last day this near is said with the days that are left.
SOON = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing to compare colleges by: its name, the value, the rest of the sentence, and if it differs."""

    name: str
    value: str
    rest: str = ""
    differs: bool = field(default=False, compare=False)


def terms_of(offer: Offer, *, on: date) -> list[Condition]:
    """What one college asks and gives, in the order a student reads it."""
    courses = "; ".join(f"{line.college_course.code} {line.college_course.title}" for line in offer.lines)
    conditions = [
        Condition(_("Minimum grade"), *_minimum(offer)),
        Condition(_("Fee"), *_fee(offer)),
        Condition(_("Register by"), *_register_by(offer, on)),
        Condition(_("How it reaches your record"), *_way_to_record(offer.college_year)),
        Condition(_("College course"), courses),
        Condition(_("Credits and worth"), credits_in_words(offer.credits), _worth(offer)),
    ]
    if offer.also_needed:
        titles = get_text_list([one.title for one in offer.also_needed], _("and"))
        conditions.insert(1, Condition(_("You also need"), titles))
    return conditions


def compared(offers: Sequence[Offer], *, on: date) -> list[list[Condition]]:
    """The conditions of several colleges, what differs first, what is the same for all last.

    Every college has the same rows in the same order, so that they can be read across.
    """
    every = [{one.name: one for one in terms_of(offer, on=on)} for offer in offers]
    names = list(dict.fromkeys(name for conditions in every for name in conditions))
    rows = [[conditions.get(name, Condition(name, _("Nothing"))) for conditions in every] for name in names]
    ordered = sorted(((len(set(row)) > 1, row) for row in rows), key=lambda pair: not pair[0])
    return [[replace(row[at], differs=differs) for differs, row in ordered] for at in range(len(offers))]


def _minimum(offer: Offer) -> tuple[str, str]:
    if offer.minimum_percent is None:
        return _("The college has not said"), ""
    each = offer.college_year is not None and offer.college_year.every_term
    return percent(offer.minimum_percent), " " + (_("in each term") if each else _("at the end of the class"))


def _fee(offer: Offer) -> tuple[str, str]:
    form = ". " + _("You also sign a form") if offer.terms is not None and offer.terms.form_required else ""
    if offer.terms is not None and offer.terms.guardian_signs != ConsortiumYear.Guardian.NOBODY:
        form += ". " + (
            _("A parent or guardian signs if you are under 18")
            if offer.terms.guardian_signs == ConsortiumYear.Guardian.MINORS
            else _("A parent or guardian signs too")
        )
    if offer.terms is None or offer.terms.fee_basis == ConsortiumYear.FeeBasis.NONE:
        return _("None"), form
    if offer.terms.fee_payer == ConsortiumYear.Payer.DISTRICT:
        return _("None for you"), ", " + _("your school district pays it") + form
    if offer.terms.fee_basis == ConsortiumYear.FeeBasis.YEAR:
        once = _("once a school year")
        if not offer.fee:
            once = _("once a school year, and you have it on another class")
        return dollars(offer.terms.fee_amount), f" {once}{form}"
    if offer.terms.fee_basis == ConsortiumYear.FeeBasis.CREDIT:
        each = _("{amount} for each credit").format(amount=dollars(offer.terms.fee_amount))
        return dollars(offer.fee), f", {each}{form}"
    return dollars(offer.fee), " " + _("for this class") + form


def _register_by(offer: Offer, on: date) -> tuple[str, str]:
    last = offer.opening.closes_on
    if last is None:
        return _("No date is set"), ""
    left = (last - on).days
    if not offer.opening.is_open or left > SOON.days:
        return short_day(last), ""
    if left == 0:
        return short_day(last), ", " + _("the last day is today")
    return short_day(last), ", " + ngettext("in {number} day", "in {number} days", left).format(number=left)


def _way_to_record(college_year: CollegeYear | None) -> tuple[str, str]:
    if college_year is None:
        return _("The college has not said"), ""
    if college_year.mode == CollegeYear.Mode.AUTOMATIC:
        return _("Automatic"), " " + _("in the summer")
    if college_year.mode == CollegeYear.Mode.ON_REQUEST:
        if college_year.request_by is None:
            return _("You ask the college"), ""
        return _("You ask the college"), " " + _("by {day}").format(day=short_day(college_year.request_by))
    if college_year.mode == CollegeYear.Mode.ENROLLMENT:
        return _("You enroll"), " " + _("at the college as well")
    return _("You ask the college"), ", " + _("not in SERS")


def _worth(offer: Offer) -> str:
    if offer.worth is None:
        return ""
    worth = dollars(offer.worth.quantize(Decimal(1)))
    return ", " + _("about {amount} of tuition").format(amount=worth)
