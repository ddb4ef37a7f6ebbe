"""/articulations/schools/<one>/: CTE Dual Credit Courses by High School, a school and a school year."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articulations import rules
from organizations.models import AcademicYear
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course
from tests.policing import PolicingClient


def page_of(client: PolicingClient, cast: Cast, **query: str) -> str:
    response = client.get(f"/articulations/schools/{cast.kamiakin.public_id}/", query)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ").replace('<span class="nowrap">', "")


def classes(page: str) -> list[str]:
    return re.findall(r'scope="row"><a href="[^"]+">(.*?)(?:</span>)?</a>', page)


def test_it_lists_the_classes_of_a_school_with_what_they_earn(client: PolicingClient, cast: Cast) -> None:
    page = page_of(client, cast)
    assert classes(page) == ["Accounting 1", "Welding Technology"]
    assert "2 classes earn college credit" in page
    for shown in ("Columbia Basin College", "ACCT&amp; 201", "85 %", str(cast.year), "Kennewick"):
        assert shown in page
    assert "Medical Terminology" not in page
    assert cast.columbia_basin.name in page


def test_it_tells_which_industry_credentials_a_class_prepares_for(client: PolicingClient, cast: Cast) -> None:
    page = client.get(reverse("articulations:school", args=[cast.kamiakin.public_id])).content.decode()
    assert page.count("Prepares for QuickBooks Certified User") == 1


def test_one_class_with_two_courses_is_counted_once(client: PolicingClient, cast: Cast) -> None:
    accounting = cast.agreement.courses.get().high_school_course
    make_agreement(
        (accounting, make_college_course(cast.wwcc, "ACCT 99", "Bookkeeping")),
        consortium=cast.walla_walla,
        by=cast.other_consortium,
    )
    page = page_of(client, cast)
    assert classes(page) == ["Accounting 1", "Accounting 1", "Welding Technology"]
    assert "2 classes earn college credit" in page


def test_an_earlier_year_shows_what_was_in_force_then(client: PolicingClient, cast: Cast) -> None:
    cast.welding_agreement.courses.update(valid_from=cast.year.starts_on)
    assert classes(page_of(client, cast, year=str(cast.last_year.first_year))) == ["Accounting 1"]
    assert classes(page_of(client, cast, year="1066")) == ["Accounting 1", "Welding Technology"]


def test_a_school_without_such_a_class_says_so(client: PolicingClient, cast: Cast) -> None:
    cast.agreement.courses.update(valid_until=cast.last_year.ends_on)
    cast.welding_agreement.courses.update(valid_until=cast.last_year.ends_on)
    assert "No class of this school earns college credit" in page_of(client, cast)


def test_an_unknown_school_is_not_there(client: PolicingClient, cast: Cast) -> None:
    assert client.get(f"/articulations/schools/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_often_however_many_there_are(client: PolicingClient, cast: Cast, number: int) -> None:
    for at in range(number):
        course = make_high_school_course(cast.kamiakin, f"Class {at}")
        make_agreement(
            (course, make_college_course(cast.cbc, f"CRS {at}", "Course")),
            consortium=cast.columbia_basin,
            by=cast.consortium,
        )
    with CaptureQueriesContext(connection) as queries:
        assert len(classes(page_of(client, cast))) == 2 + number
    assert len(queries) == 6


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (None, None, [2026]),
        (2026, 2026, [2026]),
        (2024, 2026, [2026, 2025, 2024]),
        (2026, 2029, [2027, 2026]),
        (2015, 2017, [2026, 2025, 2024, 2023, 2022, 2021]),
    ],
)
def test_the_years_that_are_offered(first: int | None, last: int | None, years: list[int]) -> None:
    current = AcademicYear(first_year=2026)
    span = None
    if first is not None and last is not None:
        span = (AcademicYear(first_year=first).starts_on, AcademicYear(first_year=last).ends_on)
    assert [year.first_year for year in rules.years_of(span, current)] == years
