"""Documents issued before their college ID was known: all of them issued anew by one act."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from accounts.models import Event, Job, OutboxState
from sers.lib.refusal import Refused
from tests import people
from tests.people import SID, Cast
from transcripts import actions, rules
from transcripts.models import Transcript

URL = "/transcripts/issued/new-ids/"


@pytest.fixture(autouse=True)
def quick_documents() -> Iterator[None]:
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF a", b"%PDF b")):
        yield


def found(cast: Cast) -> set[int]:
    return set(rules.with_another_id(Transcript.objects.of_college(cast.cbc)).values_list("pk", flat=True))


def test_all_whose_id_came_later_are_issued_anew(cast: Cast, client: Client) -> None:
    late = people.make_transcript(cast.run, cast.classmate)
    people.make_identity(cast.classmate, cast.cbc, "201234599")
    people.make_transcript(cast.run, cast.owing)  # nobody knows an ID
    client.force_login(cast.registrar)
    assert "Issue anew with college IDs" in client.get("/transcripts/issued/").content.decode()
    text = client.get(URL).content.decode()
    assert "Issue all 2 anew" in text
    assert SID in text
    assert "201234599" in text
    assert client.post(URL).status_code == 302
    for transcript in (cast.transcript, late):
        transcript.refresh_from_db()
        actions.reissue_transcript(job_id=Job.objects.get(key=transcript.reissue_key).pk)
        transcript.refresh_from_db()
        assert transcript.replaced_by is not None
    assert late.replaced_by.sid == "201234599"
    assert late.reissue_reason == "It now tells your college ID."
    assert Event.objects.filter(kind="transcripts.new_issue_asked").count() == 2
    assert "Every transcript of this college tells the college ID" in client.get(URL).content.decode()
    page = client.post(URL)
    assert page.status_code == 409
    assert Transcript.objects.filter(college=cast.cbc, number=2).count() == 2


def test_whose_transcript_that_is(cast: Cast) -> None:
    assert found(cast) == {cast.transcript.pk}
    actions.ask_for_new_issue(transcript=cast.transcript, reason="A new letterhead", by=cast.registrar)
    assert found(cast) == set()  # it is being made, by what stands then
    Transcript.objects.filter(pk=cast.transcript.pk).update(
        reissue_asked_at=None, reissue_asked_by=None, reissue_reason="", sid=SID
    )
    assert found(cast) == set()
    Transcript.objects.filter(pk=cast.transcript.pk).update(sid="201000000")
    assert found(cast) == {cast.transcript.pk}
    actions.revoke_transcript(transcript=cast.transcript, reason="Wrong person", by=cast.registrar)
    assert found(cast) == set()


def test_one_that_is_asked_for_is_not_asked_for_twice(cast: Cast) -> None:
    assert actions.issue_new_ids(college=cast.cbc, by=cast.registrar) == 1
    with pytest.raises(Refused, match="tells the college ID"):
        actions.issue_new_ids(college=cast.cbc, by=cast.registrar)
    assert Job.objects.filter(task=actions.REISSUE_TASK, state=OutboxState.QUEUED).count() == 1


def test_nobody_else_does(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert SID not in client.get(URL, {"college": str(cast.cbc.public_id)}).content.decode()
    for person in (cast.state, cast.consortium):
        client.force_login(person)
        assert client.get(URL).status_code == client.post(URL).status_code == 403
    for person in (cast.state, cast.other_registrar):
        with pytest.raises(Refused, match="Only the registrar"):
            actions.issue_new_ids(college=cast.cbc, by=person)


def test_one_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"].object_list) == 1
    for student in (cast.classmate, cast.owing):
        people.make_transcript(cast.run, student)
        people.make_identity(student, cast.cbc)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"].object_list) == 3


QUERIES = 9
