"""Beginning a request: between whom, and of which kind."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from articulations import actions
from articulations.models import ArticulationRequest
from tests.people import Cast
from tests.policing import PolicingClient

URL = reverse("articulations:new_request")


def fields(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "new",
        "school": str(cast.kamiakin.public_id),
        "college": f"{cast.columbia_basin.public_id}.{cast.cbc.public_id}",
        "renews": "",
        **changes,
    }


@pytest.mark.parametrize("person", ["teacher", "district", "consortium"])
def test_it_begins(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(URL).status_code == 200
    response = client.post(URL, fields(cast))
    asked = ArticulationRequest.objects.latest("pk")
    assert response.status_code == 302
    assert response["Location"] == reverse("articulations:check_request", args=[asked.public_id])
    assert (asked.state, asked.started_as, asked.school) == ("draft", person, cast.kamiakin)
    assert list(asked.seats.all()) == ([cast.teacher_seat] if person == "teacher" else [])
    assert client.get(response["Location"]).status_code == 200


def test_a_renewal_begins_with_what_the_agreement_says(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.post(URL, fields(cast, kind="no_revision", renews=str(cast.agreement.public_id)))
    asked = ArticulationRequest.objects.latest("pk")
    assert response.status_code == 302
    assert asked.renews == cast.agreement
    assert asked.answers["class"]["title"] == "Accounting 1"
    assert asked.answers["courses"]["course_1"] == str(cast.acct_201.public_id)
    html = client.get(response["Location"]).content.decode()
    assert html.count("In progress") == 1  # the class: its pathway and cluster are still asked for
    assert html.count(">Done<") >= 1  # the courses


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what you ask for"),
        ({"kind": "revision"}, "Choose the agreement that is renewed"),
        ({"school": ""}, "Choose a high school"),
        ({"college": "nowhere"}, "Choose a college from the list"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    client: PolicingClient, cast: Cast, changes: dict[str, str], words: str
) -> None:
    client.force_login(cast.teacher)
    response = client.post(URL, fields(cast, **changes))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_school_of_others_cannot_be_chosen(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.post(URL, fields(cast, school=str(cast.wahi.public_id)))
    assert response.status_code == 422
    assert "Choose a high school from the list" in response.content.decode()


def test_what_is_renewed_is_known_by_its_classes_and_the_only_college_is_chosen(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.teacher)
    form = client.get(URL).context["form"]
    offered = dict(form.fields["renews"].choices)
    assert offered[str(cast.agreement.public_id)] == f"Accounting 1: {cast.agreement}, Columbia Basin College"
    assert form["college"].initial == f"{cast.columbia_basin.public_id}.{cast.cbc.public_id}"
    actions.terminate_agreement(
        agreement=cast.agreement, on=timezone.localdate(), reason="No longer taught", by=cast.consortium
    )
    assert str(cast.agreement.public_id) not in dict(client.get(URL).context["form"].fields["renews"].choices)
