"""/articulations/catalog/: the open catalog, its page, its description and its tables."""

import csv
import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articulations import actions, rules
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course
from tests.policing import PolicingClient

URL = "/articulations/catalog/"
API = f"{URL}openapi.json"
TYPES = {"string": str, "number": float, "integer": int}


def asked(client: PolicingClient, name: str, **query: str) -> Any:
    response = client.get(f"{URL}{name}.json", query)
    assert response.status_code == 200, response.content
    return response.json()


def titles(client: PolicingClient, **query: str) -> list[str]:
    return sorted(row["class"] for row in asked(client, "agreements", **query)["results"])


def test_the_page_tells_every_table_column_and_filter(client: PolicingClient, db: None) -> None:
    page = client.get(URL).content.decode()
    for table in rules.TABLES.values():
        assert f'href="{URL}{table.name}.csv?limit=1000"' in page
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
        for one in table.filters:
            assert f"<code>{one.name}</code>" in page


def test_a_line_of_an_agreement(client: PolicingClient, cast: Cast) -> None:
    told = asked(client, "agreements", words="accounting")
    assert told["next"] is None
    (row,) = told["results"]
    assert list(row) == rules.TABLES["agreements"].heads
    assert (row["class"], row["school"], row["district"]) == (
        "Accounting 1",
        "Kamiakin High School",
        cast.kennewick.name,
    )
    assert (row["college"], row["course"], row["credits"]) == ("Columbia Basin College", "ACCT& 201", 5.0)
    assert (row["minimum_percent"], row["agreement"]) == (85.0, cast.agreement.number)
    assert row["prepares_for"] == "QuickBooks Certified User"
    cast.first_aid.classes.add(cast.accounting)
    (again,) = asked(client, "agreements", words="accounting")["results"]
    assert again["prepares_for"] == "First Aid, CPR and AED|QuickBooks Certified User"
    (other,) = asked(client, "agreements", words="welding")["results"]
    assert other["prepares_for"] is None
    codes = ("class_state_code", "class_local_code", "class_credits", "school_code", "district_code")
    assert [row[name] for name in codes] == [None] * 5  # not known yet
    assert row["url"] == f"{settings.PUBLIC_URL}/articulations/{cast.agreement.public_id}/"
    assert client.get(row["url"].removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_codes_of_cedars_are_told_where_they_are_known(client: PolicingClient, cast: Cast) -> None:
    cast.kennewick.ospi_code, cast.kamiakin.ospi_code = "03017", "2531"
    cast.kennewick.save()
    cast.kamiakin.save()
    facts = {"state_code": "12104", "local_code": "BUS201", "high_school_credits": "0.5"}
    actions.change_class(taught=cast.accounting, facts=facts, by=cast.district)
    (row,) = asked(client, "agreements", words="accounting")["results"]
    assert (row["class_state_code"], row["class_local_code"], row["class_credits"]) == (
        "12104",
        "BUS201",
        0.5,
    )
    assert (row["school_code"], row["district_code"]) == ("2531", "03017")
    (school,) = [
        one for one in asked(client, "schools")["results"] if one["school"] == "Kamiakin High School"
    ]
    assert (school["school_code"], school["district_code"]) == ("2531", "03017")


def test_courses_and_schools_are_counted(client: PolicingClient, cast: Cast) -> None:
    accounting = cast.agreement.courses.get().high_school_course
    make_agreement(
        (accounting, make_college_course(cast.wwcc, "ACCT 99", "Bookkeeping")),
        consortium=cast.walla_walla,
        by=cast.other_consortium,
    )
    schools = {row["school"]: row for row in asked(client, "schools")["results"]}
    assert schools["Kamiakin High School"]["classes"] == 2
    assert schools["Kamiakin High School"]["colleges"] == 2
    assert schools["Walla Walla High School"]["classes"] == 1
    courses = {row["course"]: row for row in asked(client, "courses")["results"]}
    assert sorted(courses) == ["ACCT 99", "ACCT& 201", "HO 110", "WLD 110"]
    assert courses["WLD 110"]["credits"] == 3.0
    assert (courses["ACCT& 201"]["classes"], courses["ACCT& 201"]["schools"]) == (1, 1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Accounting 1", "Medical Terminology", "Welding Technology"]),
        ({"words": "weld"}, ["Welding Technology"]),
        ({"cip": "48"}, ["Welding Technology"]),
        ({"cip": "48.0508"}, ["Welding Technology"]),
        ({"cip": "99"}, []),
        ({"cluster": "16"}, []),
        ({"on": "1999-01-01"}, []),
    ],
)
def test_filters_narrow(client: PolicingClient, cast: Cast, query: dict[str, str], found: list[str]) -> None:
    assert titles(client, **query) == found


def test_places_narrow(client: PolicingClient, cast: Cast) -> None:
    ours, theirs = ["Accounting 1", "Welding Technology"], ["Medical Terminology"]
    for name, own, other in (
        ("school", cast.kamiakin, cast.wahi),
        ("district", cast.kennewick, cast.walla_walla_schools),
        ("college", cast.cbc, cast.wwcc),
        ("consortium", cast.columbia_basin, cast.walla_walla),
    ):
        assert titles(client, **{name: str(own.public_id)}) == ours, name
        assert titles(client, **{name: str(other.public_id)}) == theirs, name
        assert titles(client, **{name: str(cast.agreement.public_id)}) == [], name


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"school": "Kamiakin"}, "school takes an id"),
        ({"cip": "abc"}, "cip takes up to six digits"),
        ({"cip": "１２"}, "cip takes up to six digits"),
        ({"cluster": "17"}, "cluster takes a number from 1 to 16"),
        ({"limit": "0"}, "limit takes a number from 1 to 1000"),
        ({"limit": "9999"}, "limit takes a number from 1 to 1000"),
        ({"after": "-1"}, "after takes a number"),
        ({"after": "9" * 30}, "after takes a number"),
        ({"on": "tomorrow"}, "on takes a day"),
        ({"words": "x" * 200}, "words takes up to 100 letters"),
        ({"colour": "red"}, "There is no filter colour"),
    ],
)
def test_what_is_no_question_is_told(
    client: PolicingClient, cast: Cast, query: dict[str, str], words: str
) -> None:
    response = client.get(f"{URL}agreements.json", query)
    assert response.status_code == 400
    assert words in response.json()["error"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "name", ["agreements.xml", "agreements", "students.json", ".json", "agreements.json.csv"]
)
def test_what_is_no_table_is_not_there(client: PolicingClient, db: None, name: str) -> None:
    assert client.get(f"{URL}{name}").status_code == 404


@pytest.mark.parametrize("name", rules.TABLES)
@pytest.mark.parametrize("limit", [1, 2])
def test_pages_follow_each_other_without_gap_or_repeat(
    client: PolicingClient, cast: Cast, name: str, limit: int
) -> None:
    whole = asked(client, name)["results"]
    assert len(whole) >= 2
    found: list[Any] = []
    address: str | None = f"{settings.PUBLIC_URL}{URL}{name}.json?limit={limit}"
    while address is not None:
        response = client.get(address.removeprefix(settings.PUBLIC_URL))
        told = response.json()
        assert len(told["results"]) <= limit
        assert response.headers.get("Link") == (f'<{told["next"]}>; rel="next"' if told["next"] else None)
        found += told["results"]
        address = told["next"]
    assert found == whole


def test_csv_holds_the_same_and_no_formula(client: PolicingClient, cast: Cast) -> None:
    course = make_high_school_course(cast.kamiakin, "=cmd|' /C calc'!A0")
    make_agreement(
        (course, make_college_course(cast.cbc, "EVIL 1", "Formulas")),
        consortium=cast.columbia_basin,
        by=cast.consortium,
    )
    response = client.get(f"{URL}agreements.csv")
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="sers-agreements.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    told = asked(client, "agreements")["results"]
    assert [row["agreement_id"] for row in rows] == [row["agreement_id"] for row in told]
    assert {row["class"] for row in rows} >= {"'=cmd|' /C calc'!A0", "Accounting 1"}


def test_an_unchanged_table_costs_nothing(client: PolicingClient, cast: Cast) -> None:
    first = client.get(f"{URL}agreements.json")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(f"{URL}agreements.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    cast.agreement.courses.update(credits=4)
    changed = client.get(f"{URL}agreements.json", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_too_many_requests_wait(client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ASKED", 2)
    assert [client.get(f"{URL}schools.json").status_code for _ in range(3)] == [200, 200, 429]
    response = client.get(f"{URL}schools.json")
    assert (response.headers["Retry-After"], "Wait" in response.json()["error"]) == ("300", True)
    assert PolicingClient(REMOTE_ADDR="192.0.2.7").get(f"{URL}schools.json").status_code == 200


def test_the_description_holds_what_the_tables_tell(client: PolicingClient, cast: Cast) -> None:
    api = client.get(API).json()
    assert api["openapi"] == "3.1.0"
    refs: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            refs.update(value for name, value in part.items() if name == "$ref")
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(api)
    for ref in refs:
        here: Any = api
        for step in ref.removeprefix("#/").split("/"):
            here = here[step]
    for path, operations in api["paths"].items():
        assert client.get(path).status_code == 200, path
        names = [one["name"] for one in operations["get"]["parameters"]]
        assert len(names) == len(set(names))
    for name, table in rules.TABLES.items():
        schema = api["components"]["schemas"][name]
        for row in asked(client, name)["results"]:
            assert list(row) == schema["required"] == table.heads
            for column, value in row.items():
                kinds = schema["properties"][column]["type"]
                allowed = [kinds] if isinstance(kinds, str) else kinds
                if value is None:
                    assert "null" in allowed, column
                else:
                    assert isinstance(value, TYPES[next(kind for kind in allowed if kind != "null")]), column


def test_nobody_is_named(client: PolicingClient, cast: Cast) -> None:
    """Teachers and students stand beside these rows in the database."""
    everything = "".join(json.dumps(asked(client, name)) for name in rules.TABLES)
    assert "Kamiakin" in everything
    for person in (cast.teacher, cast.consortium, cast.student.user):
        assert person is not None
        assert person.last_name not in everything
        assert person.email not in everything


@pytest.mark.parametrize("name", rules.TABLES)
@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_often_however_many_there_are(
    client: PolicingClient, cast: Cast, name: str, number: int
) -> None:
    for at in range(number):
        course = make_high_school_course(cast.kamiakin, f"Class {at}")
        make_agreement(
            (course, make_college_course(cast.cbc, f"CRS {at}", "Course")),
            consortium=cast.columbia_basin,
            by=cast.consortium,
        )
    with CaptureQueriesContext(connection) as queries:
        asked(client, name)
    assert len(queries) == 3  # the count of tries, the rows, the minimums
