"""The receipt of a payment, and money that goes back."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from students import actions
from students.models import Payment, Registration
from tests.owing import make_fee, make_payment, make_terms
from tests.people import (
    Cast,
    account_of,
    make_registration,
)
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text


@pytest.fixture
def url(cast: Cast) -> str:
    return reverse("students:payment", args=[cast.payment.public_id])


def left(payment: Payment) -> Decimal:
    return actions.left_of(payment)


def test_the_student_prints_it_and_the_staff_see_why_money_is_left(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    client.force_login(cast.student.user)
    words = text(client.get(url))
    assert f"Receipt {cast.payment.number}" in words
    assert "Accounting 1" in words
    assert "Give money back" not in words
    client.force_login(cast.consortium)
    assert "The fee is asked no more" in text(client.get(url))


def test_what_is_left_over_is_given_back_once(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.consortium)
    response = client.post(url, {"amount": "20", "reason": "Asked no more"}, follow=True)
    assert messages(response) == ["The refund is written down. Have the bank send it."]
    assert "Refunded: $20" in text(response)
    assert left(cast.payment) == 0
    again = client.post(url, {"amount": "20", "reason": "Once more"})
    assert again.status_code == 409
    assert "Nothing is left to give back." in text(again)
    assert cast.payment.returns.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "25", "reason": "Too much"}, "At most $20 can go back. Enter that amount or less."),
        ({"amount": "", "reason": "x"}, "Enter the amount that went back"),
        ({"amount": "-1", "reason": "x"}, "Enter an amount such as 50 or 12.50"),
        ({"amount": "20", "reason": ""}, "Enter the reason"),
    ],
)
def test_nonsense_is_refused(
    cast: Cast, client: PolicingClient, url: str, typed: dict[str, str], said: str
) -> None:
    client.force_login(cast.consortium)
    response = client.post(url, typed)
    assert response.status_code == 422
    assert errors(response) == [said]


def test_students_write_down_nothing(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.student.user)
    client.post(url, {"amount": "20", "reason": "Mine"})
    assert not cast.payment.returns.exists()


def test_a_payment_is_ink(cast: Cast) -> None:
    for change in ({"amount": 1}, {"number": "P-OTHER"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.filter(pk=cast.payment.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        cast.payment.shares.all().delete()


def test_a_fee_that_is_waived_after_it_was_paid_is_money_to_give_back(cast: Cast) -> None:
    payment = make_payment(make_fee(cast.owing_registration, 50, state="processed"))
    assert left(payment) == 0
    rows = Registration.objects.filter(pk=cast.owing_registration.pk).select_related("articulation")
    actions.process_requirements(registrations=rows, to="waived", reason="A grant pays", by=cast.consortium)
    assert left(payment) == 50


def test_a_yearly_fee_covers_while_one_class_of_the_year_is_live(cast: Cast) -> None:
    """Of a fee for each class the money of a class that was left goes back; a yearly one holds on to the others."""
    payment = make_payment(make_fee(cast.owing_registration, 50, state="processed"))
    other = make_registration(cast.owing, cast.colleague_section, cast.welding_agreement)
    make_terms(cast.columbia_basin, cast.year, fee_basis="per_class", fee_amount=50)
    Registration.objects.filter(pk=cast.owing_registration.pk).update(status="withdrawn")
    assert left(payment) == 50
    make_terms(cast.columbia_basin, cast.year, fee_basis="flat_per_year", fee_amount=50)
    assert left(payment) == 0
    Registration.objects.filter(pk=other.pk).update(status="withdrawn")
    assert left(payment) == 50


def test_a_fee_that_moves_takes_what_was_paid_of_it_along(cast: Cast) -> None:
    make_terms(cast.columbia_basin, cast.year, fee_basis="flat_per_year", fee_amount=50)
    ask: dict[str, Any] = {"student": cast.newcomer, "college": cast.cbc, "by": cast.newcomer.user}
    first, second = (actions.register(section=one, **ask) for one in (cast.section, cast.colleague_section))
    payment = make_payment(first.requirements.get(kind="fee"), amount=20)
    actions.withdraw(registration=first, by=account_of(cast.newcomer))
    assert left(payment) == 0
    rest = actions.enter_payment(
        consortium=cast.columbia_basin, student=cast.newcomer, amount=Decimal(30), source="desk",
        paid_on=payment.paid_on, by=cast.consortium,
    )  # fmt: skip
    second.refresh_from_db()
    assert second.fees_req == "processed"
    assert left(rest) == 0
