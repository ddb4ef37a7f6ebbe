"""The receipt of an act about Fees/Req: who decided what for whom, and its undo within the day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from students import actions
from students.models import Receipt, Registration
from tests.owing import make_fee, make_requirement
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import messages, text


@pytest.fixture
def receipt(cast: Cast) -> Receipt:
    make_requirement(cast.owing_registration, "form")
    make_fee(cast.owing_registration, 20)
    rows = Registration.objects.filter(pk=cast.owing_registration.pk).select_related("articulation")
    (one,) = actions.process_requirements(registrations=rows, to="processed", by=cast.consortium).receipts
    return one


def test_it_says_who_decided_what_for_whom(cast: Cast, client: PolicingClient, receipt: Receipt) -> None:
    client.force_login(cast.consortium)
    words = text(client.get(reverse("students:receipt", args=[receipt.public_id])))
    assert f"Receipt {receipt.number}" in words
    assert cast.consortium.name in words
    assert "Petrenko, Oksana" in words
    assert "Fee, $20 Pending Processed" in words


def test_undo_takes_all_of_it_back_once(cast: Cast, client: PolicingClient, receipt: Receipt) -> None:
    client.force_login(cast.consortium)
    url = reverse("students:receipt", args=[receipt.public_id])
    first = client.post(url, follow=True)
    assert "1 registration is Pending now." in messages(first)[0]
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "pending"
    assert "Undo F-" not in text(first)
    again = client.post(url, follow=True)
    assert "0 registrations are Pending now." in messages(again)[0]


def test_another_day_there_is_no_undo(cast: Cast, client: PolicingClient, receipt: Receipt) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    cast.owing_registration.requirements.update(decided_at=yesterday)
    client.force_login(cast.consortium)
    url = reverse("students:receipt", args=[receipt.public_id])
    client.post(url)
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "processed"


def test_the_neighbour_finds_nothing_and_others_are_turned_away(
    cast: Cast, client: PolicingClient, receipt: Receipt
) -> None:
    url = reverse("students:receipt", args=[receipt.public_id])
    client.force_login(cast.other_consortium)
    assert client.get(url).status_code == 404
    client.force_login(cast.teacher)
    assert client.get(url).status_code == 403
