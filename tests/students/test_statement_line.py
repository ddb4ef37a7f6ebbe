"""A line that matches nobody: whose money it is, or why it is set aside."""

import pytest
from django.urls import reverse

from sers.lib.refusal import Refused
from students import actions
from students.models import StatementLine
from tests.owing import make_fee
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, text


@pytest.fixture
def line(cast: Cast) -> StatementLine:
    make_fee(cast.owing_registration, 50)
    return StatementLine.objects.create(
        statement=cast.statement, consortium=cast.columbia_basin, number=10, fingerprint="ten",
        paid_on=cast.statement_line.paid_on, amount=50, words="From grandma", state="unmatched",
    )  # fmt: skip


@pytest.fixture
def url(cast: Cast, client: PolicingClient, line: StatementLine) -> str:
    client.force_login(cast.consortium)
    return reverse("students:statement_line", args=[line.public_id])


@pytest.mark.parametrize("by", ["id", "reference"])
def test_it_is_matched_by_id_or_reference(
    cast: Cast, client: PolicingClient, line: StatementLine, url: str, by: str
) -> None:
    typed = cast.owing.sers_id.lower() if by == "id" else cast.owing_registration.reference.lower()
    response = client.post(url, {"match": "1", "student": typed}, follow=True)
    assert "is entered as payment P-" in text(response)
    line.refresh_from_db()
    cast.owing_registration.refresh_from_db()
    assert (line.state, line.decided_by) == ("matched", cast.consortium)
    assert cast.owing_registration.fees_req == "processed"


def test_it_is_set_aside_with_a_reason_and_put_back(
    client: PolicingClient, line: StatementLine, url: str
) -> None:
    assert errors(client.post(url, {"aside": "1"})) == ["Enter the reason: it stays with the line"]
    client.post(url, {"aside": "1", "reason": "A gift to the boosters"})
    assert "A gift to the boosters" in text(client.get(url))
    client.post(url, {"back": "1"})
    line.refresh_from_db()
    assert (line.state, line.reason) == ("unmatched", "")


def test_somebody_who_is_not_here_is_refused(cast: Cast, client: PolicingClient, url: str) -> None:
    for typed in (cast.other_student.sers_id, "R-2222222222", "grandma"):
        response = client.post(url, {"match": "1", "student": typed})
        assert errors(response) == ["Nobody in this consortium has this ID or reference"]


def test_decided_twice_the_second_is_refused(
    cast: Cast, client: PolicingClient, line: StatementLine, url: str
) -> None:
    actions.match_by_hand(line=line, student=cast.owing, by=cast.consortium)
    with pytest.raises(Refused, match="meanwhile"):
        actions.set_aside(line=line, reason="Late", by=cast.consortium)
    assert client.post(url, {"match": "1", "student": cast.owing.sers_id}).status_code == 409


def test_the_neighbour_finds_nothing(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(url).status_code == 404
    client.force_login(cast.state)
    assert client.get(url).status_code == 403
