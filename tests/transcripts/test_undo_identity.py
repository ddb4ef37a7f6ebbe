"""A wrong college ID is undone, until credit stands on it."""

import pytest
from django.test import Client
from django.urls import reverse

from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from transcripts import actions
from transcripts.models import CollegeIdentity


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


def test_an_id_that_credit_stands_on_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    press(client, cast.college_identity)
    cast.college_identity.refresh_from_db()
    assert cast.college_identity.undone_at is None
    assert "Credit is awarded to this student" in client.get("/transcripts/identities/").content.decode()


def test_nobody_else_undoes(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert press(client, cast.college_identity) == 404
    client.force_login(cast.state)
    assert press(client, cast.college_identity) == 403
    with pytest.raises(Refused, match="Only the registrar"):
        actions.undo_identity(identity=cast.college_identity, by=cast.state)
