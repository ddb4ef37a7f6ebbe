"""/articulations/sections/new/"""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from accounts.models import Event
from articulations.models import Section
from tests.people import Cast, make_high_school_course, make_person, make_school
from tests.policing import PolicingClient

URL = "/articulations/sections/new/"


def address(cast: Cast) -> str:
    return f"{URL}?school={cast.kamiakin.public_id}"


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "course": str(cast.accounting.public_id),
        "year": str(cast.year.first_year),
        "term": "year",
        "label": " Period  5 ",
        "teachers": [str(cast.teacher_seat.public_id)],
        **changes,
    }


def test_it_works_step_by_step(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(URL).content.decode()
    assert "Kamiakin High School" in page
    assert "Walla Walla High School" not in page
    page = client.get(address(cast)).content.decode()
    assert "Accounting 1" in page
    assert "Tess Teacher" in page
    assert "Lola Teacher" not in page  # locked
    assert "Fergus Teacher" not in page  # the seat ended
    assert "Tobias Teacher" not in page
    teachers = [str(cast.teacher_seat.public_id), str(cast.colleague_seat.public_id)]
    response = client.post(address(cast), typed(cast, teachers=teachers))
    assert response.status_code == 302
    section = Section.objects.latest("pk")
    assert (section.high_school_course, section.year, section.term, section.label) == (
        cast.accounting,
        cast.year,
        "year",
        "Period 5",
    )
    assert set(section.teachers.all()) == {cast.teacher_seat, cast.colleague_seat}
    assert Event.objects.get(kind="articulations.section_entered").actor == cast.consortium
    page = client.get(response.url).content.decode()
    assert f"The class is saved. Its class code is {section.class_code}." in page
    assert "1 class in" in page


def test_the_next_year_may_be_prepared(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    following = cast.year.first_year + 1
    assert client.post(address(cast), typed(cast, year=str(following))).status_code == 302
    assert Section.objects.latest("pk").year.first_year == following


def test_the_same_class_is_not_entered_twice(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    before = Section.objects.count()
    response = client.post(address(cast), typed(cast, label="Period 2"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "This class is there already. Give it another period or section." in page
    assert 'value="Period 2"' in page
    assert Section.objects.count() == before


def test_without_an_agreement_in_that_year_there_is_no_class(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    bare = make_high_school_course(cast.kamiakin, "Photography")
    assert "Photography" not in client.get(address(cast)).content.decode()
    assert client.post(address(cast), typed(cast, course=str(bare.public_id))).status_code == 422
    cast.agreement.courses.update(valid_until=cast.year.ends_on)
    following = str(cast.year.first_year + 1)
    response = client.post(address(cast), typed(cast, year=following))
    assert response.status_code == 409
    assert "No agreement covers Accounting 1 in" in response.content.decode()
    for agreement in (cast.agreement, cast.welding_agreement):
        agreement.courses.update(valid_from=datetime.date(2001, 7, 1), valid_until=datetime.date(2002, 6, 30))
    page = client.get(address(cast)).content.decode()
    assert "No class of this high school has an agreement in force this school year or the next." in page


def test_a_school_without_teachers_says_what_to_do(client: PolicingClient, cast: Cast) -> None:
    cast.kamiakin.seats.filter(role=Role.TEACHER).update(
        ends_on=datetime.date(2020, 1, 1), starts_on=datetime.date(2019, 1, 1)
    )
    client.force_login(cast.consortium)
    assert "nobody holds a teacher’s seat at this high school" in client.get(address(cast)).content.decode()


LONG = "x" * 200_000


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"course": ""}, "Choose a class"),
        ({"course": "x"}, "Choose a class of this high school that has an agreement"),
        ({"year": "1999"}, "Choose this school year or the next"),
        ({"term": "s9"}, "Choose a term from the list"),
        ({"label": LONG}, "Enter a period or section of at most 40 characters"),
        ({"teachers": []}, "Choose at least one teacher"),
        ({"teachers": ["00000000-0000-0000-0000-000000000000"]}, "Choose teachers of this high school"),
    ],
)
def test_what_is_wrong_is_said(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], error: str
) -> None:
    client.force_login(cast.consortium)
    before = Section.objects.count()
    response = client.post(address(cast), typed(cast, **changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert f">{error}</a>" in page
    assert "Error: Enter a class" in page
    assert Section.objects.count() == before


def test_a_teacher_of_another_school_is_refused(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    response = client.post(address(cast), typed(cast, teachers=[str(cast.other_teacher_seat.public_id)]))
    assert response.status_code == 422


def test_a_school_of_the_neighbour_is_no_choice(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_consortium)
    for response in (client.get(address(cast)), client.post(address(cast), typed(cast))):
        assert response.status_code == 422
        assert "Choose a high school of your consortium" in response.content.decode()
    assert client.get(f"{URL}?school=x").status_code == 422
    assert client.post(URL).status_code == 422


@pytest.mark.parametrize("person", ["teacher", "counselor", "district", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(URL).status_code == 403
    assert client.post(address(cast), typed(cast)).status_code == 403


def test_a_stranger_signs_in_first(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).url == f"/accounts/sign-in/?next={URL}"


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    # session, user, seats, consortia, schools
    assert queries(URL) == 5
    # the school, the year, classes, teachers
    assert queries(address(cast)) == 9
    for number in range(2):
        make_school(f"School {number}", cast.kennewick)
        make_person(Role.TEACHER, cast.kamiakin, "Una")
    assert queries(URL) == 5
    assert queries(address(cast)) == 9
