"""What a consortium asks in a year is set, with a history; what was asked of students before stands."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import AcademicYear, Consortium, ConsortiumYear, FurtherAsk
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.requirements import drop
from students.models import Requirement

NOT_YOURS = Refusal("not_consortium", "Staff of the consortium set what it asks.")


def set_terms(
    *, consortium: Consortium, year: AcademicYear, asks: Mapping[str, Any], seen: int, lift: bool, by: User
) -> ConsortiumYear:
    """Set what a consortium asks of registrations made from now on. What stands keeps what it was asked.

    `lift` drops what is asked no more from who still owes it: terms may become easier for students who registered
    before, never harder. Who else saved meanwhile is not overwritten: `seen` is the last event the page showed.
    """
    if not rules.can_set_terms(by, consortium):
        raise Refused(NOT_YOURS)
    refusal = rules.why_not_these_asks(asks, year)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        one_at_a_time(f"terms of {consortium.pk}")
        year = AcademicYear.objects.get_or_create(first_year=year.first_year)[0]
        before = rules.asks_set(consortium, year)
        history = rules.history_of_asks(before)
        if (history[0].pk if history else 0) != seen:
            raise Refused(
                Refusal("meanwhile", "Somebody else has changed this year meanwhile.", "Look at it again.")
            )
        was = {name: getattr(before, name) for name in rules.ASKS} if before else {}
        changes = rules.changes_of_asks(was, asks)
        if not changes:
            raise Refused(Refusal("unchanged", "Nothing is changed.", "Change something, or leave the page."))
        terms = ConsortiumYear(pk=before.pk if before else None, consortium=consortium, year=year, **asks)
        if terms.fee_basis == ConsortiumYear.FeeBasis.NONE:
            terms.fee_amount = 0
        terms.full_clean(exclude=("consortium", "year"), validate_unique=False)
        terms.save()
        kinds = rules.asked_no_more(before, terms) if lift else []
        lifted = _lift(Requirement.objects.filter(kind__in=kinds), terms, by) if kinds else 0
        record_event(
            by=by,
            kind="students.terms_set",
            subject=terms,
            data={"changes": [[one.name, one.before, one.after] for one in changes], "lifted": lifted},
        )
    return terms


def _lift(rows: Any, terms: ConsortiumYear, by: User) -> int:
    owed = rows.owed().filter(
        registration__articulation__consortium=terms.consortium_id, registration__year=terms.year_id
    )
    return drop(owed, reason=f"Asked no more since {timezone.localdate():%Y-%m-%d}", by=by)


def add_ask(
    *,
    terms: ConsortiumYear,
    names: Mapping[str, str],
    notes: Mapping[str, str],
    due_on: date | None,
    by: User,
) -> FurtherAsk:
    """Ask one thing more of registrations made from now on, in the consortium's own words."""
    if not rules.can_set_terms(by, terms.consortium):
        raise Refused(NOT_YOURS)
    with transaction.atomic():
        ask = FurtherAsk.objects.create(
            terms=terms, names=_said(names.items()), notes=_said(notes.items()), due_on=due_on
        )
        record_event(
            by=by, kind="students.ask_added", subject=terms, data={"name": ask.names["en"], "ask": ask.pk}
        )
    return ask


def _said(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {language: text.strip() for language, text in words if text.strip()}


def end_ask(*, ask: FurtherAsk, lift: bool, by: User) -> bool:
    """Ask it no more; `lift` drops it from who still owes it. False when it had ended already."""
    if not rules.can_set_terms(by, ask.terms.consortium):
        raise Refused(NOT_YOURS)
    with transaction.atomic():
        if not FurtherAsk.objects.filter(pk=ask.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
            return False
        lifted = _lift(Requirement.objects.filter(asked=ask), ask.terms, by) if lift else 0
        record_event(
            by=by,
            kind="students.ask_ended",
            subject=ask.terms,
            data={"name": ask.names["en"], "ask": ask.pk, "lifted": lifted},
        )
    return True
