"""/articulations/sections/hand-over/"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Mail
from articulations.models import Section
from tests.people import Cast, make_section
from tests.policing import PolicingClient

URL = "/articulations/sections/hand-over/"


@pytest.fixture
def alone(cast: Cast) -> Section:
    """The class of the teacher who left, and nobody else’s."""
    former = cast.former_teacher.seats.get()
    cast.section.teachers.set([former])
    return cast.section


def test_a_class_is_handed_over_with_all_that_stands_in_it(
    client: PolicingClient, cast: Cast, alone: Section
) -> None:
    client.force_login(cast.consortium)
    page = client.get(URL).content.decode()
    assert "1 class without a teacher" in page
    assert "Fergus Teacher" in page
    assert '<td role="cell" data-label="Registered" class="s-number">4</td>' in page
    sent = {f"teacher-{alone.public_id}": str(cast.colleague_seat.public_id)}
    page = client.post(URL, sent, follow=True).content.decode()
    assert "1 class has a teacher again. Each was mailed." in page
    assert "Every class has a teacher who can sign in." in page
    assert set(alone.teachers.all()) == {cast.colleague_seat}
    assert alone.registrations.count() == 5
    assert Mail.objects.get(kind="articulations/class_given").to == cast.colleague.email


@pytest.mark.parametrize(
    ("typed", "error"),
    [("", "Choose a teacher for at least one class"), ("x", "choose a teacher of the list")],
)
def test_what_is_wrong_is_said(
    client: PolicingClient, cast: Cast, alone: Section, typed: str, error: str
) -> None:
    client.force_login(cast.consortium)
    response = client.post(URL, {f"teacher-{alone.public_id}": typed})
    assert response.status_code == 422
    assert error in response.content.decode()
    assert set(alone.teachers.all()) == {cast.former_teacher.seats.get()}


def test_a_neighbour_sees_none_of_it(client: PolicingClient, cast: Cast, alone: Section) -> None:
    client.force_login(cast.other_consortium)
    assert "Every class has a teacher" in client.get(URL).content.decode()
    sent = {f"teacher-{alone.public_id}": str(cast.other_teacher_seat.public_id)}
    assert client.post(URL, sent).status_code == 422
    assert set(alone.teachers.all()) == {cast.former_teacher.seats.get()}


@pytest.mark.parametrize("person", ["student", "teacher", "counselor", "district", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(URL).status_code == 403


def test_queries_do_not_grow(client: PolicingClient, cast: Cast, alone: Section) -> None:
    client.force_login(cast.consortium)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    # session, user, seats, year, classes, teachers, people, registered, who may teach
    assert queries() == 9
    for label in ("Group 4", "Group 5"):
        make_section(cast.welding, cast.former_teacher.seats.get(), label=label)
    assert queries() == 9
