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
from tests.students.inspecting import by_letter, turns_18
from tests.students.pages import errors, text

TODAY = timezone.localdate()


def address(student: Student) -> str:
    return reverse("students:enter_inspection", args=[student.public_id])


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "asker": "guardian", "asker_name": "Rosa Vega", "identity": "Driver license at the office",
        **came_on(TODAY - datetime.timedelta(days=3)), "wish": "The grades", **changes,
    }  # fmt: skip


def came_on(day: datetime.date) -> dict[str, str]:
    """The day of the letter, in its three boxes."""
    return {f"received_on_{part}": str(getattr(day, part)) for part in ("month", "day", "year")}


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
        (dict.fromkeys(("received_on_month", "received_on_day", "received_on_year"), ""), ["Enter the day the request came"]),
        ({"received_on_year": ""}, ["Add a year to the day the request came"]),
        ({"received_on_month": "2", "received_on_day": "30"}, [f"February 30 is not a date in {TODAY.year}"]),
        (came_on(TODAY + datetime.timedelta(days=1)), ["Enter the day the request came, today or earlier"]),
        (came_on(TODAY - datetime.timedelta(days=366)), ["Enter a day within the last year"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], said: list[str]
) -> None:
    client.force_login(cast.consortium)
    response = client.post(address(cast.newcomer), letter(**changes))
    assert (response.status_code, errors(response)) == (422, said)
    assert not Inspection.objects.of(cast.newcomer).exists()


def test_a_parents_letter_of_the_day_before_the_birthday_is_too_late_after_it(
    client: PolicingClient, cast: Cast
) -> None:
    """It could not be answered any more; the words say that the day of the letter does not help."""
    client.force_login(cast.district)
    turns_18(cast.newcomer, in_days=1)
    client.post(address(cast.newcomer), letter(**came_on(TODAY)))
    assert Inspection.objects.of(cast.newcomer).get().is_open
    turns_18(cast.classmate)
    response = client.post(address(cast.classmate), letter(**came_on(TODAY - datetime.timedelta(days=1))))
    assert list(response.context["form"].errors) == ["asker"]
    assert "also where the letter came before" in errors(response)[0]


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
