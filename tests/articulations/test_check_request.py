"""The task list of a request, its answers, and handing it in."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Mail
from articulations.models import ArticulationRequest
from tests import requesting
from tests.people import Cast
from tests.policing import PolicingClient


def page(asked: ArticulationRequest) -> str:
    return reverse("articulations:check_request", args=[asked.public_id])


@pytest.fixture
def draft(cast: Cast) -> ArticulationRequest:
    return requesting.begun(
        school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
    )


def whole(
    cast: Cast, draft: ArticulationRequest, title: str = "Payroll", **changes: Any
) -> ArticulationRequest:
    return requesting.answered(draft, by=cast.teacher, title=title, seats=[cast.teacher_seat], **changes)


def test_the_task_list_tells_how_each_page_stands(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest
) -> None:
    client.force_login(cast.teacher)
    html = client.get(page(draft)).content.decode()
    assert html.count("Not started") == 8
    assert "Hand in the request" not in html


def test_it_is_handed_in_and_the_director_is_told(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest
) -> None:
    whole(cast, draft)
    client.force_login(cast.teacher)
    html = client.get(page(draft)).content.decode()
    assert "Check your answers" in html
    assert "ACCT 110 Bookkeeping, 5 credits" in html
    response = client.post(page(draft), {"chosen": "hand_in"})
    assert response.status_code == 302
    asked = requesting.fresh(draft)
    assert (asked.state, asked.step.kind, asked.latest.number) == ("under_way", "sign", 1)
    assert asked.latest.is_whole
    mail = Mail.objects.filter(kind="articulations/articulation_request", to=cast.district.email).latest("pk")
    assert mail.subject == f"Request {asked} waits for your signature"
    assert reverse("articulations:request", args=[asked.public_id]) in mail.text


def test_half_a_request_is_not_handed_in(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest
) -> None:
    client.force_login(cast.teacher)
    response = client.post(page(draft), {"chosen": "hand_in"})
    assert response.status_code == 409
    assert "Finish the task list first." in response.content.decode()
    assert not draft.versions.exists()


def test_the_same_pair_is_not_asked_for_twice(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest
) -> None:
    whole(cast, draft, "  BOOKKEEPING ")
    client.force_login(cast.teacher)
    response = client.post(page(draft), {"chosen": "hand_in"})
    assert response.status_code == 409
    assert "Another request for this class and one of these courses" in response.content.decode()


def test_more_information_is_answered_by_a_new_version(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    client.force_login(cast.district)
    client.post(
        reverse("articulations:request", args=[asked.public_id]),
        {"chosen": "return", "return-reason": "Which textbook?"},
    )
    client.force_login(cast.teacher)
    html = client.get(page(asked)).content.decode()
    assert "Which textbook?" in html
    response = client.post(page(asked), {"chosen": "hand_in"})
    assert response.status_code == 409
    assert "Nothing has changed since it was handed in last." in response.content.decode()
    client.post(
        reverse("articulations:request_page", args=[asked.public_id, "teaching"]),
        {"length": "1 semester", "textbook": "None"},
    )
    response = client.post(page(asked), {"chosen": "hand_in", "note": "One semester from now on."})
    assert response.status_code == 302
    asked = requesting.fresh(asked)
    assert (asked.state, asked.latest.number, asked.latest.note) == (
        "under_way",
        2,
        "One semester from now on.",
    )
    assert asked.step.version == asked.latest
    assert asked.pairs.count() == 1
