"""What a registration owes and what it adds up to: truth tables, and the database's own sum beside the rule's."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from organizations.models import ConsortiumYear
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Payment, Registration, Requirement
from tests.owing import make_fee, make_payment, make_requirement
from tests.people import Cast

State, FeesReq = Requirement.State, Registration.FeesReq
TODAY = timezone.localdate()
BORN = date(2010, 3, 14)


@pytest.mark.parametrize(
    ("states", "sum_"),
    [
        ([], "not_required"), (["dropped"], "not_required"), (["pending"], "pending"), (["processed"], "processed"),
        (["waived"], "waived"), (["processed", "pending"], "pending"), (["waived", "pending"], "pending"),
        (["waived", "processed"], "processed"), (["waived", "dropped"], "waived"), (["pending", "dropped"], "pending"),
    ],
)  # fmt: skip
def test_what_it_adds_up_to(states: list[str], sum_: str) -> None:
    assert rules.adds_up(states) == sum_


def test_the_database_adds_up_as_the_rule_does(cast: Cast) -> None:
    """Every three states of form, guardian and fee: written as rows, the registration says what the rule says."""
    registration = cast.owing_registration
    rows = [make_requirement(registration, kind) for kind in ("form", "guardian")] + [make_fee(registration)]
    now = timezone.now()
    for states in itertools.product(State.values, repeat=3):
        for row, state in zip(rows, states, strict=True):
            Requirement.objects.filter(pk=row.pk).update(
                state=state,
                decided_at=None if state == "pending" else now,
                reason="Why" if state == "waived" else "",
            )
        registration.refresh_from_db()
        assert registration.fees_req == rules.adds_up(states), states
        assert registration.fee_due == (0 if states[2] == "dropped" else 20), states
        assert (registration.fees_req_at is not None) == (registration.fees_req in ("processed", "waived"))


@pytest.mark.parametrize("change", [{"fees_req": "not_required"}, {"fee_due": 7}])
def test_fees_req_is_not_set_beside_its_rows(cast: Cast, change: dict[str, Any]) -> None:
    make_fee(cast.owing_registration)
    with pytest.raises(IntegrityError, match="add up to"), transaction.atomic():
        Registration.objects.filter(pk=cast.owing_registration.pk).update(**change)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"kind": "fee"}, "requirement_amount_is_a_fee"),
        ({"kind": "form", "amount": 5}, "requirement_amount_is_a_fee"),
        ({"kind": "form", "payer": "district"}, "requirement_amount_is_a_fee"),
        ({"kind": "further"}, "requirement_in_own_words_has_them"),
        (
            {"kind": "form", "state": "waived", "decided_at": timezone.now()},
            "decided_has_its_moment_and_reason",
        ),
        ({"kind": "form", "state": "processed"}, "decided_has_its_moment_and_reason"),
        ({"kind": "form", "reason": "early"}, "decided_has_its_moment_and_reason"),
    ],
)
def test_what_a_requirement_never_is(cast: Cast, facts: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Requirement.objects.create(registration=cast.owing_registration, **facts)


def test_one_thing_is_asked_once_and_never_deleted(cast: Cast) -> None:
    one = make_requirement(cast.owing_registration, "form")
    with pytest.raises(IntegrityError, match="one_standing_requirement_of_a_kind"), transaction.atomic():
        make_requirement(cast.owing_registration, "form")
    with pytest.raises(DatabaseError), transaction.atomic():
        Requirement.objects.filter(pk=one.pk).delete()


@pytest.mark.parametrize(
    ("state", "days_ago", "to", "is_paid", "rule"),
    [
        ("pending", None, "processed", False, None),
        ("pending", None, "waived", False, None),
        ("pending", None, "pending", False, "stands_so"),
        ("processed", 0, "processed", False, "stands_so"),
        ("processed", 0, "pending", False, None),
        ("processed", 0, "pending", True, "paid"),
        ("processed", 1, "pending", False, "another_day"),
        ("processed", 100, "waived", True, None),
        ("waived", 0, "pending", False, None),
        ("dropped", 0, "processed", False, "asked_no_more"),
    ],
)
def test_how_it_may_change(
    state: str, days_ago: int | None, to: str, is_paid: bool, rule: str | None
) -> None:
    decided = None if days_ago is None else timezone.now() - timedelta(days=days_ago)
    one = Requirement(kind="form", state=state, decided_at=decided, registration=Registration())
    refusal = rules.why_not_decide(one, to, on=TODAY, is_paid=is_paid)
    assert (refusal.rule if refusal else None) == rule


def test_awarded_credit_closes_it() -> None:
    one = Requirement(kind="form", registration=Registration(awarded_at=timezone.now()))
    refusal = rules.why_not_decide(one, State.PROCESSED, on=TODAY)
    assert refusal is not None
    assert refusal.rule == "credit_awarded"


@pytest.mark.parametrize(
    ("says", "on", "signs"),
    [
        ("nobody", date(2027, 1, 1), False), ("everybody", date(2030, 1, 1), True),
        ("minors", date(2028, 3, 13), True), ("minors", date(2028, 3, 14), False),
    ],
)  # fmt: skip
def test_for_whom_a_guardian_signs(says: str, on: date, signs: bool) -> None:
    assert rules.guardian_signs(ConsortiumYear(guardian_signs=says), birth_date=BORN, on=on) is signs


def test_without_terms_nothing_is_asked() -> None:
    assert rules.asks_of(None, birth_date=BORN, fee=Decimal(0), on=TODAY) == []


def test_what_is_owed_in_words(cast: Cast) -> None:
    rows = [make_requirement(cast.owing_registration, kind) for kind in ("form", "guardian")]
    rows.append(make_fee(cast.owing_registration, 50))
    assert rules.owed_in_words(rows) == "signed form, parent’s or guardian’s signature and $50 fee"
    rows.append(make_fee(cast.registration, 9, payer="district"))
    assert rules.owed_in_words(rows[2:]) == "$50 fee"


def test_a_registration_of_before_there_were_rows_gets_them_when_it_is_decided(cast: Cast) -> None:
    """Pending with a fee of $20 and no row: it is written out, then Processed."""
    assert not cast.owing_registration.requirements.exists()
    rows = Registration.objects.filter(pk=cast.owing_registration.pk).select_related("articulation")
    assert actions.process_requirements(registrations=rows, to="processed", by=cast.consortium).changed == 1
    one = cast.owing_registration.requirements.get()
    assert (one.kind, one.amount, one.state) == ("fee", 20, "processed")
    assert one.decisions.get().receipt.by == cast.consortium


def test_a_fee_paid_online_does_not_go_back_to_pending(cast: Cast) -> None:
    fee = make_fee(cast.owing_registration, 50, state="processed")
    make_payment(fee, source=Payment.Source.ONLINE)
    rows = Registration.objects.filter(pk=cast.owing_registration.pk).select_related("articulation")
    assert actions.process_requirements(registrations=rows, to="pending", by=cast.consortium).changed == 0


def test_only_the_consortium_of_the_agreement_gives_back_and_sets_terms(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.refund(payment=cast.payment, amount=Decimal(1), reason="Why", by=cast.other_consortium)
