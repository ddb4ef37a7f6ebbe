"""/organizations/colleges/<one>/: what a college asks, and its grading scale."""

import re
from decimal import Decimal

import pytest

from organizations import rules
from organizations.models import CollegeYear
from tests.people import CBC_SCALE, Cast
from tests.policing import PolicingClient


def page_of(client: PolicingClient, cast: Cast) -> str:
    response = client.get(f"/organizations/colleges/{cast.cbc.public_id}/")
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_it_tells_what_it_asks_and_its_whole_scale(client: PolicingClient, cast: Cast) -> None:
    page = page_of(client, cast)
    assert "<dd>85 %</dd>" in page
    rows = re.findall(
        r'scope="row">([^<]+)</th><td role="cell" class="s-number">([^<]*)</td><td role="cell">([^<]*)<', page
    )
    assert [(points, letter) for _, points, letter in rows] == [
        (points, letter) for _, points, letter in CBC_SCALE
    ]
    assert [percents for percents, _, _ in rows][:5] == [
        "98 % and above",
        "96 to 97 %",
        "95 %",
        "94 %",
        "92 to 93 %",
    ]
    assert "Below 85 % the class is Not Attained" in page


def test_terms_tuition_and_deadline_are_told(client: PolicingClient, cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(
        every_term=True, mode="on_request", request_by=cast.year.ends_on, tuition_per_credit=Decimal("131.96")
    )
    page = page_of(client, cast)
    assert "in every term" in page
    assert f"ask until June 30, {cast.year.first_year + 1}" in page
    assert "about $660" in page


def test_a_college_that_said_nothing_yet(client: PolicingClient, cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).delete()
    assert "Not set for this school year yet" in page_of(client, cast)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("consortium", True),
        ("registrar", True),
        ("state", True),
        ("other_consortium", False),
        ("teacher", False),
    ],
)
def test_who_is_led_to_its_answers(client: PolicingClient, cast: Cast, person: str, may: bool) -> None:
    user = getattr(cast, person)
    client.force_login(user)
    assert ("/answers/" in page_of(client, cast)) is may
    assert rules.can_answer_for(user, cast.cbc) is may
