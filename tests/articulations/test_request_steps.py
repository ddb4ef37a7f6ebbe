"""Steps and signers: of a consortium, of one of its colleges; requests under way keep theirs."""

from typing import Any

import pytest
from django.urls import reverse

from articulations.rules import plan_for
from tests import requesting
from tests.people import Cast
from tests.policing import PolicingClient


def page(cast: Cast, query: str = "") -> str:
    return reverse("articulations:request_steps", args=[cast.columbia_basin.public_id]) + query


def steps(cast: Cast, *names: str, least: str = "70") -> dict[str, Any]:
    keys = {"director": f"sign-{cast.cte_director.pk}", "dean": f"sign-{cast.dean.pk}"}
    chosen = {f"step_{number}": keys.get(name, name) for number, name in enumerate(names, 1)}
    return {**chosen, "minimum_alignment": least}


def test_a_college_asks_for_its_own(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    own = f"?college={cast.cbc.public_id}"
    assert "Signature of the CTE director" in client.get(page(cast)).content.decode()
    response = client.post(page(cast, own), steps(cast, "screen", "director", "review", "dean"))
    assert response.status_code == 302
    planned, least = plan_for(cast.columbia_basin, cast.cbc)
    assert [one.kind for one in planned] == ["screen", "sign", "review", "sign"]
    assert least == 70
    html = client.get(page(cast, own)).content.decode()
    assert f'value="sign-{cast.dean.pk}" selected' in html
    kinds = list(cast.articulation_request.latest.steps.order_by("position").values_list("kind", flat=True))
    assert kinds == ["sign", "screen", "review"]


def test_what_is_asked_last_decides(client: PolicingClient, cast: Cast) -> None:
    """A plan with a dean's signature after the review: approved when the dean has signed."""
    client.force_login(cast.consortium)
    client.post(page(cast), steps(cast, "director", "screen", "review", "dean"))
    cast.faculty.seats.update(signs_as=cast.dean)
    asked = requesting.answered(
        requesting.begun(school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher),
        by=cast.teacher, title="Payroll", seats=[cast.teacher_seat],
    )  # fmt: skip
    requesting.handed_in(asked, by=cast.teacher)
    requesting.signed(asked, by=cast.district)
    requesting.screened(asked, by=cast.consortium)
    requesting.approved(asked, by=cast.faculty)
    assert requesting.at_hand(asked).name == "Signature of the Dean"
    requesting.signed(asked, by=cast.faculty)
    assert requesting.fresh(asked).state == "approved"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("director", "review"), "Choose Screening and Faculty review once each"),
        (("director", "review", "screen"), "Put Screening before Faculty review"),
        (("screen", "review"), "Nobody signs for the school’s side"),
        (("dean", "screen", "review"), "Nobody signs for the school’s side"),
    ],
)
def test_a_plan_that_is_none_is_told(
    client: PolicingClient, cast: Cast, names: tuple[str, ...], words: str
) -> None:
    client.force_login(cast.consortium)
    response = client.post(page(cast), steps(cast, *names))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_others_set_none(client: PolicingClient, cast: Cast) -> None:
    for user, status in ((cast.other_consortium, 404), (cast.district, 403), (cast.state, 403)):
        client.force_login(user)
        assert client.post(page(cast), steps(cast, "director", "screen", "review")).status_code == status
