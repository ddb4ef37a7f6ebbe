"""The invoice of one district: printed, and paid."""

import pytest
from django.urls import reverse

from students.models import Payment
from tests.owing import make_fee
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, text


@pytest.fixture
def url(cast: Cast, client: PolicingClient) -> str:
    make_fee(cast.classmate_registration, 20, payer="district")
    client.force_login(cast.consortium)
    return reverse("students:invoice", args=[cast.kennewick.public_id])


def test_it_lists_each_fee_and_the_total(cast: Cast, client: PolicingClient, url: str) -> None:
    words = text(client.get(url))
    assert "$40, of it $0 paid, $40 open" in words
    assert cast.classmate.list_name in words
    assert cast.below.list_name in words


def test_what_the_district_pays_covers_the_list_in_its_order(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    client.post(url, {"amount": "40", "reference": "Warrant 20934"})
    payment = Payment.objects.get(district=cast.kennewick)
    assert (payment.amount, payment.source, payment.student) == (40, "district", None)
    # Not Attained too: the district pays for the class, whatever grade came of it.
    for one in (cast.classmate_registration, cast.below_registration):
        assert one.requirements.get(kind="fee").state == "processed"
    assert "$40 paid, $0 open" in text(client.get(url))


def test_more_than_is_open_is_refused(client: PolicingClient, url: str) -> None:
    response = client.post(url, {"amount": "41", "reference": "W"})
    assert response.status_code == 422
    assert errors(response) == ["This is more than is open. Enter what belongs to this invoice"]
    assert len(errors(client.post(url, {}))) == 2


def test_a_district_that_pays_nothing_has_none(cast: Cast, client: PolicingClient, url: str) -> None:
    assert (
        client.get(reverse("students:invoice", args=[cast.walla_walla_schools.public_id])).status_code == 404
    )
    client.force_login(cast.other_consortium)
    assert client.get(url).status_code == 404


def test_a_fee_a_district_pays_holds_up_nobody(cast: Cast) -> None:
    before = cast.registration.fees_req
    make_fee(cast.registration, 20, payer="district")
    assert (cast.registration.fees_req, cast.registration.fee_due) == (before, 0)
