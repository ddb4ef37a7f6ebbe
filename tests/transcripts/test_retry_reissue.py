"""A new issue that the workers gave up is set going again."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Job, OutboxState
from sers.lib.refusal import Refused
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import Transcript


@pytest.fixture(autouse=True)
def quick_documents() -> Iterator[None]:
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF a", b"%PDF b")):
        yield


def address(transcript: Transcript, page: str = "retry_reissue") -> str:
    return reverse(f"transcripts:{page}", args=[transcript.public_id])


def parked(cast: Cast) -> Transcript:
    """The graduate's transcript, asked to be issued anew, and given up by the workers."""
    actions.ask_for_new_issue(transcript=cast.transcript, reason="A new letterhead", by=cast.registrar)
    Job.objects.filter(task=actions.REISSUE_TASK).update(state=OutboxState.PARKED, attempts=5)
    cast.transcript.refresh_from_db()
    return cast.transcript


def test_it_is_said_and_tried_again(cast: Cast, client: Client) -> None:
    transcript = parked(cast)
    client.force_login(cast.registrar)
    text = client.get(address(transcript, "document")).content.decode()
    assert "The new issue was not made" in text
    assert "A new issue is being made" not in text
    assert "New issue stopped" in client.get("/transcripts/issued/").content.decode()
    page = client.post(address(transcript, "reissue"), {"reason": "Once more"})
    assert page.status_code == 409
    assert "Press Try again on its page" in page.content.decode()
    assert client.post(address(transcript)).status_code == 302
    (job,) = Job.objects.filter(task=actions.REISSUE_TASK, state=OutboxState.QUEUED)
    actions.reissue_transcript(job_id=job.pk)
    transcript.refresh_from_db()
    assert transcript.replaced_by is not None
    assert transcript.reissue_reason == "A new letterhead"
    assert Event.objects.filter(kind="transcripts.new_issue_tried_again").count() == 1


def test_a_corrected_credit_sets_it_going_as_well(cast: Cast) -> None:
    transcript = parked(cast)
    actions.issuing.follow_correction(student=cast.graduate, college_id=cast.cbc.pk, by=cast.registrar)
    transcript.refresh_from_db()
    assert Job.objects.get(key=transcript.reissue_key).state == OutboxState.QUEUED
    actions.issuing.follow_correction(student=cast.graduate, college_id=cast.cbc.pk, by=cast.registrar)
    assert Job.objects.filter(task=actions.REISSUE_TASK).count() == 2


@pytest.mark.parametrize(
    ("asked", "replaced", "is_parked", "rule"),
    [
        (False, False, False, "not_asked"),
        (False, True, True, "not_asked"),
        (True, False, False, "going"),
        (True, True, True, "made"),
        (True, False, True, None),
    ],
)
def test_when_it_is_tried_again(
    cast: Cast, asked: bool, replaced: bool, is_parked: bool, rule: str | None
) -> None:
    transcript = Transcript(
        reissue_asked_at=cast.transcript.issued_at if asked else None,
        replaced_by_id=cast.transcript.pk if replaced else None,
    )
    refusal = rules.why_not_try_reissue(transcript, parked=is_parked)
    assert (refusal.rule if refusal else None) == rule


def test_what_goes_on_is_not_set_going_twice(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    client.post(address(cast.transcript))
    assert "No new issue was asked for" in client.get(address(cast.transcript, "document")).content.decode()
    transcript = parked(cast)
    client.post(address(transcript))
    client.post(address(transcript))
    assert Job.objects.filter(task=actions.REISSUE_TASK).count() == 2


def test_nobody_else_tries(cast: Cast, client: Client) -> None:
    transcript = parked(cast)
    for person, status in ((cast.other_registrar, 404), (cast.state, 403), (cast.consortium, 403)):
        client.force_login(person)
        assert client.post(address(transcript)).status_code == status
        with pytest.raises(Refused, match="Only the registrar"):
            actions.try_reissue_again(transcript=transcript, by=person)
    client.force_login(cast.state)
    text = client.get(address(transcript, "document")).content.decode()
    assert "The new issue was not made" in text
    assert "Try again" not in text
