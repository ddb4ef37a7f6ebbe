"""One request: its page, signing, screening, messages, taking it back; and two who decide at once."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Mail
from articulations import actions
from articulations.models import ArticulationRequest
from sers.lib.refusal import Refused
from tests import requesting
from tests.people import Cast
from tests.policing import PolicingClient


def page(asked: ArticulationRequest) -> str:
    return reverse("articulations:request", args=[asked.public_id])


def shown(client: PolicingClient, user: Any, asked: ArticulationRequest) -> str:
    client.force_login(user)
    response = client.get(page(asked))
    assert response.status_code == 200
    return str(response.content.decode())


def press(client: PolicingClient, user: Any, asked: ArticulationRequest, act: str, **typed: Any) -> Any:
    client.force_login(user)
    return client.post(
        page(asked), {"chosen": act, **{f"{act}-{name}": value for name, value in typed.items()}}
    )


def sign(client: PolicingClient, user: Any, asked: ArticulationRequest, name: str = "", **typed: Any) -> Any:
    facts = {"name": name or user.name, "sha256": asked.latest.sha256, **typed}
    return press(client, user, asked, "sign", **facts)


SCREENED = {"points": ["end", "field", "competencies", "notice"], "code_1": "v140100"}


def test_from_the_signature_to_the_faculty(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    html = shown(client, cast.district, asked)
    assert (
        f"As CTE director for {cast.kennewick} I have read version 1 of request {asked} and sign it." in html
    )
    assert asked.latest.sha256 in html
    assert sign(client, cast.district, asked, "  dmitri  ").status_code == 422
    assert sign(client, cast.district, asked, cast.district.name.upper()).status_code == 302
    step = asked.latest.steps.get(position=1)
    assert (step.outcome, step.decided_by, step.signed_sha256) == (
        "passed",
        cast.district,
        asked.latest.sha256,
    )
    assert step.signed_as == f"CTE director, {cast.kennewick}"
    assert Mail.objects.filter(
        to=cast.columbia_basin.contact_email, subject__contains="to be screened"
    ).exists()

    html = shown(client, cast.consortium, asked)
    assert "Screen it" in html
    assert press(client, cast.consortium, asked, "screen", **SCREENED).status_code == 302
    asked = requesting.fresh(asked)
    assert asked.step.kind == "review"
    assert asked.latest.steps.get(kind="screen").v_codes.get().code == "V140100"
    html = shown(client, cast.faculty, asked)
    assert "This request waits for your review" in html
    trail = html.split('id="trail"')[1]
    for who in (cast.teacher.name, cast.district.name, cast.consortium.name):
        assert who in trail


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({**SCREENED, "points": ["end"]}, "Tick each point, or ask for more information"),
        ({**SCREENED, "points": []}, "Tick each point you have looked at"),
        ({**SCREENED, "code_1": ""}, "Enter the teacher’s V-code"),
        ({**SCREENED, "code_1": "V14"}, "Enter the V-code: V and six digits, for example V140100"),
    ],
)
def test_no_screening_without_perkins_and_v_codes(
    client: PolicingClient, cast: Cast, typed: dict[str, Any], words: str
) -> None:
    asked = requesting.signed(cast.articulation_request, by=cast.district)
    response = press(client, cast.consortium, asked, "screen", **typed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert requesting.at_hand(asked).kind == "screen"


@pytest.mark.parametrize(
    ("person", "acts"),
    [
        ("teacher", {"write", "withdraw"}), ("district", {"sign", "return", "write", "withdraw"}),
        ("consortium", {"write", "withdraw"}), ("faculty", {"write"}), ("counselor", {"write"}), ("state", set()),
    ],
)  # fmt: skip
def test_each_sees_what_they_may_do(client: PolicingClient, cast: Cast, person: str, acts: set[str]) -> None:
    html = shown(client, getattr(cast, person), cast.articulation_request)
    every = ("sign", "screen", "return", "write", "withdraw")
    assert {act for act in every if f'name="chosen" value="{act}"' in html} == acts


@pytest.mark.parametrize(
    ("person", "act", "status"),
    [
        ("teacher", "sign", 403), ("state", "sign", 403), ("consortium", "sign", 403), ("faculty", "screen", 409),
        ("district", "screen", 409), ("faculty", "withdraw", 403), ("state", "write", 403), ("faculty", "deny", 409),
    ],
)  # fmt: skip
def test_acts_of_others_are_refused(
    client: PolicingClient, cast: Cast, person: str, act: str, status: int
) -> None:
    asked = cast.articulation_request
    response = press(client, getattr(cast, person), asked, act, name="Any", reason="No.")
    assert response.status_code in (403, 409), status
    assert requesting.at_hand(asked).kind == "sign"
    assert asked.messages.count() == 0


def test_a_signature_is_for_the_text_that_was_read(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    response = sign(client, cast.district, asked, sha256="0" * 64)
    assert response.status_code == 409
    assert "The request has changed since you opened it." in response.content.decode()


def test_who_decides_second_is_told(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    step = requesting.at_hand(asked)
    requesting.signed(asked, by=cast.district)
    with pytest.raises(Refused) as refused:
        actions.return_step(asked=asked, step=step, reason="No.", by=cast.district)
    assert f"{cast.district.name} has decided this step" in str(refused.value)
    response = sign(client, cast.district, asked)
    assert response.status_code == 409
    assert f"{cast.district.name} has decided this step" in response.content.decode()


def test_more_information_goes_back_to_the_school(client: PolicingClient, cast: Cast) -> None:
    asked = requesting.signed(cast.articulation_request, by=cast.district)
    assert press(client, cast.consortium, asked, "return", reason="").status_code == 422
    assert press(client, cast.consortium, asked, "return", reason="Which V-code?").status_code == 302
    assert requesting.fresh(asked).state == "returned"
    mail = Mail.objects.filter(to=cast.teacher.email).latest("pk")
    assert "more information is asked for" in mail.subject
    assert "Which V-code?" in mail.text
    html = shown(client, cast.teacher, asked)
    assert "Change the request" in html


def test_messages_reach_the_other_side_and_a_meeting_decides_nothing(
    client: PolicingClient, cast: Cast
) -> None:
    asked = cast.articulation_request
    client.force_login(cast.faculty)
    assert client.post(page(asked), {"chosen": "write", "text": ""}).status_code == 422
    response = client.post(page(asked), {"chosen": "write", "text": "Monday at 3?", "wants_meeting": "on"})
    assert response.status_code == 302
    assert requesting.at_hand(asked).kind == "sign"
    assert "A meeting is asked for" in shown(client, cast.counselor, asked)
    assert "Monday at 3?" in Mail.objects.filter(to=cast.teacher.email).latest("pk").text
    client.force_login(cast.teacher)
    client.post(page(asked), {"chosen": "write", "text": "Yes.", "wants_meeting": "on"})
    message = asked.messages.latest("pk")
    assert (message.text, message.wants_meeting, message.written_as) == ("Yes.", False, "teacher")


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    asked = cast.articulation_request
    for _ in range(number):
        actions.write_message(asked=asked, text="Hello.", by=cast.teacher)
    client.force_login(cast.teacher)
    # session, user, seats; the request, its versions and steps, messages, papers, agreements; what the person may do
    with django_assert_num_queries(16):
        assert client.get(page(asked)).content.decode().count("Hello.") == number


def test_it_is_taken_back_and_handed_in_again(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    assert press(client, cast.teacher, asked, "withdraw").status_code == 302
    asked = requesting.fresh(asked)
    assert (asked.state, asked.step, asked.decided_by) == ("withdrawn", None, cast.teacher)
    assert not asked.pairs.exists()
    assert "This request was taken back" in shown(client, cast.teacher, asked)
    assert sign(client, cast.district, asked).status_code == 409
    requesting.handed_in(asked, by=cast.teacher)
    assert requesting.fresh(asked).state == "under_way"
    assert press(client, cast.teacher, asked, "erase").status_code == 404
