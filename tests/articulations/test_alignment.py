"""The alignment matrix: kept, counted, and the faculty's decision."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.models import Mail
from articulations import actions
from articulations.models import ArticulationRequest
from tests import requesting
from tests.people import Cast, make_person
from tests.policing import PolicingClient


@pytest.fixture
def asked(cast: Cast) -> ArticulationRequest:
    requesting.signed(cast.articulation_request, by=cast.district)
    return requesting.screened(cast.articulation_request, by=cast.consortium)


def page(asked: ArticulationRequest) -> str:
    return reverse("articulations:alignment", args=[asked.public_id])


def typed(*covers: str, act: str = "save", reason: str = "", **changes: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"act": act, "reason": reason}
    for number, cover in enumerate(covers, 1):
        fields |= {
            f"course_{number}": "ACCT 110", f"outcome_{number}": f"Outcome {number}",
            f"competencies_{number}": str(number), f"cover_{number}": cover,
        }  # fmt: skip
    return fields | changes


def test_it_is_kept_and_gone_on_with(client: PolicingClient, cast: Cast, asked: ArticulationRequest) -> None:
    client.force_login(cast.faculty)
    html = client.get(page(asked)).content.decode()
    assert "<li>Keep a ledger</li>" in html
    assert client.post(page(asked), typed("wholly", "partly")).status_code == 302
    html = client.get(page(asked)).content.decode()
    assert "50&nbsp;% of the outcomes are covered." in html
    assert 'value="Outcome 2"' in html
    client.force_login(cast.teacher)
    html = client.get(page(asked)).content.decode()
    assert "Outcome 2" in html
    assert 'name="act"' not in html


def test_the_faculty_approve(client: PolicingClient, cast: Cast, asked: ArticulationRequest) -> None:
    client.force_login(cast.faculty)
    covers = ["wholly"] * 4 + ["not"]
    assert client.post(page(asked), typed(*covers, act="approve", reason="Well made.")).status_code == 302
    asked = requesting.fresh(asked)
    step = asked.latest.steps.get(kind="review")
    assert (asked.state, asked.step, step.aligned, step.decided_by) == ("approved", None, 80, cast.faculty)
    assert Mail.objects.filter(to=cast.teacher.email).latest("pk").subject == f"Request {asked} was approved"
    assert Mail.objects.filter(
        to=cast.columbia_basin.contact_email, subject__contains="enter the agreement"
    ).exists()


def test_below_the_least_alignment_nothing_is_approved(
    client: PolicingClient, cast: Cast, asked: ArticulationRequest
) -> None:
    client.force_login(cast.faculty)
    response = client.post(page(asked), typed("wholly", "wholly", "wholly", "partly", act="approve"))
    assert response.status_code == 422
    html = response.content.decode()
    assert "The class covers 75 % of the outcomes; Columbia Basin College asks for 80 %." in html
    assert "<title>Error: " in html
    response = client.post(page(asked), typed(act="approve"))
    assert "The alignment matrix is empty." in response.content.decode()
    assert requesting.at_hand(asked).kind == "review"


@pytest.mark.parametrize(("act", "state"), [("return", "returned"), ("deny", "denied")])
def test_more_information_and_denial_need_words(
    client: PolicingClient, cast: Cast, asked: ArticulationRequest, act: str, state: str
) -> None:
    client.force_login(cast.faculty)
    response = client.post(page(asked), typed("not", act=act))
    assert response.status_code == 422
    assert "Say why: the school’s side reads it" in response.content.decode()
    assert client.post(page(asked), typed("not", act=act, reason="No ledger.")).status_code == 302
    asked = requesting.fresh(asked)
    assert asked.state == state
    assert asked.pairs.exists() is (state == "returned")
    assert "No ledger." in Mail.objects.filter(to=cast.teacher.email).latest("pk").text
    client.force_login(cast.teacher)
    html = client.get(reverse("articulations:request", args=[asked.public_id])).content.decode()
    assert "No ledger." in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"competencies_1": "9"}, "Row 1: enter numbers of competencies from 1 to 5"),
        ({"competencies_1": ""}, "Row 1: name the competencies that cover it, by their numbers"),
        ({"outcome_1": ""}, "Row 1: enter the outcome of the course"),
        ({"outcome_1": "x" * 301}, "Row 1: shorten the outcome to 300 letters"),
        ({"cover_1": "maybe"}, "Row 1: choose from the lists"),
        ({"course_1": "ART 1"}, "Row 1: choose from the lists"),
    ],
)
def test_a_wrong_row_is_told(
    client: PolicingClient, cast: Cast, asked: ArticulationRequest, changes: dict[str, str], words: str
) -> None:
    client.force_login(cast.faculty)
    response = client.post(page(asked), typed("wholly", **changes))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not requesting.at_hand(asked).rows.exists()


def test_who_decides_second_is_told(client: PolicingClient, cast: Cast, asked: ArticulationRequest) -> None:
    second = make_person(Role.FACULTY, cast.cbc, "Fred")
    requesting.approved(asked, by=second)
    client.force_login(cast.faculty)
    response = client.post(page(asked), typed("not", act="deny", reason="No."))
    assert response.status_code == 409
    assert f"{second.name} has decided this step" in response.content.decode()
    assert requesting.fresh(asked).state == "approved"


def test_only_faculty_of_the_college_decide(
    client: PolicingClient, cast: Cast, asked: ArticulationRequest
) -> None:
    for user, status in (
        (cast.consortium, 403),
        (cast.teacher, 403),
        (cast.other_faculty, 404),
        (cast.registrar, 403),
    ):
        client.force_login(user)
        assert client.post(page(asked), typed("not", act="deny", reason="No.")).status_code == status


def test_outcomes_of_the_last_review_of_the_course_are_suggested(
    client: PolicingClient, cast: Cast, asked: ArticulationRequest
) -> None:
    requesting.approved(asked, by=cast.faculty)
    again = requesting.answered(
        requesting.begun(school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher),
        by=cast.teacher, title="Payroll", seats=[cast.teacher_seat],
    )  # fmt: skip
    requesting.handed_in(again, by=cast.teacher)
    actions.sign_step(
        asked=again, step=requesting.at_hand(again), typed_name=cast.district.name, sha256=again.latest.sha256,
        origin=requesting.HERE, by=cast.district,
    )  # fmt: skip
    requesting.screened(again, by=cast.consortium)
    client.force_login(cast.faculty)
    html = client.get(page(again)).content.decode()
    assert 'value="Outcome 5"' in html
