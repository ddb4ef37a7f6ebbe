"""Whose is this college ID? Two students side by side, decided once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from transcripts import actions
from transcripts.models import CollegeIdentity, IdentityConflict


def address(conflict: IdentityConflict) -> str:
    return reverse("transcripts:conflict", args=[conflict.public_id])


def decide(client: Client, conflict: IdentityConflict, student: Any) -> Any:
    return client.post(address(conflict), {"student": str(student)})


def test_facts_stand_side_by_side(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(address(cast.conflict))
    text = page.content.decode()
    assert {side.student for side in page.context["sides"]} == {cast.classmate, cast.owing}
    assert "Same" in text
    assert "Differs" in text
    assert f"{cast.conflict.sid} is {cast.classmate.name}" in text


def test_it_is_one_of_them(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert decide(client, cast.conflict, cast.classmate.public_id).status_code == 302
    identity = CollegeIdentity.objects.standing().get(student=cast.classmate)
    assert (identity.sid, identity.source) == (cast.conflict.sid, "decided")
    cast.conflict.refresh_from_db()
    assert (cast.conflict.decision, cast.conflict.student) == ("matched", cast.classmate)
    assert Event.objects.filter(kind="transcripts.conflict_decided").count() == 1
    page = client.get(address(cast.conflict))
    assert "Decided: It is this student" in page.content.decode()
    assert "Decide</button>" not in page.content.decode()


def test_it_is_none_of_them(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = decide(client, cast.conflict, "nobody")
    text = client.get(answer["Location"]).content.decode()
    assert "If it is one of theirs after all, enter it under College IDs." in text
    cast.conflict.refresh_from_db()
    assert cast.conflict.decision == "nobody"
    assert not CollegeIdentity.objects.filter(sid=cast.conflict.sid).exists()
    # What the sentence says is true.
    actions.enter_sid(student=cast.owing, college=cast.cbc, sid=cast.conflict.sid, by=cast.registrar)


def test_a_decision_is_made_once(cast: Cast, client: Client) -> None:
    actions.decide_conflict(conflict=cast.conflict, student=None, by=cast.registrar)
    client.force_login(cast.registrar)
    page = decide(client, cast.conflict, cast.classmate.public_id)
    assert page.status_code == 409
    assert "decided meanwhile" in page.content.decode()


def test_a_student_with_another_id_is_refused(cast: Cast, client: Client) -> None:
    people.make_identity(cast.classmate, cast.cbc, "201000000")
    client.force_login(cast.registrar)
    assert "Has 201000000" in client.get(address(cast.conflict)).content.decode()
    page = decide(client, cast.conflict, cast.classmate.public_id)
    assert page.status_code == 409
    assert "has an ID at this college already" in page.content.decode()
    cast.conflict.refresh_from_db()
    assert cast.conflict.decision == ""


@pytest.mark.parametrize("student", ["", "zz", "00000000-0000-0000-0000-000000000000"])
def test_somebody_else_cannot_be_chosen(cast: Cast, client: Client, student: str) -> None:
    client.force_login(cast.registrar)
    assert decide(client, cast.conflict, student).status_code == 422
    assert decide(client, cast.conflict, cast.newcomer.public_id).status_code == 422
    with pytest.raises(Refused, match="beside each other"):
        actions.decide_conflict(conflict=cast.conflict, student=cast.newcomer, by=cast.registrar)


def test_nobody_else_decides(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert decide(client, cast.conflict, "nobody").status_code == 404
    client.force_login(cast.state)
    assert client.get(address(cast.conflict)).status_code == 200
    assert decide(client, cast.conflict, "nobody").status_code == 403
    client.force_login(cast.consortium)
    assert client.get(address(cast.conflict)).status_code == 403
