"""What a consortium asks in a year: who sets it, what it may be, and whom a change touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q

from accounts.access import Role, stands_on
from accounts.models import Event, User
from organizations.models import AcademicYear, Consortium, ConsortiumYear
from sers.lib.moments import day as day_of_year
from sers.lib.refusal import Refusal
from sers.lib.tags import dollars
from students.models import Registration, Requirement

#: What is set, in the order of the page.
ASKS: Final = (
    "form_required", "form_due_on", "guardian_signs", "guardian_due_on", "fee_basis", "fee_amount", "fee_payer",
    "fee_due_on",
)  # fmt: skip


def can_set_terms(user: User, consortium: Consortium) -> bool:
    """The consortium's staff set what it asks; the State reads."""
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def asks_set(consortium: Consortium, year: AcademicYear) -> ConsortiumYear | None:
    """What a consortium asks in a year, if it is set; the year need not have a row of its own yet."""
    return ConsortiumYear.objects.filter(consortium=consortium, year__first_year=year.first_year).first()


def why_not_these_asks(asks: Mapping[str, Any], year: AcademicYear) -> Refusal | None:
    """A fee has an amount, and no fee has none; days lie in the school year or the summer after it."""
    if asks["fee_basis"] != ConsortiumYear.FeeBasis.NONE and not asks["fee_amount"]:
        return Refusal("no_amount", "A fee needs an amount.", "Enter it in dollars, or choose No fee.")
    last = date(year.first_year + 1, 12, 31)
    for name in ("form_due_on", "guardian_due_on", "fee_due_on"):
        if asks[name] is not None and not year.starts_on <= asks[name] <= last:
            return Refusal(
                "outside",
                f"A day of {year} lies between {day_of_year(year.starts_on)} and {day_of_year(last)}.",
                "Enter a day between them.",
            )
    return None


def ask_in_words(name: str, value: Any) -> str:
    """One setting as a person reads it: `Yes`, `$50`, `June 1, 2027`."""
    if value is None:
        return "When the window closes"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day_of_year(value)
    if name == "fee_amount":
        return dollars(value)
    labels = dict(getattr(ConsortiumYear._meta.get_field(name), "flatchoices", ()) or ())
    return str(labels.get(value, value))


def ask_name(name: str) -> str:
    """What a setting is called: `The fee is due`."""
    return str(getattr(ConsortiumYear._meta.get_field(name), "verbose_name", name)).capitalize()


@dataclass(frozen=True, slots=True)
class AskChange:
    """One setting that changes: its name, what stood, what will stand."""

    name: str
    before: str
    after: str


def changes_of_asks(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[AskChange]:
    """The settings that differ, in words."""
    return [
        AskChange(
            ask_name(name),
            ask_in_words(name, before[name]) if name in before else "Not set",
            ask_in_words(name, after[name]),
        )
        for name in ASKS
        if before.get(name, after[name]) != after[name] or name not in before
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Registrations made under the terms as they stood."""

    live: int
    pending: int


def stands_under(consortium: Consortium, year: AcademicYear) -> Standing:
    """How many registrations of the year keep what they were asked, and how many of them still owe something; one
    query."""
    found = Registration.objects.filter(
        articulation__consortium=consortium,
        year__first_year=year.first_year,
        status__in=(Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED),
        awarded_at__isnull=True,
    )
    numbers = found.order_by().aggregate(
        live=Count("pk"), pending=Count("pk", filter=Q(fees_req=Registration.FeesReq.PENDING))
    )
    return Standing(**numbers)


def asked_no_more(before: ConsortiumYear | None, after: ConsortiumYear) -> list[str]:
    """The kinds of things that were asked and are asked no more: lifted from who still owes them, if that is wished."""
    if before is None:
        return []
    kinds: list[str] = []
    if before.form_required and not after.form_required:
        kinds.append(Requirement.Kind.FORM)
    nobody = ConsortiumYear.Guardian.NOBODY
    if before.guardian_signs != nobody and after.guardian_signs == nobody:
        kinds.append(Requirement.Kind.GUARDIAN)
    no_fee = ConsortiumYear.FeeBasis.NONE
    if before.fee_basis != no_fee and after.fee_basis == no_fee:
        kinds.append(Requirement.Kind.FEE)
    return kinds


def history_of_asks(terms: ConsortiumYear | None) -> list[Event]:
    """What was set before, by whom, the latest first."""
    if terms is None:
        return []
    kinds = ("students.terms_set", "students.ask_added", "students.ask_ended")
    return list(Event.objects.about(terms, *kinds).select_related("actor")[:50])
