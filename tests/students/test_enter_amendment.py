"""/students/<student>/amendment/: a request to amend that came by letter."""

from typing import Any

import pytest
from django.urls import reverse

from students.models import Amendment, Student
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.amending import WRONG
from tests.students.pages import errors, text


def address(student: Student) -> str:
    return reverse("students:enter_amendment", args=[student.public_id])


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "asker": "guardian", "asker_name": "Rosa Vega", "identity": "Driver license", "item": "profile birth_date",
        **WRONG, **changes,
    }  # fmt: skip


def test_a_parents_letter(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    words = text(client.post(address(cast.newcomer), letter(), follow=True))
    assert "Rosa Vega" in words
    assert Amendment.objects.of(cast.newcomer).get().entered_by == cast.district


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"asker": ""}, "Choose who asks"), ({"asker_name": ""}, "Enter the name of the parent or guardian"),
     ({"identity": ""}, "Enter how you know who asks"), ({"item": ""}, "Choose what is wrong")],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], said: str
) -> None:
    client.force_login(cast.consortium)
    assert errors(client.post(address(cast.newcomer), letter(**changes))) == [said]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("district", 200),
        ("registrar", 200),
        ("consortium", 200),
        ("state", 200),
        ("other_district", 404),
        ("teacher", 403),
    ],
)
def test_who_writes_it_down(client: PolicingClient, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.student)).status_code == status
