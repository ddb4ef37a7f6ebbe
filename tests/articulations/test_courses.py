"""The courses of one's colleges, with how many agreements rest on each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articulations import actions
from tests.people import Cast, make_college_course
from tests.policing import PolicingClient

PAGE = reverse("articulations:courses")


def test_ones_own_colleges_alone(client: PolicingClient, cast: Cast) -> None:
    for user in (cast.faculty, cast.registrar, cast.consortium):
        client.force_login(user)
        html = client.get(PAGE).content.decode()
        assert "ACCT&amp; 201" in html
        assert "HO 110" not in html
    client.force_login(cast.district)
    assert client.get(PAGE).status_code == 403


def test_found_by_word_college_and_whether_it_is_taught(client: PolicingClient, cast: Cast) -> None:
    actions.change_course(course=cast.wld_110, facts={"active_until": "2000-06-30"}, by=cast.faculty)
    client.force_login(cast.state)
    for asked, found, missing in (
        ({}, "ACCT&amp; 201", "WLD 110"),
        ({"show": "ended"}, "WLD 110", "ACCT&amp; 201"),
        ({"show": "all", "words": "weld"}, "WLD 110", "ACCT&amp; 201"),
        ({"college": str(cast.wwcc.public_id)}, "HO 110", "ACCT&amp; 201"),
        ({"words": "nothing like it"}, "No course matches these filters.", "ACCT&amp; 201"),
    ):
        html = client.get(PAGE, asked).content.decode()
        assert found in html
        assert missing not in html
    assert client.get(PAGE, {"show": "some"}).status_code == 422


@pytest.mark.parametrize("number", [2, 4])
def test_as_many_queries_for_one_as_for_three(client: PolicingClient, cast: Cast, number: int) -> None:
    for one in range(number - 2):
        make_college_course(cast.cbc, f"X {one}")
    client.force_login(cast.faculty)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(PAGE).content.decode()
    assert f"{number} courses" in html
    assert len(queries) == 7
