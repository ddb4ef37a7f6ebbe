"""Versions of a request: whole, and two side by side."""

from django.urls import reverse

from articulations import actions
from articulations.models import ArticulationRequest
from tests import requesting
from tests.people import Cast
from tests.policing import PolicingClient


def page(asked: ArticulationRequest, query: str = "") -> str:
    return reverse("articulations:request_versions", args=[asked.public_id]) + query


def test_one_version_is_shown_whole(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    html = client.get(page(cast.articulation_request)).content.decode()
    assert "Century 21 Accounting" in html
    assert "line differs" not in html
    assert cast.articulation_request.latest.sha256 in html


def test_two_versions_side_by_side(client: PolicingClient, cast: Cast) -> None:
    asked = actions.withdraw_request(asked=cast.articulation_request, by=cast.teacher)
    asked = actions.save_answers(
        asked=asked, page="teaching", typed={"length": "1 semester", "textbook": "", "other_colleges": "Big Bend"},
        by=cast.teacher,
    )  # fmt: skip
    requesting.handed_in(asked, by=cast.teacher)
    client.force_login(cast.faculty)
    html = client.get(page(asked)).content.decode()
    assert "3 lines differ from version 1" in html
    for word in ("Changed", "Added", "Taken out"):
        assert html.count(f'<span class="tag two">{word}</span>') == 1
    assert "line differ" not in client.get(page(asked, "?now=1&before=7")).content.decode()


def test_what_was_not_handed_in_has_none(client: PolicingClient, cast: Cast) -> None:
    asked = requesting.begun(
        school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
    )
    client.force_login(cast.teacher)
    assert client.get(page(asked)).status_code == 404
    client.force_login(cast.other_faculty)
    assert client.get(page(cast.articulation_request)).status_code == 404
