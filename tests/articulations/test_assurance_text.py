"""/articulations/assurances/college/<public_id>/text/"""

from typing import Any

import pytest

from accounts.models import Event
from articulations.models import AssuranceText, owed_in
from organizations.models import AcademicYear
from tests.people import Cast
from tests.policing import PolicingClient


def address(cast: Cast, year: AcademicYear | None = None) -> str:
    query = f"?year={year.first_year}" if year else ""
    return f"/articulations/assurances/college/{cast.cbc.public_id}/text/{query}"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "text": "I teach the outcomes.  \r\n\r\nI keep the dates.", "sides": ["district"],
        "blocks": "nothing", "again": "yes",
    } | changes  # fmt: skip


def latest(cast: Cast, year: AcademicYear | None = None) -> AssuranceText:
    found = AssuranceText.objects.latest_of(cast.cbc, year or cast.year)
    assert found is not None
    return found


@pytest.mark.parametrize("person", ["registrar", "consortium"])
def test_a_new_version_is_written(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    page = client.get(address(cast)).content.decode()
    assert "Version 1 is the one teachers sign." in page
    due = {"due_on_month": "10", "due_on_day": "15", "due_on_year": str(cast.year.first_year)}
    response = client.post(address(cast), typed(blocks="grading", **due))
    assert response.status_code == 302
    text = latest(cast)
    assert (text.number, text.holds_from, text.text) == (2, 2, "I teach the outcomes.\n\nI keep the dates.")
    assert (text.district_signs, text.college_signs, text.blocks) == (True, False, "grading")
    assert text.due_on is not None
    assert text.due_on.month == 10
    assert text.is_whole
    assert Event.objects.filter(kind="articulations.assurance_text_written", subject_id=text.pk).exists()
    page = client.get(address(cast)).content.decode()
    assert "Version 2 is saved." in page
    assert "Grades cannot be entered" in page
    assert "I teach what the college course asks for." in page  # version 1, below


def test_a_correction_asks_nobody_again(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    client.post(address(cast), typed(again="no"))
    assert latest(cast).holds_from == 1


def test_a_new_year_begins_as_a_copy(client: PolicingClient, cast: Cast) -> None:
    following = AcademicYear(first_year=cast.year.first_year + 1)
    client.force_login(cast.consortium)
    page = client.get(address(cast, following)).content.decode()
    assert f"The form begins as a copy of {cast.year}" in page
    assert "I teach what the college course asks for." in page
    assert not AcademicYear.objects.filter(first_year=following.first_year).exists()
    sent = typed()
    del sent["again"]
    assert client.post(address(cast, following), sent).status_code == 302
    assert latest(cast, following).number == 1
    assert not owed_in(following).exists()  # there are no classes in it yet


def test_nothing_changed_and_somebody_else_first(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    same = {"text": latest(cast).text, "sides": ["district", "college"]}
    response = client.post(address(cast), typed(**same))
    assert response.status_code == 409
    assert "Nothing is changed." in response.content.decode()
    assert latest(cast).number == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": "  "}, "Write what teachers assure the college of"),
        ({"text": "x" * 8001}, "Shorten the text to 8,000 letters"),
        ({"due_on_month": "1", "due_on_day": "1", "due_on_year": "1999"}, "Choose a day of the school year"),
        ({"sides": ["x"]}, "Choose from the list"),
        ({"blocks": ""}, "Choose what a missing assurance blocks"),
        ({"again": "x"}, "Choose one of the two"),
    ],
)
def test_what_is_wrong_is_said(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], error: str
) -> None:
    client.force_login(cast.registrar)
    response = client.post(address(cast), typed(**changes))
    assert response.status_code == 422
    assert error in response.content.decode()
    assert latest(cast).number == 1


def test_years_far_away_are_not_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    for year in ("1999", "x", "²"):
        assert client.get(address(cast), {"year": year}).status_code == 404


def test_the_state_reads_and_does_not_write(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    page = client.get(address(cast)).content.decode()
    assert "Save the assurance" not in page
    assert "I teach what the college course asks for." in page
    assert client.post(address(cast), typed()).status_code == 403


def test_a_neighbour_finds_nothing(client: PolicingClient, cast: Cast) -> None:
    for person in (cast.other_registrar, cast.other_consortium):
        client.force_login(person)
        assert client.get(address(cast)).status_code == 404


@pytest.mark.parametrize("person", ["student", "teacher", "counselor", "district", "faculty", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(address(cast)).status_code == 403
