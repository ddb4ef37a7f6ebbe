"""One payment on its way: to the provider, and what became of it."""

import re

import pytest
from django.urls import reverse

from students import actions
from students.models import Checkout
from tests.owing import make_fee
from tests.people import (
    Cast,
    account_of,
)
from tests.policing import PolicingClient
from tests.students.pages import text

FEES = "/students/fees/"


@pytest.fixture
def checkout(cast: Cast) -> Checkout:
    make_fee(cast.owing_registration, 50)
    return actions.begin_checkout(
        student=cast.owing, consortium=cast.columbia_basin, by=account_of(cast.owing)
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [("", "Go to the payment page"), ("paid", "$50 is paid"), ("declined", "The payment did not go through")],
)
def test_it_tells_where_the_payment_is(
    cast: Cast, client: PolicingClient, checkout: Checkout, kind: str, said: str
) -> None:
    if kind:
        actions.click_through(checkout=checkout, kind=kind)
    client.force_login(cast.owing.user)
    assert said in text(client.get(reverse("students:checkout", args=[checkout.public_id])))


def test_a_declined_payment_is_tried_again_from_its_own_page(
    cast: Cast, client: PolicingClient, checkout: Checkout
) -> None:
    """The button sends what *Forms and fees* would: a payment of its own."""
    client.force_login(cast.owing.user)
    url = reverse("students:checkout", args=[checkout.public_id])
    assert "Try again" not in text(client.get(url))
    actions.click_through(checkout=checkout, kind="declined")
    page = client.get(url)
    assert re.findall(r'<form method="post" action="([^"]+)"', page.content.decode())[-1] == FEES
    (consortium,) = re.findall(r'name="consortium" value="([^"]+)"', page.content.decode())
    tried = Checkout.objects.get(
        public_id=client.post(FEES, {"consortium": consortium}).headers["Location"].strip("/").split("/")[-1]
    )
    assert (tried.state, tried.amount, tried.pk > checkout.pk) == (Checkout.State.OPEN, 50, True)


def test_who_takes_no_payments_online_offers_none_again(
    cast: Cast, client: PolicingClient, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.click_through(checkout=checkout, kind="declined")
    monkeypatch.setattr(actions, "payment_provider", lambda: None)
    client.force_login(cast.owing.user)
    page = client.get(reverse("students:checkout", args=[checkout.public_id]))
    assert "Try again" not in text(page)
    assert f'<a class="btn btn-primary" href="{FEES}">Forms and fees</a>' in page.content.decode()


def test_strangers_find_nothing_and_staff_are_turned_away(
    cast: Cast, client: PolicingClient, checkout: Checkout
) -> None:
    url = reverse("students:checkout", args=[checkout.public_id])
    client.force_login(cast.student.user)
    assert client.get(url).status_code == 404
    client.force_login(cast.consortium)
    assert client.get(url).status_code == 403
