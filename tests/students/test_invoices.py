"""What each school district pays to a consortium, and how much of it is open."""

from typing import Any

from django.urls import reverse

from tests.owing import make_fee
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:invoices")


def test_districts_and_their_totals_are_listed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    make_fee(cast.classmate_registration, 20, payer="district")
    words = text(client.get(URL))
    assert "Kennewick School District Columbia Basin CTE Dual Credit 2 2 $40 $40" in words
    assert "No district pays fees" in text(client.get(f"{URL}?year={cast.last_year.first_year}"))


def test_where_no_district_pays_it_says_so(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.other_consortium)
    assert "No district pays fees to your consortium" in text(client.get(URL))


def test_other_seats_are_turned_away(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.district)
    assert client.get(URL).status_code == 403


def test_one_fee_and_three_cost_the_same(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.consortium)
    client.get(URL)
    with django_assert_num_queries(5):
        client.get(URL)
    make_fee(cast.classmate_registration, 20, payer="district")
    make_fee(cast.registration, 20, payer="district")
    with django_assert_num_queries(5):
        client.get(URL)
