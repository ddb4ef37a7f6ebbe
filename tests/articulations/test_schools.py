"""/articulations/schools/: the high schools with a class that earns credit."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import Cast, make_agreement, make_college_course, make_high_school_course, make_school
from tests.policing import PolicingClient

URL = "/articulations/schools/"


def listed(client: PolicingClient, words: str = "") -> list[str]:
    page = client.get(URL, {"words": words} if words else {}).content.decode()
    return re.findall(r'scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_it_lists_schools_with_a_class_in_force(client: PolicingClient, cast: Cast) -> None:
    assert listed(client) == ["Kamiakin High School", "Walla Walla High School"]
    page = client.get(URL).content.decode()
    assert "2 high schools" in page
    assert f"/articulations/schools/{cast.kamiakin.public_id}/" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kami", ["Kamiakin High School"]),
        ("WALLA high", ["Walla Walla High School"]),
        ("kennewick", ["Kamiakin High School"]),  # its district
        ("amiakin", []),  # begins no word
        ("(", []),
        ("[", []),
        ("Kamiakin School", ["Kamiakin High School"]),
    ],
)
def test_each_word_begins_a_word_of_school_city_or_district(
    client: PolicingClient, cast: Cast, words: str, found: list[str]
) -> None:
    assert listed(client, words) == found


def test_nothing_found_is_told_apart_from_nothing_there(client: PolicingClient, cast: Cast) -> None:
    assert "has this name" in client.get(URL, {"words": "zzz"}).content.decode()
    cast.agreement.courses.update(valid_until=cast.last_year.ends_on)
    cast.other_agreement.courses.update(valid_until=cast.last_year.ends_on)
    cast.welding_agreement.courses.update(valid_until=cast.last_year.ends_on)
    assert "No agreement is in force" in client.get(URL).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_often_however_many_there_are(client: PolicingClient, cast: Cast, number: int) -> None:
    for at in range(number):
        school = make_school(f"School {at}", cast.kennewick)
        course = make_high_school_course(school, "Welding")
        make_agreement(
            (course, make_college_course(cast.cbc, f"WLD {at}", "Welding")),
            consortium=cast.columbia_basin,
            by=cast.consortium,
        )
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(client)) == 2 + number
    assert len(queries) == 3
