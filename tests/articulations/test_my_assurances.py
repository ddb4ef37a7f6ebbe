"""/articulations/assurances/mine/"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articulations.models import AssuranceText
from tests.people import Cast, make_agreement, make_high_school_course, make_section
from tests.policing import PolicingClient

URL = "/articulations/assurances/mine/"


def test_a_teacher_sees_what_is_owed_and_what_is_signed(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    page = client.get(URL).content.decode()
    assert "Columbia Basin College" in page
    assert "1 to sign" in page
    assert "Pending" in page
    assert f'href="/articulations/assurances/college/{cast.cbc.public_id}/"' in page
    assert "Sign the Annual Teacher Assurance" in client.get("/").content.decode()
    client.force_login(cast.colleague)
    page = client.get(URL).content.decode()
    assert "All signed" in page
    assert "Waits for the college" in page
    assert f"/articulations/assurances/{cast.assurance.public_id}/" in page
    assert "Sign the Annual Teacher Assurance" not in client.get("/").content.decode()


def test_where_nothing_is_asked_the_page_says_so(client: PolicingClient, cast: Cast) -> None:
    assert AssuranceText.objects.latest_of(cast.cbc, cast.last_year) is None
    cast.section.teachers.clear()
    client.force_login(cast.teacher)
    assert "No college asks you for an assurance this school year." in client.get(URL).content.decode()


@pytest.mark.parametrize("person", ["student", "counselor", "consortium", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(URL).status_code == 403


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    # session, user, seats, year, rows
    assert queries() == 5
    for number in range(2):
        course = make_high_school_course(cast.kamiakin, f"Payroll {number}")
        make_agreement(
            (course, cast.accounting.articulated.get().college_course), consortium=cast.columbia_basin
        )
        make_section(course, cast.teacher_seat)
    assert queries() == 5
