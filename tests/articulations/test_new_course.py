"""A course is added to the catalog of a college, once under its number."""

from decimal import Decimal

import pytest
from django.urls import reverse

from articulations import actions
from articulations.models import CollegeCourse
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:new_course")


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "college": str(cast.cbc.public_id),
        "code": "mkt  101",
        "title": "Marketing",
        "credits": "4,5",
        **changes,
    }


def test_it_is_in_the_catalog(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    answer = client.post(PAGE, typed(cast, outcomes="• Sell\n• Tell\n• Sell"))
    added = CollegeCourse.objects.get(college=cast.cbc, code="MKT 101")
    assert answer.headers["Location"] == reverse("articulations:course", args=[added.public_id])
    assert (added.title, added.credits, added.numbered_outcomes) == (
        "Marketing",
        Decimal("4.5"),
        ["Sell", "Tell"],
    )
    assert "MKT 101" in client.get(reverse("articulations:courses"), {"words": "mark"}).content.decode()


def test_a_number_stands_once(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    answer = client.post(PAGE, typed(cast, code="acct&  201"))
    assert answer.status_code == 422
    assert "ACCT&amp; 201 is in the catalog already. Open it and change it there" in answer.content.decode()


def test_what_is_missing_is_named(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    html = client.post(PAGE, {}).content.decode()
    for words in ("Enter the course number", "Enter the title of the course", "Enter credits from 0.5 to 25"):
        assert words in html


def test_of_ones_own_college_alone(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_faculty)
    assert client.post(PAGE, typed(cast)).status_code == 422
    with pytest.raises(Refused):
        actions.add_course(
            college=cast.cbc, code="X 1", facts={"title": "X", "credits": "1"}, by=cast.other_faculty
        )
    for user in (cast.teacher, cast.district, cast.state, cast.student.user):
        client.force_login(user)
        assert client.post(PAGE, typed(cast)).status_code == 403
    assert not CollegeCourse.objects.filter(code="MKT 101").exists()
