"""/students/<student>/inspection/: a request that came by letter, with who asked, how that was checked, and when it came."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail
from students.models import Disclosure, Inspection, Student
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.inspecting import by_letter
from tests.students.pages import errors, text

TODAY = timezone.localdate()


def address(student: Student) -> str:
    return reverse("students:enter_inspection", args=[student.public_id])


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "asker": "guardian", "asker_name": "Rosa Vega", "identity": "Driver license at the office",
        "received_on": (TODAY - datetime.timedelta(days=3)).isoformat(), "wish": "The grades", **changes,
    }  # fmt: skip


def test_a_parents_letter_is_written_down(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    response = client.post(address(cast.newcomer), letter(), follow=True)
    found = Inspection.objects.of(cast.newcomer).get()
    assert (found.asker, found.asker_name, found.who) == ("guardian", "Rosa Vega", "Rosa Vega")
    assert found.due_on == TODAY + datetime.timedelta(days=42)
    words = text(response)
    assert "A parent or guardian: Rosa Vega" in words
    assert "Driver license at the office" in words
    assert not Mail.objects.filter(kind="students/inspection").exists()
    assert Disclosure.objects.of(cast.newcomer).filter(reader=cast.district).exists()


def test_a_students_letter_carries_no_name(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    client.post(address(cast.student), letter(asker="student"))
    assert Inspection.objects.of(cast.student).open().get().asker_name == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asker": ""}, ["Choose who asks"]),
        ({"asker_name": ""}, ["Enter the name of the parent or guardian"]),
        ({"identity": ""}, ["Enter how you know who asks"]),
        ({"received_on": ""}, ["Enter the day the request came"]),
        ({"received_on": (TODAY + datetime.timedelta(days=1)).isoformat()}, ["Enter the day the request came, today or earlier"]),
        ({"received_on": (TODAY - datetime.timedelta(days=366)).isoformat()}, ["Enter a day within the last year"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], said: list[str]
) -> None:
    client.force_login(cast.consortium)
    response = client.post(address(cast.newcomer), letter(**changes))
    assert (response.status_code, errors(response)) == (422, said)
    assert not Inspection.objects.of(cast.newcomer).exists()


def test_a_refusal_stands_at_who_asks(client: PolicingClient, cast: Cast) -> None:
    by_letter(cast.newcomer, by=cast.district)
    client.force_login(cast.district)
    assert errors(client.post(address(cast.newcomer), letter())) == [
        "Such a request is open already. Open it in the list of requests."
    ]
    client.force_login(cast.registrar)
    assert errors(client.post(address(cast.student), letter())) == [
        "A parent’s request is written down by the district, the consortium or the State."
    ]


@pytest.mark.parametrize(
    ("who", "status"),
    [("district", 200), ("consortium", 200), ("state", 200), ("registrar", 200), ("other_district", 404),
     ("other_consortium", 404), ("other_registrar", 404), ("counselor", 403), ("teacher", 403), ("student", 403)],
)  # fmt: skip
def test_who_writes_it_down(client: PolicingClient, cast: Cast, who: str, status: int) -> None:
    person = getattr(cast, who)
    client.force_login(getattr(person, "user", person))
    assert client.get(address(cast.student)).status_code == status
