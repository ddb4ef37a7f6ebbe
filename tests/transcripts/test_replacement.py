"""One replacement of a wrong college ID: a second person approves, and what carried it goes out again."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event, Job, Mail, User
from sers.lib.refusal import Refused
from tests import people
from tests.people import SID, Cast
from tests.raw import breaks, change, copy, delete
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, SidReplacement, Transcript

NOW = timezone.now()
#: What the triggers say.
INK = "pgtrigger: Cannot "


@pytest.fixture(autouse=True)
def quick_documents() -> Iterator[None]:
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF a", b"%PDF b")):
        yield


@pytest.fixture
def second(cast: Cast) -> User:
    """Another registrar of the college."""
    return people.make_person(Role.REGISTRAR, cast.cbc, "Rosa")


def address(replacement: SidReplacement) -> str:
    return reverse("transcripts:replacement", args=[replacement.public_id])


def press(client: Client, replacement: SidReplacement, act: str, **typed: str) -> Any:
    data = {"chosen": act, **{f"{act}-{name}": value for name, value in typed.items()}}
    return client.post(address(replacement), data)


def test_a_second_registrar_approves_and_everything_goes_out_again(
    cast: Cast, second: User, client: Client
) -> None:
    Transcript.objects.filter(pk=cast.transcript.pk).update(sid=SID)
    client.force_login(second)
    text = client.get(address(cast.replacement)).content.decode()
    for words in ("Two digits changed places.", "ACCT&amp; 201", "Documents that say"):
        assert words in text
    assert press(client, cast.replacement, "approve").status_code == 302
    cast.college_identity.refresh_from_db()
    assert cast.college_identity.undone_by == second
    right = CollegeIdentity.objects.standing().get(student=cast.graduate)
    assert (right.sid, right.source, right.replaces, right.given_by) == (
        cast.replacement.sid, "replaced", cast.college_identity, cast.registrar,
    )  # fmt: skip
    cast.transcript.refresh_from_db()
    assert cast.transcript.reissue_reason == "Your college ID was corrected."
    actions.reissue_transcript(job_id=Job.objects.get(key=cast.transcript.reissue_key).pk)
    cast.transcript.refresh_from_db()
    assert cast.transcript.replaced_by is not None
    assert cast.transcript.replaced_by.sid == right.sid
    # Exported credit belongs into the next worksheet, under the right one: there ctcLink has nothing to replace.
    due = {one.award_id: one for one in rules.due_for_worksheet(cast.cbc, cast.last_year)}
    assert (due[cast.award.pk].sid, due[cast.award.pk].replaces) == (right.sid, "")
    mail = Mail.objects.get(key__startswith=f"replacement-{cast.replacement.pk}-approved")
    assert mail.to == cast.registrar.email
    assert Event.objects.filter(kind="transcripts.replacement_approved").count() == 1
    text = client.get(address(cast.replacement)).content.decode()
    assert "Approved it" in text
    assert "In place of a wrong one, by two people" in client.get("/transcripts/identities/").content.decode()


def test_the_state_is_the_second_person_of_a_college_with_one_registrar(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    assert press(client, cast.replacement, "approve", note="Seen in ctcLink").status_code == 302
    assert CollegeIdentity.objects.sid_of(cast.graduate, cast.cbc) == cast.replacement.sid


def test_a_right_one_nobody_knows_yet_is_entered_later(cast: Cast, second: User) -> None:
    """Two students who have each other's: one is taken away first."""
    actions.withdraw_replacement(replacement=cast.replacement, by=cast.registrar)
    asked = actions.ask_replacement(
        identity=cast.college_identity, sid="", reason="It is his sister's", by=cast.registrar
    )
    actions.approve_replacement(replacement=asked, by=second)
    assert CollegeIdentity.objects.sid_of(cast.graduate, cast.cbc) == ""
    actions.enter_sid(student=cast.classmate, college=cast.cbc, sid=SID, by=cast.registrar)
    actions.enter_sid(student=cast.graduate, college=cast.cbc, sid="201000123", by=cast.registrar)


def test_who_asked_does_not_approve(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(address(cast.replacement)).content.decode()
    assert "A replacement takes two people, and you have asked for this one." in text
    assert "act-approve" not in text
    assert press(client, cast.replacement, "approve").status_code == 403
    with pytest.raises(Refused, match="takes two people"):
        actions.approve_replacement(replacement=cast.replacement, by=cast.registrar)
    assert CollegeIdentity.objects.sid_of(cast.graduate, cast.cbc) == SID


def test_a_right_one_taken_meanwhile_changes_nothing(cast: Cast, second: User, client: Client) -> None:
    people.make_identity(cast.classmate, cast.cbc, cast.replacement.sid)
    client.force_login(second)
    page = press(client, cast.replacement, "approve")
    assert page.status_code == 409
    assert "is another student’s" in page.content.decode()
    cast.replacement.refresh_from_db()
    assert cast.replacement.is_open
    assert CollegeIdentity.objects.sid_of(cast.graduate, cast.cbc) == SID
    assert not Job.objects.filter(task=actions.REISSUE_TASK).exists()


def test_it_is_declined_with_a_reason(cast: Cast, second: User, client: Client) -> None:
    client.force_login(second)
    page = press(client, cast.replacement, "decline", reason=" ")
    assert page.status_code == 422
    assert "Say why you decline" in page.content.decode()
    assert press(client, cast.replacement, "decline", reason="It is hers").status_code == 302
    cast.replacement.refresh_from_db()
    assert (cast.replacement.state, cast.replacement.decision) == ("declined", "It is hers")
    assert CollegeIdentity.objects.sid_of(cast.graduate, cast.cbc) == SID
    page = press(client, cast.replacement, "approve")
    assert page.status_code == 409
    assert f"{second.name} has declined this replacement." in page.content.decode()
    assert Mail.objects.filter(key__startswith=f"replacement-{cast.replacement.pk}-declined").count() == 1


def test_it_is_taken_back_by_who_asked_alone(cast: Cast, second: User, client: Client) -> None:
    client.force_login(second)
    assert press(client, cast.replacement, "withdraw").status_code == 403
    client.force_login(cast.registrar)
    assert press(client, cast.replacement, "withdraw").status_code == 302
    assert press(client, cast.replacement, "withdraw").status_code == 409
    assert press(client, cast.replacement, "zz").status_code == 404


@pytest.mark.parametrize("state", ["requested", "approved", "declined", "withdrawn"])
@pytest.mark.parametrize(
    ("who", "approves", "withdraws"),
    [
        ("registrar", "same_person", None),
        ("second", None, "not_asker"),
        ("state", None, "not_asker"),
        ("other_registrar", "not_second", "not_asker"),
        ("consortium", "not_second", "not_asker"),
        ("many_hats", "not_second", "not_asker"),
    ],
)
def test_who_does_what(
    cast: Cast, second: User, state: str, who: str, approves: str | None, withdraws: str | None
) -> None:
    user = second if who == "second" else getattr(cast, who)
    one = cast.replacement
    one.state = state
    if state != "requested":
        approves = withdraws = "decided"
    for rule, expected in (
        (rules.why_not_approve_replacement, approves),
        (rules.why_not_decline_replacement, approves),
        (rules.why_not_withdraw_replacement, withdraws),
    ):
        refusal = rule(user, one)
        assert (refusal.rule if refusal else None) == expected


def test_the_database_holds_to_two_people_and_to_what_was_asked(cast: Cast, second: User) -> None:
    one = cast.replacement
    decided = {"decided_by_id": second.pk, "decided_at": NOW}
    for wrong, constraint in (
        ({"state": "approved", "decided_by_id": cast.registrar.pk, "decided_at": NOW}, "takes_two_people"),
        ({"state": "approved"}, "replacement_state_has_its_people"),
        ({"state": "declined", **decided}, "replacement_state_has_its_people"),
        ({"state": "requested", **decided}, "replacement_state_has_its_people"),
        ({"sid": "201000001"}, INK),
        ({"reason": "Another"}, INK),
        ({"asked_by_id": second.pk}, INK),
    ):
        with breaks(constraint):
            change(one, **wrong)
    with breaks("one_open_replacement_a_college_id"):
        copy(one)
    for sid in ("12", "20123456a"):
        with breaks("right_college_id_has_nine_digits"):
            copy(one, sid=sid, state="withdrawn", **decided)
    with breaks("replacement_says_why"):
        copy(one, reason="", state="withdrawn", **decided)
    with breaks("pgtrigger: Cannot delete"):
        delete(one)
    change(one, state="withdrawn", **decided)
    with breaks("pgtrigger"):
        change(one, state="requested", decided_by_id=None, decided_at=None)
    with breaks("pgtrigger"):
        change(one, decision="Never mind")


def test_the_database_undoes_what_went_out_by_an_approved_replacement_alone(cast: Cast, second: User) -> None:
    undo = {"undone_at": NOW, "undone_by_id": second.pk}
    with breaks("college_id_that_went_out_stands"):
        change(cast.college_identity, **undo)
    with breaks("replaced_college_id_says_which"):
        copy(cast.college_identity, sid="201000001", student_id=cast.classmate.pk, source="replaced")
    change(cast.replacement, state="approved", decided_by_id=second.pk, decided_at=NOW)
    change(cast.college_identity, **undo)


def test_every_state_has_its_transitions(cast: Cast) -> None:
    assert set(SidReplacement.TRANSITIONS) == set(SidReplacement.State)
    assert {state for state, to in SidReplacement.TRANSITIONS.items() if to} == {"requested"}


def test_another_college_s_is_not_seen(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(address(cast.replacement)).status_code == 404
    assert press(client, cast.replacement, "approve").status_code == 404
    client.force_login(cast.consortium)
    assert client.get(address(cast.replacement)).status_code == 403
