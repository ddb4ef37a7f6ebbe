"""A wrong college ID that has gone out: its registrar asks for the right one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import Event, Mail
from sers.lib.refusal import Refused
from tests import people
from tests.people import SID, Cast
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, SidReplacement

RIGHT = "201234999"


def address(identity: CollegeIdentity) -> str:
    return reverse("transcripts:replace_identity", args=[identity.public_id])


@pytest.fixture
def open_again(cast: Cast) -> Cast:
    """Nobody has asked for the graduate's college ID yet."""
    actions.withdraw_replacement(replacement=cast.replacement, by=cast.registrar)
    return cast


def typed(sid: str = RIGHT, reason: str = "Two digits changed places.") -> dict[str, str]:
    return {"sid": sid, "reason": reason}


def test_it_is_asked_for_beside_what_carries_it(open_again: Cast, client: Client) -> None:
    cast = open_again
    second = people.make_person(Role.REGISTRAR, cast.cbc, "Rosa")
    client.force_login(cast.registrar)
    assert "/replace/" in client.get("/transcripts/identities/").content.decode()
    text = client.get(address(cast.college_identity)).content.decode()
    for words in (f"Replace {SID}", "ACCT&amp; 201", "Accepted", "Take it off there in ctcLink"):
        assert words in text
    answer = client.post(address(cast.college_identity), typed(" 201-234-999 "))
    asked = SidReplacement.objects.open().get(identity=cast.college_identity)
    assert answer["Location"] == reverse("transcripts:replacement", args=[asked.public_id])
    assert (asked.sid, asked.asked_by, asked.reason) == (RIGHT, cast.registrar, "Two digits changed places.")
    mail = Mail.objects.get(key__startswith=f"replacement-{asked.pk}-asked")
    assert mail.to == second.email
    assert SID not in mail.text
    assert Event.objects.filter(kind="transcripts.replacement_asked").count() == 1
    assert "To be replaced" in client.get("/transcripts/identities/").content.decode()
    # Nothing is changed by asking.
    assert CollegeIdentity.objects.sid_of(cast.graduate, cast.cbc) == SID


def test_the_only_registrar_of_a_college_asks_the_state(open_again: Cast) -> None:
    cast = open_again
    asked = actions.ask_replacement(
        identity=cast.college_identity, sid=RIGHT, reason="A stranger's", by=cast.registrar
    )
    assert Mail.objects.get(key__startswith=f"replacement-{asked.pk}-asked").to == cast.state.email


@pytest.mark.parametrize(
    ("sid", "reason", "words"),
    [
        ("12", "Because", "Enter the nine digits"),
        (SID, "Because", "stands already"),
        ("201000777", "Because", "Another student has this college ID"),
        (RIGHT, " ", "Say how you know"),
        (RIGHT, "x" * 1001, "Shorten the text"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    open_again: Cast, client: Client, sid: str, reason: str, words: str
) -> None:
    cast = open_again
    people.make_identity(cast.classmate, cast.cbc, "201000777")
    client.force_login(cast.registrar)
    page = client.post(address(cast.college_identity), typed(sid, reason))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not SidReplacement.objects.open().filter(identity=cast.college_identity).exists()


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, None),
        ({"undone": True, "under_way": True}, "undone"),
        ({"under_way": True, "gone_out": False}, "under_way"),
        ({"gone_out": False}, "not_out"),
        ({"same": True, "taken": True}, "same_sid"),
        ({"taken": True}, "sid_taken"),
    ],
)
def test_what_is_replaced(facts: dict[str, bool], rule: str | None) -> None:
    refusal = rules.why_not_ask_replacement(
        **{"undone": False, "gone_out": True, "under_way": False, **facts}
    )
    assert (refusal.rule if refusal else None) == rule


def test_one_is_under_way_at_a_time_and_what_has_not_gone_out_is_undone(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.post(address(cast.college_identity), typed())
    assert page.status_code == 409
    assert "is under way" in page.content.decode()
    fresh = people.make_identity(cast.classmate, cast.cbc)
    page = client.get(address(fresh))
    assert "Undo it instead" in page.content.decode()
    assert client.post(address(fresh), typed()).status_code == 409


def test_nobody_else_asks(open_again: Cast, client: Client) -> None:
    cast = open_again
    for person, status in ((cast.other_registrar, 404), (cast.state, 403), (cast.consortium, 403)):
        client.force_login(person)
        assert client.post(address(cast.college_identity), typed()).status_code == status
        with pytest.raises(Refused, match="Only the registrar"):
            actions.ask_replacement(identity=cast.college_identity, sid=RIGHT, reason="Because", by=person)


def test_a_person_of_two_seats_asks_for_their_own_college_alone(open_again: Cast, client: Client) -> None:
    """A State seat shows every college's IDs; it makes nobody the registrar of one."""
    cast = open_again
    both: Any = people.make_person(Role.STATE, None)
    people.make_seat(both, Role.REGISTRAR, cast.wwcc)
    with pytest.raises(Refused, match="Only the registrar"):
        actions.ask_replacement(identity=cast.college_identity, sid=RIGHT, reason="Because", by=both)
