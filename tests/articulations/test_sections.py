"""/articulations/sections/"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import (
    Cast,
    make_registration,
    make_section,
    make_student,
)
from tests.policing import PolicingClient

URL = "/articulations/sections/"


def titles(client: PolicingClient, **query: str) -> list[str]:
    response = client.get(URL, query)
    assert response.status_code == 200
    page = response.content.decode().replace('<span class="nowrap">', "")
    return re.findall(r'<th role="rowheader" scope="row">(?:<a [^>]*>)?([^<]*)', page)


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ("counselor", ["Accounting 1", "Welding Technology"]),
        ("district", ["Accounting 1", "Welding Technology"]),
        ("faculty", ["Accounting 1", "Welding Technology"]),
        ("consortium", ["Accounting 1", "Welding Technology"]),
        ("other_consortium", ["Medical Terminology"]),
        ("state", ["Accounting 1", "Welding Technology", "Medical Terminology"]),
    ],
)
def test_everyone_sees_the_classes_within_reach(
    client: PolicingClient, cast: Cast, person: str, found: list[str]
) -> None:
    client.force_login(getattr(cast, person))
    assert titles(client) == found


def test_a_row_tells_what_one_asks_for(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    page = client.get(URL).content.decode()
    assert f"2 classes in {cast.year}" in page
    assert "ACCTG23" in page
    assert "Tess Teacher" in page
    assert "Period 2" in page
    assert "Whole year" in page
    assert '<td role="cell" data-label="Registered" class="s-number">4</td>' in page  # one has withdrawn
    assert "Enter a class" not in page
    assert f'href="/grading/rosters/{cast.section.public_id}/"' in page
    client.force_login(cast.faculty)
    assert "/grading/rosters/" not in client.get(URL).content.decode()  # faculty see no students
    client.force_login(cast.consortium)
    assert 'href="/articulations/sections/new/"' in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("account", ["Accounting 1"]),
        ("acctg23", ["Accounting 1"]),
        ("tess", ["Accounting 1"]),
        ("colin weld", ["Welding Technology"]),
        ("ccount", []),
        ("%", ["Accounting 1", "Welding Technology"]),
    ],
)
def test_words_find_class_code_and_teacher(
    client: PolicingClient, cast: Cast, words: str, found: list[str]
) -> None:
    client.force_login(cast.counselor)
    assert titles(client, words=words) == found


def test_filters_narrow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert titles(client, school=str(cast.wahi.public_id)) == ["Medical Terminology"]
    assert titles(client, year=str(cast.last_year.first_year)) == ["Accounting 1", "Medical Terminology"]
    page = client.get(URL, {"year": str(cast.last_year.first_year), "words": "acc"}).content.decode()
    assert f"1 class in {cast.last_year}" in page
    assert f'href="?year={cast.last_year.first_year}">' in page  # the chip takes the words away


def test_an_empty_list_says_why(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert "No class matches these filters." in client.get(URL, {"words": "zoology"}).content.decode()
    cast.section.teachers.clear()
    client.force_login(cast.other_faculty)
    make_section(cast.welding, year=cast.last_year)
    client.force_login(cast.counselor)
    assert titles(client, words="nobody") == []


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"school": "x"}, "High school: choose one from the list"),
        ({"year": "1890"}, "Choose a school year from the list"),
        ({"year": "²"}, "Choose a school year from the list"),
        ({"words": "w" * 200_000}, "Search with at most 100 characters"),
    ],
)
def test_what_cannot_be_read_is_said(
    client: PolicingClient, cast: Cast, query: dict[str, str], error: str
) -> None:
    client.force_login(cast.state)
    response = client.get(URL, query)
    assert response.status_code == 422
    assert error in response.content.decode()


def test_a_school_out_of_reach_is_no_choice(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    assert client.get(URL, {"school": str(cast.wahi.public_id)}).status_code == 422
    assert "Walla Walla High School" not in client.get(URL).content.decode()


def test_pages_hold_fifty(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    for number in range(50):
        make_section(cast.welding, cast.colleague_seat, label=f"Group {number:02}")
    assert len(titles(client)) == 50
    assert len(titles(client, page="2")) == 2
    for page in ("0", "9" * 500, "x"):
        assert len(titles(client, page=page)) == 50


@pytest.mark.parametrize("person", ["student", "teacher", "registrar", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(URL).status_code == 403


def test_a_stranger_signs_in_first(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).url == f"/accounts/sign-in/?next={URL}"
    client.force_login(cast.consortium)
    assert client.post(URL).status_code == 405


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    # session, user, seats, this year, years, schools, count, rows, registered, teachers
    assert queries() == 10
    section = make_section(cast.welding, cast.colleague_seat, cast.teacher_seat, label="Period 6")
    make_registration(make_student(cast.kamiakin), section, cast.welding_agreement)
    assert queries() == 10


def test_classes_whose_codes_are_not_all_known(client: PolicingClient, cast: Cast) -> None:
    cast.accounting.local_code, cast.accounting.state_code = "BUS201", "12104"
    cast.accounting.save()
    cast.welding.local_code = "WLD1"
    cast.welding.save()
    client.force_login(cast.district)
    assert titles(client) == ["Accounting 1", "Welding Technology"]
    assert titles(client, codes="missing") == ["Welding Technology"]
    html = client.get(URL, {"codes": "missing"}).content.decode()
    assert "Not all known" in html
    assert "Codes from a file" in html
    client.force_login(cast.counselor)
    assert "Codes from a file" not in client.get(URL).content.decode()
