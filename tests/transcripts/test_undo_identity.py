"""A wrong college ID is undone, until it stands in a worksheet or on a document."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from tests.raw import breaks, change
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, Transcript


def press(client: Client, identity: CollegeIdentity) -> int:
    return client.post(reverse("transcripts:undo_identity", args=[identity.public_id])).status_code


def test_an_id_is_undone_and_can_be_given_again(cast: Cast, client: Client) -> None:
    identity = people.make_identity(cast.classmate, cast.cbc, "201234568")
    client.force_login(cast.registrar)
    assert press(client, identity) == 302
    identity.refresh_from_db()
    assert identity.undone_by == cast.registrar
    assert "Undone" in client.get("/transcripts/identities/").content.decode()
    again = actions.enter_sid(student=cast.owing, college=cast.cbc, sid="201234568", by=cast.registrar)
    assert again.sid == identity.sid
    press(client, identity)
    assert "was undone already" in client.get("/transcripts/identities/").content.decode()


def test_a_typing_error_after_the_run_is_undone(cast: Cast, client: Client) -> None:
    """The run came first, the college ID is entered for the worksheet: no worksheet and no document tells it yet."""
    student = people.make_student(cast.kamiakin)
    registration = people.make_registration(student, cast.last_section, cast.agreement, percent="97")
    people.make_award(cast.run, registration)
    people.make_transcript(cast.run, student)
    wrong = actions.enter_sid(student=student, college=cast.cbc, sid="201234586", by=cast.registrar)
    client.force_login(cast.registrar)
    assert press(client, wrong) == 302
    wrong.refresh_from_db()
    assert wrong.undone_by == cast.registrar
    actions.enter_sid(student=student, college=cast.cbc, sid="201234568", by=cast.registrar)


@pytest.mark.parametrize(
    ("in_worksheet", "on_document", "rule"),
    [(False, False, None), (True, False, "gone_out"), (False, True, "gone_out"), (True, True, "gone_out")],
)
def test_what_has_gone_out(cast: Cast, in_worksheet: bool, on_document: bool, rule: str | None) -> None:
    student = people.make_student(cast.kamiakin)
    registration = people.make_registration(student, cast.last_section, cast.agreement, percent="97")
    people.make_award(cast.run, registration)
    identity = people.make_identity(student, cast.cbc)
    transcript = people.make_transcript(cast.run, student)
    if on_document:
        Transcript.objects.filter(pk=transcript.pk).update(sid=identity.sid)
    if in_worksheet:
        people.make_batch(cast.cbc, cast.last_year, cast.registrar, student.awards.get(), number=7)
    refusal = rules.why_not_undo(identity)
    assert (refusal.rule if refusal else None) == rule
    listed = {row["sid"]: row["gone_out"] for row in CollegeIdentity.objects.listed()}
    assert listed[identity.sid] is (rule is not None)
    undo = {"undone_at": timezone.now(), "undone_by_id": cast.registrar.pk}
    if rule:
        with breaks("college_id_that_went_out_stands"):
            change(identity, **undo)
    else:
        change(identity, **undo)


def test_an_id_that_has_gone_out_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    press(client, cast.college_identity)
    cast.college_identity.refresh_from_db()
    assert cast.college_identity.undone_at is None
    assert "Ask for it to be replaced" in client.get("/transcripts/identities/").content.decode()


def test_nobody_else_undoes(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert press(client, cast.college_identity) == 404
    client.force_login(cast.state)
    assert press(client, cast.college_identity) == 403
    with pytest.raises(Refused, match="Only the registrar"):
        actions.undo_identity(identity=cast.college_identity, by=cast.state)
