"""/organizations/consortia/: find your consortium."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import Cast, make_consortium
from tests.policing import PolicingClient

URL = "/organizations/consortia/"


def listed(client: PolicingClient, words: str = "") -> list[str]:
    page = client.get(URL, {"words": words} if words else {}).content.decode()
    return re.findall(r'scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_it_lists_them_with_colleges_districts_and_whom_to_ask(client: PolicingClient, cast: Cast) -> None:
    assert listed(client) == [cast.columbia_basin.name, cast.walla_walla.name]
    page = client.get(URL).content.decode()
    for shown in ("Columbia Basin College", cast.kennewick.name, "2 consortia"):
        assert shown in page


@pytest.mark.parametrize(
    ("words", "own"),
    [
        ("kamiakin", True),  # a school
        ("KENNEWICK school", True),  # a district
        ("columbia basin college", True),
        ("wahi", False),
        ("walla walla high", False),
    ],
)
def test_it_finds_by_school_district_and_college(
    client: PolicingClient, cast: Cast, words: str, own: bool
) -> None:
    found = listed(client, words)
    assert (cast.columbia_basin.name in found) is own
    assert "Nothing of that name" in client.get(URL, {"words": "zzz"}).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_often_however_many_there_are(client: PolicingClient, cast: Cast, number: int) -> None:
    for at in range(number):
        consortium = make_consortium(f"Consortium {at}")
        consortium.colleges.add(cast.cbc)
        consortium.districts.add(cast.kennewick)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(client)) == 2 + number
    assert len(queries) == 3
