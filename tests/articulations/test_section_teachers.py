"""/articulations/sections/<public_id>/teachers/"""

import pytest

from accounts.models import Event, Mail
from tests.people import Cast
from tests.policing import PolicingClient


def address(cast: Cast) -> str:
    return f"/articulations/sections/{cast.section.public_id}/teachers/"


def test_a_second_teacher_joins_and_one_is_taken_off(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(address(cast)).content.decode()
    assert "Fergus Teacher" in page  # taught it, and no longer can
    both = {"teachers": [str(cast.teacher_seat.public_id), str(cast.colleague_seat.public_id)]}
    assert client.post(address(cast), both).status_code == 302
    assert set(cast.section.teachers.all()) == {cast.teacher_seat, cast.colleague_seat}
    mail = Mail.objects.get(kind="articulations/class_given")
    assert mail.to == cast.colleague.email
    assert "4 students are registered in it." in mail.text
    assert (
        Event.objects.filter(kind="articulations.teachers_changed", subject_id=cast.section.pk).count() == 1
    )
    client.force_login(cast.colleague)
    roster = f"/grading/rosters/{cast.section.public_id}/"
    assert client.get(roster).status_code == 200
    client.force_login(cast.consortium)
    client.post(address(cast), {"teachers": [str(cast.colleague_seat.public_id)]})
    client.force_login(cast.teacher)
    assert client.get(roster).status_code == 404  # access ends with it
    assert cast.section.registrations.count() == 5  # and everything else stays


def test_the_same_again_changes_nothing(client: PolicingClient, cast: Cast) -> None:
    cast.section.teachers.set([cast.teacher_seat])
    client.force_login(cast.consortium)
    client.post(address(cast), {"teachers": [str(cast.teacher_seat.public_id)]})
    assert not Mail.objects.filter(kind="articulations/class_given").exists()
    assert not Event.objects.filter(kind="articulations.teachers_changed").exists()


@pytest.mark.parametrize(
    ("teachers", "error"),
    [([], "Choose at least one teacher"), (["x"], "Choose teachers of this high school")],
)
def test_what_is_wrong_is_said(client: PolicingClient, cast: Cast, teachers: list[str], error: str) -> None:
    client.force_login(cast.consortium)
    response = client.post(address(cast), {"teachers": teachers})
    assert response.status_code == 422
    assert error in response.content.decode()


def test_a_neighbour_finds_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(address(cast)).status_code == 404


@pytest.mark.parametrize("person", ["student", "teacher", "counselor", "district", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(address(cast)).status_code == 403
