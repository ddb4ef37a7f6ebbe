"""The QR code on a signed form leads staff to just that form; others see the registration."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from students import rules
from students.models import Registration
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

FeesReq = Registration.FeesReq


@pytest.fixture
def url(cast: Cast) -> str:
    return reverse("students:take_form", args=[cast.owing_registration.public_id])


def test_staff_process_just_this_form_and_take_it_back_the_same_day(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    client.force_login(cast.consortium)
    assert "Pending" in text(client.get(url))
    data = {"act": "process", "registration": str(cast.owing_registration.public_id)}
    response = client.post(url, data, follow=True)
    assert "1 registration is Processed now." in messages(response)[0]
    assert f"Processed {timezone.localdate():%B}" in text(response)
    assert "Back to Pending" in text(response)
    assert ">Process<" not in response.content.decode()
    client.post(url, data | {"act": "undo"})
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == FeesReq.PENDING


def test_no_button_pressed_is_refused(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.consortium)
    response = client.post(url, {"registration": str(cast.owing_registration.public_id)})
    assert response.status_code == 422
    assert errors(response)


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "state"])
def test_who_decides_nothing_is_led_to_the_registration(
    cast: Cast, client: PolicingClient, url: str, who: str
) -> None:
    client.force_login(getattr(cast, who))
    where = reverse("students:registration", args=[cast.owing_registration.public_id])
    assert client.get(url).headers["Location"] == where
    assert client.post(url, {"act": "process"}).headers["Location"] == where
    client.force_login(cast.owing.user)
    assert client.get(url).headers["Location"] == where
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == FeesReq.PENDING


def test_the_neighbour_finds_nothing(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("fees_req", "days_ago", "awarded", "open_to"),
    [
        (FeesReq.PENDING, None, False, ["process", "waive"]),
        (FeesReq.PROCESSED, 0, False, ["waive", "undo"]),
        (FeesReq.PROCESSED, 1, False, ["waive"]),
        (FeesReq.WAIVED, 0, False, ["process", "undo"]),
        (FeesReq.NOT_REQUIRED, None, False, []),
        (FeesReq.PROCESSED, 0, True, []),
    ],
)
def test_what_can_be_done(
    cast: Cast, fees_req: str, days_ago: int | None, awarded: bool, open_to: list[str]
) -> None:
    one = cast.owing_registration
    one.fees_req = fees_req
    one.fees_req_at = None if days_ago is None else timezone.now() - timedelta(days=days_ago)
    one.awarded_at = timezone.now() if awarded else None
    assert rules.acts_open(one, on=timezone.localdate()) == open_to
