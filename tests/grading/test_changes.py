"""The list of Grade Changes: what waits, what is under way, what is closed."""

from typing import Any

import pytest
from django.urls import reverse

from tests.grading.changes import closed, confirmed
from tests.people import Cast, enter_grade, make_change
from tests.policing import PolicingClient

URL = reverse("grading:changes")


def listed(client: PolicingClient, user: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(URL + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_what_waits_comes_first(client: PolicingClient, cast: Cast) -> None:
    change = confirmed(cast, closed(cast))
    html = listed(client, cast.consortium)
    assert change.reference in html
    assert cast.grade_change.reference not in html  # waits for the teacher
    assert "Confirmed by the teacher" in html
    html = listed(client, cast.consortium, "?show=open")
    assert change.reference in html
    assert cast.grade_change.reference in html
    assert cast.other_grade_change.reference not in html
    assert "No Grade Change is closed yet." in listed(client, cast.consortium, "?show=closed")


def test_a_student_sees_their_own(client: PolicingClient, cast: Cast) -> None:
    assert cast.grade_change.reference in listed(client, cast.graduate.user)
    html = listed(client, cast.student.user)
    assert "No Grade Change is under way." in html
    assert "No Grade Change waits for you." in listed(client, cast.student.user, "?show=waiting")


def test_nonsense_shows_what_is_usual(client: PolicingClient, cast: Cast) -> None:
    assert cast.grade_change.reference in listed(client, cast.state, "?show=everything&page=99")


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    closed(cast)
    enter_grade(cast.registration, "90", by=cast.teacher)
    for registration in (cast.classmate_registration, cast.registration)[: number - 1]:
        make_change(registration, cast.teacher, asked_as="teacher")
    client.force_login(cast.teacher)
    # session, user, seats; is there something that waits, how many, the page
    with django_assert_num_queries(7):
        assert client.get(URL).content.decode().count('<tr role="row">') == number + 1
