"""What a student owes and has paid, and the way to the payment provider."""

from typing import Any

import pytest
from django.urls import reverse

from students.models import Checkout
from tests.owing import make_fee, make_payment, make_requirement
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:fees")


@pytest.fixture
def owing(cast: Cast, client: PolicingClient) -> PolicingClient:
    make_fee(cast.owing_registration, 50)
    make_requirement(cast.owing_registration, "guardian")
    client.force_login(cast.owing.user)
    return client


def pay(cast: Cast, client: PolicingClient) -> Any:
    return client.post(URL, {"consortium": str(cast.columbia_basin.public_id)})


def test_it_says_what_is_owed_and_to_whom(cast: Cast, owing: PolicingClient) -> None:
    words = text(owing.get(URL))
    assert "Columbia Basin" in words
    assert "Fee, $50" in words
    assert "Parent’s or guardian’s signature" in words
    assert "Pay $50 online" in words
    assert cast.owing.sers_id in words


def test_paying_begins_one_checkout_however_often_it_is_pressed(cast: Cast, owing: PolicingClient) -> None:
    first, second = pay(cast, owing), pay(cast, owing)
    assert first.headers["Location"] == second.headers["Location"]
    checkout = Checkout.objects.get(student=cast.owing)
    assert checkout.amount == 50
    assert first.headers["Location"] == reverse("students:checkout", args=[checkout.public_id])


def test_a_part_that_was_paid_is_taken_off(cast: Cast, owing: PolicingClient) -> None:
    make_payment(cast.owing_registration.requirements.get(kind="fee"), amount=20)
    assert "$20 of it is paid." in text(owing.get(URL))
    pay(cast, owing)
    assert Checkout.objects.get(student=cast.owing).amount == 30


def test_nothing_owed_says_so_and_money_to_give_back_is_told(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    words = text(client.get(URL))
    assert "You owe nothing now." in words
    assert "$20 is more than you owe" in words
    assert client.post(URL, {"consortium": "nonsense"}).status_code == 302
    assert not Checkout.objects.filter(state="open").exists()


def test_without_a_provider_nobody_pays_online(cast: Cast, owing: PolicingClient, settings: Any) -> None:
    settings.PAYMENT_PROVIDER = ""
    assert "online" not in text(owing.get(URL))
    assert pay(cast, owing).status_code == 409


def test_it_is_for_students(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 403


def test_one_fee_and_three_cost_the_same(
    cast: Cast, owing: PolicingClient, django_assert_num_queries: Any
) -> None:
    owing.get(URL)
    with django_assert_num_queries(7):
        owing.get(URL)
    other = make_registration(cast.owing, cast.colleague_section, cast.welding_agreement)
    make_fee(other, 10)
    make_requirement(other, "form")
    with django_assert_num_queries(7):
        owing.get(URL)
