"""What the payment provider tells: by its signature, once, in any order."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sers.lib.webhooks import headers_of
from students import actions
from students.models import Checkout, Payment, ProviderNews, Registration
from tests.owing import make_fee
from tests.people import (
    Cast,
    account_of,
)

URL = reverse("students:provider_news")


@pytest.fixture
def checkout(cast: Cast) -> Checkout:
    make_fee(cast.owing_registration, 50)
    return actions.begin_checkout(
        student=cast.owing, consortium=cast.columbia_basin, by=account_of(cast.owing)
    )


def tell(
    checkout: Checkout | None,
    kind: str = "paid",
    *,
    event: str = "evt_1",
    amount: str = "50.00",
    **other: Any,
) -> Any:
    """The provider's message, without a cookie and without a token of ours; `other` spoils it."""
    public_id = checkout.public_id if checkout is not None else uuid4()
    body = json.dumps({"kind": kind, "checkout": str(public_id), "amount": amount}).encode()
    headers = headers_of(
        other.get("secret", django_settings.PAYMENT_SECRET),
        message_id=event,
        at=timezone.now() + other.get("off", timedelta()),
        body=body,
    )
    headers |= other.get("headers", {})
    return Client(enforce_csrf_checks=True).post(
        URL, other.get("body", body), content_type="application/json", headers=headers
    )


def payments(checkout: Checkout) -> int:
    return Payment.objects.filter(checkout=checkout).count()


def test_paid_is_entered_once_however_often_it_is_told(cast: Cast, checkout: Checkout) -> None:
    answers = [tell(checkout) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert len({one.json()["outcome"] for one in answers}) == 1
    assert payments(checkout) == 1
    assert ProviderNews.objects.filter(checkout=checkout).count() == 1
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == Registration.FeesReq.PROCESSED


@pytest.mark.parametrize(
    ("order", "state"),
    [(["paid", "declined"], "paid"), (["declined", "paid"], "paid"), (["declined", "declined"], "declined"), (["paid", "paid"], "paid")],
)  # fmt: skip
def test_the_order_does_not_matter(checkout: Checkout, order: list[str], state: str) -> None:
    for number, kind in enumerate(order):
        assert tell(checkout, kind, event=f"evt_{number}").status_code == 200
    checkout.refresh_from_db()
    assert checkout.state == state
    assert payments(checkout) == ("paid" in order)


@pytest.mark.parametrize(
    ("spoilt", "status"),
    [
        ({"secret": "somebody else's secret, which is long"}, 422),
        ({"off": timedelta(minutes=-6)}, 422),
        ({"off": timedelta(minutes=6)}, 422),
        ({"body": b'{"kind": "paid", "amount": "1"}'}, 422),
        ({"body": b"\xff\xfe"}, 422),
        ({"body": b"x" * 70_000}, 400),
        ({"headers": {"webhook-id": ""}}, 422),
        ({"headers": {"webhook-id": "x" * 101}}, 400),
        ({"headers": {"webhook-timestamp": "nan"}}, 422),
        ({"headers": {"webhook-signature": "v1"}}, 422),
        ({"headers": {"webhook-signature": "v1,%%%"}}, 422),
        ({"headers": {"webhook-signature": "v2,AAAA"}}, 422),
    ],
)
def test_what_is_not_the_provider_s_changes_nothing(
    checkout: Checkout, spoilt: dict[str, Any], status: int
) -> None:
    assert tell(checkout, **spoilt).status_code == status
    checkout.refresh_from_db()
    assert checkout.state == "open"
    assert not ProviderNews.objects.filter(checkout=checkout).exists()


@pytest.mark.parametrize("amount", ["-1", "0", "many", "NaN", "1000000"])
def test_nonsense_that_is_signed_is_refused(checkout: Checkout, amount: str) -> None:
    assert tell(checkout, amount=amount).status_code == 400
    assert tell(checkout, kind="stolen").status_code == 400
    assert payments(checkout) == 0


def test_a_form_with_a_file_is_no_message(checkout: Checkout) -> None:
    """Forms are read before the view is asked, so that there is nothing left to check a signature against."""
    answer = Client(enforce_csrf_checks=True).post(URL, {"kind": "paid"})
    assert answer.status_code == 422
    assert payments(checkout) == 0


def test_a_checkout_that_is_none_of_ours_is_not_there(cast: Cast) -> None:
    assert tell(None).status_code == 404


def test_less_than_asked_leaves_the_rest_owed_and_more_is_left_over(cast: Cast, checkout: Checkout) -> None:
    tell(checkout, amount="20.00")
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "pending"
    second = actions.begin_checkout(
        student=cast.owing, consortium=cast.columbia_basin, by=account_of(cast.owing)
    )
    assert second.amount == 30
    tell(second, event="evt_2", amount="35.00")
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "processed"
    assert Payment.objects.with_standing().get(checkout=second).left == 5


def test_paid_after_the_student_left_is_money_to_give_back(cast: Cast, checkout: Checkout) -> None:
    Registration.objects.filter(pk=cast.owing_registration.pk).update(status="withdrawn")
    tell(checkout)
    assert Payment.objects.with_standing().get(checkout=checkout).left == 50


def test_the_database_keeps_each_event_once(checkout: Checkout) -> None:
    tell(checkout)
    known = ProviderNews.objects.get(checkout=checkout)
    known.pk = None
    with pytest.raises(IntegrityError, match="provider_news_once"), transaction.atomic():
        known.save(force_insert=True)


def test_without_a_provider_nothing_is_taken(checkout: Checkout, settings: Any) -> None:
    settings.PAYMENT_PROVIDER = ""
    assert tell(checkout).status_code == 404
