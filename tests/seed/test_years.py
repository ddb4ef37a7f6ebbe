"""Windows and terms of the seed: usable whatever the day, and as published."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from accounts.access import school_year_of
from organizations.models import AcademicYear, CollegeYear, ConsortiumYear, Window
from organizations.rules import opening_of
from sers.seed.places import IN_DEPTH, Places, build_places
from sers.seed.rows import Book
from sers.seed.years import Clock, Years, build_years, day_in

pytestmark = pytest.mark.django_db

DAYS = (
    date(2026, 7, 1), date(2026, 7, 15), date(2026, 8, 31), date(2026, 11, 22), date(2026, 12, 1),
    date(2027, 2, 28), date(2027, 6, 16), date(2027, 6, 29), date(2027, 6, 30), date(2028, 2, 29),
)  # fmt: skip


def built(day: date) -> tuple[Book, Places, Years]:
    book = Book(Random("test"))
    places = build_places(book)
    return book, places, build_years(book, places, Clock(day), count=3)


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("kind", [Window.Kind.REGISTRATION, Window.Kind.GRADING])
def test_peopled_consortia_are_open_whatever_the_day(day: date, kind: Window.Kind) -> None:
    book, places, _ = built(day)
    first = school_year_of(day)
    for name in IN_DEPTH:
        windows = [
            window
            for window in book.rows(Window)
            if window.consortium is places.consortia[name]
            and window.kind == kind
            and window.year.first_year == first
        ]
        opening = opening_of(windows, day)
        assert opening.is_open
        # Fourteen days more; registration ends with the school year, as its rule demands.
        enough = day + timedelta(days=14)
        if kind == Window.Kind.REGISTRATION:
            enough = min(enough, date(first + 1, 6, 30))
        assert opening.closes_on is not None
        assert opening.closes_on >= enough


def test_years_are_the_current_one_and_two_before() -> None:
    book, _, years = built(date(2026, 11, 22))
    assert list(years.by_first) == [2024, 2025, 2026]
    assert [year.first_year for year in book.rows(AcademicYear)] == [2024, 2025, 2026]


def test_a_year_that_is_there_is_used() -> None:
    there = AcademicYear.objects.create(first_year=2026)
    book, _, years = built(date(2026, 11, 22))
    assert years.by_first[2026] == there
    assert [year.first_year for year in book.rows(AcademicYear)] == [2024, 2025]


def test_every_college_and_consortium_has_terms_every_year() -> None:
    book, places, years = built(date(2026, 11, 22))
    assert len(places.colleges) == 34
    assert len(book.rows(CollegeYear)) == 34 * 3
    assert len(book.rows(ConsortiumYear)) == len(places.consortia) * 3
    for name, first in years.registration:
        opens, closes = years.registration[name, first]
        assert opens < closes


@pytest.mark.parametrize(
    ("college", "minimum", "every_term", "mode"),
    [
        ("Columbia Basin College", 85, True, "automatic"),
        ("Walla Walla Community College", 83, False, "automatic"),  # B
        ("Everett Community College", 73, False, "enrollment"),  # C
        ("Tacoma Community College", 73, False, "on_request"),  # its consortium's
        ("Clark College", 83, False, "on_request"),
        ("Lower Columbia College", 83, False, "external"),
        ("Whatcom Community College", 83, False, "automatic"),
    ],
)
def test_college_terms_are_those_published(college: str, minimum: int, every_term: bool, mode: str) -> None:
    _, _, years = built(date(2026, 11, 22))
    found = years.colleges[college, 2026]
    assert (found.minimum_percent, found.every_term, found.mode) == (minimum, every_term, mode)
    assert found.tuition_per_credit == Decimal("131.96")


def test_clark_asks_for_requests_by_the_end_of_june() -> None:
    _, _, years = built(date(2026, 11, 22))
    assert years.colleges["Clark College", 2026].request_by == date(2027, 6, 30)


def test_fees_and_forms_are_those_published() -> None:
    _, _, years = built(date(2026, 11, 22))
    columbia_basin = years.consortia[IN_DEPTH[0], 2026]
    # Formerly $20 of the student, now paid by the districts: the demo state shows both ways, this year and last.
    assert (columbia_basin.form_required, columbia_basin.fee_amount) == (True, 20)
    assert [years.consortia[IN_DEPTH[0], first].fee_payer for first in (2025, 2026)] == [
        "district",
        "student",
    ]
    north = years.consortia["Pacific Northwest College Credit", 2026]
    assert (north.fee_basis, north.fee_amount) == ("flat_per_year", 50)


def test_north_west_registers_from_december_to_june() -> None:
    _, _, years = built(date(2026, 11, 22))
    assert years.registration["Pacific Northwest College Credit", 2026] == (
        date(2026, 12, 1),
        date(2027, 6, 15),
    )


@pytest.mark.parametrize(
    ("text", "closing", "day"),
    [
        ("09-01", False, date(2026, 9, 1)),
        ("06-15", False, date(2027, 6, 15)),
        ("12-01", True, date(2026, 12, 1)),
        ("07", True, date(2027, 7, 31)),
        ("07-01", False, date(2026, 7, 1)),
        ("02", False, date(2027, 2, 28)),
    ],
)
def test_day_in_a_school_year(text: str, closing: bool, day: date) -> None:
    assert day_in(2026, text, closing=closing) == day
