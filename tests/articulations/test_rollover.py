"""/articulations/sections/rollovers/<public_id>/"""

import pytest

from accounts.models import Event
from articulations import actions
from articulations.models import Rollover, Section
from organizations.models import AcademicYear
from tests.people import Cast, make_registration
from tests.policing import PolicingClient


@pytest.fixture
def rolled(cast: Cast) -> Rollover:
    return actions.roll_over(
        consortium=cast.columbia_basin, school=cast.kamiakin, year_from=cast.year,
        year_to=AcademicYear(first_year=cast.year.first_year + 1), by=cast.consortium,
    )  # fmt: skip


def address(rollover: Rollover) -> str:
    return f"/articulations/sections/rollovers/{rollover.public_id}/"


def test_it_is_taken_back_and_done_again(client: PolicingClient, cast: Cast, rolled: Rollover) -> None:
    client.force_login(cast.consortium)
    page = client.get(address(rolled)).content.decode()
    assert "2 classes in" in page
    response = client.post(address(rolled))
    assert response.status_code == 302
    assert not Section.objects.filter(rollover=rolled).exists()
    assert Event.objects.get(kind="articulations.rollover_undone").actor == cast.consortium
    page = client.get(address(rolled)).content.decode()
    assert "Taken back. Classes gone: 2." in page
    assert "Its classes are gone." in page
    assert client.post(address(rolled)).status_code == 409
    again = actions.roll_over(
        consortium=rolled.consortium, school=rolled.school, year_from=rolled.year_from, year_to=rolled.year_to,
        by=cast.consortium,
    )  # fmt: skip
    assert again.made == 2


def test_with_a_student_in_it_it_stays(client: PolicingClient, cast: Cast, rolled: Rollover) -> None:
    section = rolled.sections.get(high_school_course=cast.accounting)
    registration = make_registration(cast.newcomer, section, cast.agreement)
    client.force_login(cast.consortium)
    page = client.get(address(rolled)).content.decode()
    assert "1 student is registered in these classes." in page
    assert "Undo" not in page
    assert client.post(address(rolled)).status_code == 409
    registration.status = "withdrawn"
    registration.save(update_fields=("status",))
    response = client.post(address(rolled))
    assert response.status_code == 409
    assert "Something stands on one of these classes already" in response.content.decode()
    assert rolled.sections.count() == 2


def test_the_state_reads_it(client: PolicingClient, cast: Cast, rolled: Rollover) -> None:
    client.force_login(cast.state)
    assert client.get(address(rolled)).status_code == 200
    assert client.post(address(rolled)).status_code == 403


def test_a_neighbour_finds_nothing(client: PolicingClient, cast: Cast, rolled: Rollover) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(address(rolled)).status_code == 404
    assert client.post(address(rolled)).status_code == 404


@pytest.mark.parametrize("person", ["student", "teacher", "counselor", "district", "registrar", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, rolled: Rollover, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(address(rolled)).status_code == 403
