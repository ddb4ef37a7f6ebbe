"""What a registration owes before credit is given, who decides about it, and what all of it adds up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.access import Role, stands_on
from accounts.models import User
from organizations.models import ConsortiumYear, FurtherAsk
from sers.lib.refusal import Refusal
from sers.lib.tags import dollars
from students.models import Registration, Requirement
from students.rules.identity import age_on

State = Requirement.State
#: A person of this age signs for themselves.
OF_AGE = 18
#: Fees/Req while credit can still come of a class.
OPEN = (Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a consortium asks of a registration that is made now."""

    kind: Requirement.Kind
    due_on: date | None = None
    amount: Decimal = Decimal(0)
    payer: Requirement.Payer = Requirement.Payer.STUDENT
    further: FurtherAsk | None = None


def asks_of(
    terms: ConsortiumYear | None,
    further: Iterable[FurtherAsk] = (),
    *,
    birth_date: date,
    fee: Decimal,
    on: date,
) -> list[Asked]:
    """What the terms of a consortium ask of a student for one registration: form, guardian's signature, its fee, and
    what it asks in words of its own. `fee` is `fee_of`, in dollars."""
    if terms is None:
        return []
    asked = []
    if terms.form_required:
        asked.append(Asked(Requirement.Kind.FORM, terms.form_due_on))
    if guardian_signs(terms, birth_date=birth_date, on=on):
        asked.append(Asked(Requirement.Kind.GUARDIAN, terms.guardian_due_on))
    if fee > 0:
        payer = Requirement.Payer(terms.fee_payer)
        asked.append(Asked(Requirement.Kind.FEE, terms.fee_due_on, fee, payer))
    asked += [Asked(Requirement.Kind.FURTHER, one.due_on, further=one) for one in further]
    return asked


def guardian_signs(terms: ConsortiumYear, *, birth_date: date, on: date) -> bool:
    """A guardian signs for everybody, for those under 18 on the day of registering, or for nobody, as the consortium
    says (34 CFR 99.5: rights pass to the student at 18)."""
    if terms.guardian_signs == ConsortiumYear.Guardian.MINORS:
        return age_on(birth_date, on) < OF_AGE
    return terms.guardian_signs == ConsortiumYear.Guardian.EVERYBODY


def adds_up(states: Iterable[str]) -> Registration.FeesReq:
    """Fees/Req of a registration by what it owes: Pending while anything is, Processed when something came in, Waived
    when all was waived, else not required. The database writes the same sum (`ADDS_UP`)."""
    standing = {state for state in states if state != State.DROPPED}
    for state in (State.PENDING, State.PROCESSED, State.WAIVED):
        if state in standing:
            return Registration.FeesReq(state)
    return Registration.FeesReq.NOT_REQUIRED


def can_process_requirements(user: User, registration: Registration) -> bool:
    """Staff of the consortium of the agreement mark its forms and fees."""
    return stands_on(user, Role.CONSORTIUM, registration.articulation.consortium_id)


def why_not_decide(requirement: Requirement, to: str, *, on: date, is_paid: bool = False) -> Refusal | None:
    """What is owed is Processed or Waived; it goes back to Pending on the same day only, before credit, and not when
    money stands behind it that was not taken in at the desk that day (`is_paid`)."""
    registration = requirement.registration
    if registration.awarded_at is not None:
        return Refusal("credit_awarded", _("The college has awarded credit for this class."), "")
    if registration.status not in OPEN:
        return Refusal(
            "no_credit",
            _("The class stands as {status}.").format(status=registration.get_status_display()),
            _("Nothing is owed for it."),
        )
    if requirement.state == State.DROPPED:
        return Refusal("asked_no_more", _("This is asked no more."), "")
    if requirement.state == to:
        return Refusal(
            "stands_so",
            _("Fees/Req is {state} already.").format(state=requirement.get_state_display()),
            "",
        )
    if to == State.PENDING:
        if requirement.decided_at is None or timezone.localdate(requirement.decided_at) != on:
            return Refusal(
                "another_day",
                _("Fees/Req was decided on another day."),
                _("Only what was decided today goes back to Pending."),
            )
        if is_paid:
            return Refusal(
                "paid", _("The fee was paid."), _("Waive it, and the money is on the list of refunds.")
            )
    return None


def why_not_waive(reason: str) -> Refusal | None:
    """Who waives says why; it stays with the registration."""
    if reason.strip():
        return None
    return Refusal("no_reason", "Waiving needs a reason.", "Enter it: it stays in the history.")


def acts_open(requirements: Iterable[Requirement], *, on: date) -> list[str]:
    """What can be done with some of these on that day: `process`, `waive`, `undo`, or nothing."""
    rows = list(requirements)
    acts = {"process": State.PROCESSED, "waive": State.WAIVED, "undo": State.PENDING}
    return [act for act, to in acts.items() if any(why_not_decide(row, to, on=on) is None for row in rows)]


def is_owed(requirement: Requirement) -> bool:
    """Does the student's side still have to bring this?"""
    return requirement.state == State.PENDING and requirement.payer == Requirement.Payer.STUDENT


def owed_in_words(requirements: Sequence[Requirement]) -> str:
    """`signed form, parent’s or guardian’s signature and $50 fee`: what still has to come in."""
    return get_text_list([_owed(one) for one in requirements if is_owed(one)], _("and"))


def _owed(requirement: Requirement) -> str:
    if requirement.kind == Requirement.Kind.FEE:
        return _("{amount} fee").format(amount=dollars(requirement.amount))
    if requirement.kind == Requirement.Kind.GUARDIAN:
        return _("parent’s or guardian’s signature")
    if requirement.kind == Requirement.Kind.FORM:
        return _("signed form")
    return requirement.name


def as_asked(
    registration: Registration, rows: Sequence[Requirement], terms: ConsortiumYear | None
) -> list[Requirement]:
    """What a registration owes; of one that was kept before there were rows, what its own fields say."""
    if rows or registration.fees_req == Registration.FeesReq.NOT_REQUIRED:
        return list(rows)
    facts = {
        "registration": registration, "state": registration.fees_req, "decided_at": registration.fees_req_at,
        "decided_by_id": registration.fees_req_by_id,
    }  # fmt: skip
    told = []
    if not registration.fee_due or (terms is not None and terms.form_required):
        told.append(Requirement(kind=Requirement.Kind.FORM, **facts))
    if registration.fee_due:
        told.append(Requirement(kind=Requirement.Kind.FEE, amount=registration.fee_due, **facts))
    return told
