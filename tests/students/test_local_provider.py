"""The payment page of the demo state: pay, be declined, leave."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Mail
from students import actions
from students.models import Checkout, Payment
from tests.owing import make_fee
from tests.people import (
    Cast,
    account_of,
)
from tests.policing import PolicingClient
from tests.students.pages import text


@pytest.fixture
def checkout(cast: Cast) -> Checkout:
    make_fee(cast.owing_registration, 50)
    return actions.begin_checkout(
        student=cast.owing, consortium=cast.columbia_basin, by=account_of(cast.owing)
    )


@pytest.mark.parametrize(
    ("act", "state", "fees_req"),
    [("paid", "paid", "processed"), ("declined", "declined", "pending"), ("", "open", "pending"), ("steal", "open", "pending")],
)  # fmt: skip
def test_what_is_pressed_comes_back_as_news(
    cast: Cast, client: PolicingClient, checkout: Checkout, act: str, state: str, fees_req: str
) -> None:
    url = reverse("students:local_provider", args=[checkout.public_id])
    page = text(client.get(url))
    assert "$50 to Columbia Basin" in page
    assert cast.owing.last_name not in page
    assert client.post(url, {"act": act}).status_code == 302
    checkout.refresh_from_db()
    cast.owing_registration.refresh_from_db()
    assert (checkout.state, cast.owing_registration.fees_req) == (state, fees_req)


def test_pressed_twice_it_is_paid_once_and_mailed_once(client: PolicingClient, checkout: Checkout) -> None:
    url = reverse("students:local_provider", args=[checkout.public_id])
    for _ in range(2):
        client.post(url, {"act": "paid"})
    payment = Payment.objects.get(checkout=checkout)
    assert (payment.amount, payment.source) == (50, "online")
    assert Mail.objects.filter(kind="students/paid").count() == 1


def test_with_another_provider_it_is_not_there(
    client: PolicingClient, checkout: Checkout, settings: Any
) -> None:
    settings.PAYMENT_PROVIDER = ""
    assert client.get(reverse("students:local_provider", args=[checkout.public_id])).status_code == 404
