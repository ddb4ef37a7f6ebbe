"""The QR code on a signed form leads staff to just that form; others see the registration."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from students import rules
from students.models import Registration, Requirement
from tests.owing import make_fee, make_requirement
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

FeesReq = Registration.FeesReq
State = Requirement.State


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
    ("state", "days_ago", "awarded", "open_to"),
    [
        (State.PENDING, None, False, ["process", "waive"]),
        (State.PROCESSED, 0, False, ["waive", "undo"]),
        (State.PROCESSED, 1, False, ["waive"]),
        (State.WAIVED, 0, False, ["process", "undo"]),
        (State.DROPPED, 0, False, []),
        (State.PROCESSED, 0, True, []),
    ],
)
def test_what_can_be_done(
    cast: Cast, state: str, days_ago: int | None, awarded: bool, open_to: list[str]
) -> None:
    decided = None if days_ago is None else timezone.now() - timedelta(days=days_ago)
    one = Requirement(kind="form", state=state, decided_at=decided, registration=cast.owing_registration)
    one.registration.awarded_at = timezone.now() if awarded else None
    assert rules.acts_open([one], on=timezone.localdate()) == open_to


def test_one_of_two_things_comes_in(cast: Cast, client: PolicingClient, url: str) -> None:
    """The form is here, the fee is not: Fees/Req waits for the fee alone."""
    registration = cast.owing_registration
    make_requirement(registration, "form")
    make_fee(registration)
    client.force_login(cast.consortium)
    client.post(url, {"act": "process", "what": "form", "registration": str(registration.public_id)})
    states = dict(registration.requirements.values_list("kind", "state"))
    assert states == {"form": "processed", "fee": "pending"}
    registration.refresh_from_db()
    assert registration.fees_req == FeesReq.PENDING


def test_waiving_without_a_reason_is_refused(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.consortium)
    data = {"act": "waive", "registration": str(cast.owing_registration.public_id)}
    response = client.post(url, data)
    assert response.status_code == 422
    assert errors(response) == ["Enter the reason to waive: it stays in the history"]
