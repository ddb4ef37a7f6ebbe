"""The ledger of a consortium: what came in, what it covers, what is to be given back."""

from typing import Any

from django.urls import reverse

from tests.owing import make_fee, make_payment
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:payments")


def test_payments_of_one_s_own_consortium_are_listed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    make_payment(make_fee(cast.owing_registration, 50, state="processed"))
    words = text(client.get(URL))
    assert "2 payments" in words
    assert "Petrenko, Oksana" in words
    assert "Weiss" not in words


def test_money_to_give_back_is_a_list_of_its_own(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    make_payment(make_fee(cast.owing_registration, 50, state="processed"))
    words = text(client.get(f"{URL}?show=refunds"))
    assert "1 payment" in words
    assert "Vega, Marisol" in words
    assert "The fee is asked no more" in words


def test_other_seats_are_turned_away(cast: Cast, client: PolicingClient) -> None:
    for person in (cast.teacher, cast.registrar, cast.student.user):
        client.force_login(person)
        assert client.get(URL).status_code == 403


def test_one_row_and_three_cost_the_same(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.consortium)
    client.get(URL)
    with django_assert_num_queries(9):
        client.get(URL)
    for name in ("Ana", "Bea"):
        one = make_registration(make_student(cast.kamiakin, name), cast.section, cast.agreement)
        make_payment(make_fee(one, 50, state="processed"))
    with django_assert_num_queries(9):
        client.get(URL)
