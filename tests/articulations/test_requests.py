"""The list of requests to articulate: what waits for whom, filters, search."""

from typing import Any

import pytest
from django.urls import reverse

from tests import requesting
from tests.people import Cast
from tests.policing import PolicingClient

URL = reverse("articulations:requests")


def listed(client: PolicingClient, user: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(URL + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_each_step_waits_for_its_people(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    people = ("district", "consortium", "faculty", "teacher", "counselor", "state")

    def waits_for() -> set[str]:
        return {
            person
            for person in people
            if asked.reference in listed(client, getattr(cast, person), "?show=waiting")
        }

    assert waits_for() == {"district"}
    requesting.signed(asked, by=cast.district)
    assert waits_for() == {"consortium"}
    requesting.screened(asked, by=cast.consortium)
    assert waits_for() == {"faculty"}
    requesting.approved(asked, by=cast.faculty)
    assert waits_for() == {"consortium"}
    assert "Approved" in listed(client, cast.teacher, "?show=open")


def test_what_is_not_handed_in_waits_for_who_began_it_and_is_not_the_colleges_yet(
    client: PolicingClient, cast: Cast
) -> None:
    asked = requesting.begun(
        school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
    )
    assert asked.reference in listed(client, cast.teacher)
    assert asked.reference in listed(client, cast.district, "?show=open")
    assert asked.reference not in listed(client, cast.faculty, "?show=open")
    assert asked.reference not in listed(client, cast.colleague, "?show=open")


def test_words_college_and_state_narrow_it(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    for query, there in (
        ("words=bookk", True), ("words=kami+columbia", True), (f"words={asked.reference}", True), ("words=welding", False),
        (f"college={cast.cbc.public_id}", True), (f"college={cast.wwcc.public_id}", False),
        ("state=under_way", True), ("state=denied", False),
    ):  # fmt: skip
        assert (asked.reference in listed(client, cast.state, f"?show=open&{query}")) is there, query
    assert "No request matches these filters." in listed(client, cast.state, "?show=open&words=welding")
    assert cast.other_articulation_request.reference in listed(client, cast.state, "?show=open")
    assert cast.other_articulation_request.reference not in listed(client, cast.consortium, "?show=open")


def test_empty_lists_say_why(client: PolicingClient, cast: Cast) -> None:
    assert "No request is open." in listed(client, cast.colleague)
    assert "No request waits for you." in listed(client, cast.colleague, "?show=waiting")
    assert "No request is closed yet." in listed(client, cast.colleague, "?show=closed")


def test_a_filter_that_is_none_is_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert client.get(URL + "?state=lost").status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number - 1):
        requesting.begun(
            school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
        )
    client.force_login(cast.teacher)
    # session, user, seats; colleges to choose from; how many, the page
    with django_assert_num_queries(6):
        html = client.get(URL + "?show=open").content.decode()
    assert html.count('<tr role="row">') == number + 1
