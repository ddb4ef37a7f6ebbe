"""/students/claims/<claim>/: where a claim is, its question answered, taken back; its papers as downloads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Mail
from sers.lib.refusal import Refused
from students import actions
from students.models import LateClaim
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.claiming import PDF, claimed, paper
from tests.students.pages import errors, messages, text


def address(claim: LateClaim) -> str:
    return reverse("students:claim", args=[claim.public_id])


def test_it_says_what_is_next_and_who_acts(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.newcomer.user)
    assert "Next: Columbia Basin looks at your transcript." in text(client.get(address(claim)))
    actions.ask_about_claim(claim=claim, text="Which period was it?", by=cast.consortium)
    words = text(client.get(address(claim)))
    assert "asked something. Answer below." in words
    assert "Which period was it?" in words


def test_a_question_is_answered_with_another_paper(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    actions.ask_about_claim(claim=claim, text="The second page is missing.", by=cast.consortium)
    assert "The second page is missing." in Mail.objects.get(kind="students/claim_question").text
    client.force_login(cast.newcomer.user)
    assert errors(client.post(address(claim), {"text": ""})) == ["Type your answer"]
    client.post(address(claim), {"text": "Here it is.", "paper": paper("page2.pdf")})
    claim.refresh_from_db()
    assert claim.state == "asked"
    assert [one.name for one in claim.papers.order_by("id")] == ["transcript.pdf", "page2.pdf"]
    assert [(one.asks, one.text) for one in claim.messages.order_by("id")] == [
        (True, "The second page is missing."), (False, "Here it is."),
    ]  # fmt: skip


def test_an_answer_without_a_question_is_refused(cast: Cast) -> None:
    claim = claimed(cast)
    with pytest.raises(Refused, match="There is no question to answer"):
        actions.answer_claim(claim=claim, text="Hello", by=cast.newcomer.user)
    actions.ask_about_claim(claim=claim, text="Which?", by=cast.consortium)
    with pytest.raises(Refused, match="The student answers"):
        actions.answer_claim(claim=claim, text="Hello", by=cast.student.user)


def test_taken_back_while_it_is_not_decided(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.newcomer.user)
    client.post(address(claim), {"withdraw": "1"})
    claim.refresh_from_db()
    assert claim.state == "withdrawn"
    client.post(address(claim), {"withdraw": "1"})
    assert "The claim is decided already." in str(messages(client.get(address(claim))))
    assert client.post(address(claim), {"text": "Hello"}).status_code == 404


def test_a_counselor_takes_back_what_they_began_and_nothing_else(cast: Cast) -> None:
    claim = claimed(cast)
    with pytest.raises(Refused, match="The student takes a claim back"):
        actions.withdraw_claim(claim=claim, by=cast.counselor)
    actions.withdraw_claim(claim=claim, by=cast.newcomer.user)
    theirs = claimed(cast, by=cast.counselor)
    actions.withdraw_claim(claim=theirs, by=cast.counselor)
    theirs.refresh_from_db()
    assert theirs.state == "withdrawn"


def test_refused_it_says_the_rule_and_the_reason(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    actions.refuse_claim(
        claim=claim, ground="not_shown", reason="There is no Accounting on it.", by=cast.consortium
    )
    letter = Mail.objects.get(kind="students/claim_refused")
    assert "The transcript does not show the class" in letter.text
    assert "There is no Accounting on it." in letter.text
    client.force_login(cast.newcomer.user)
    words = text(client.get(address(claim)))
    assert "Refused" in words
    assert "There is no Accounting on it." in words


@pytest.mark.parametrize(
    ("person", "status"),
    [("student", 404), ("counselor", 200), ("other_counselor", 404), ("teacher", 403), ("consortium", 403)],
)
def test_who_follows_it(client: PolicingClient, cast: Cast, person: str, status: int) -> None:
    claim = claimed(cast)
    who = getattr(cast, person)
    client.force_login(getattr(who, "user", who))
    assert client.get(address(claim)).status_code == status


@pytest.mark.parametrize(
    ("person", "status"),
    [("newcomer", 200), ("counselor", 200), ("consortium", 200), ("registrar", 200), ("student", 404),
     ("other_counselor", 404), ("other_consortium", 404), ("teacher", 403), ("district", 403), ("state", 403)],
)  # fmt: skip
def test_who_may_take_the_paper(client: PolicingClient, cast: Cast, person: str, status: int) -> None:
    kept = claimed(cast).papers.get()
    who = getattr(cast, person)
    client.force_login(getattr(who, "user", who))
    response = client.get(reverse("students:claim_file", args=[kept.public_id]))
    assert response.status_code == status
    if status == 200:
        assert response.content == PDF
        assert response["Content-Disposition"] == 'attachment; filename="transcript.pdf"'
        assert response["Cache-Control"] == "no-store"


def test_it_costs_the_same_for_one_paper_and_three(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.newcomer.user)

    def queries() -> int:
        client.get(address(claim))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address(claim)).status_code == 200
        return len(caught)

    first = queries()
    for number in range(2):
        actions.ask_about_claim(claim=claim, text=f"Question {number}", by=cast.consortium)
        actions.answer_claim(claim=claim, text="Yes", by=cast.newcomer.user, paper=None)
    assert (first, queries()) == (7, 7)
