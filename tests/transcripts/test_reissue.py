"""A transcript is issued anew: asked for with a reason, made by a worker, once."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Job, Mail
from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from transcripts import actions
from transcripts.models import Transcript


def address(transcript: Transcript) -> str:
    return reverse("transcripts:reissue", args=[transcript.public_id])


@pytest.fixture(autouse=True)
def quick_documents() -> Iterator[mock.Mock]:
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF a", b"%PDF b")) as drawn:
        yield drawn


def work(transcript: Transcript) -> None:
    for job in Job.objects.filter(task=actions.REISSUE_TASK, subject_id=transcript.pk):
        actions.reissue_transcript(job_id=job.pk)


def test_a_new_one_replaces_it_with_the_name_of_today_and_the_student_is_told(
    cast: Cast, client: Client
) -> None:
    old = cast.transcript
    cast.graduate.last_name = "Reyes"
    cast.graduate.save()
    client.force_login(cast.registrar)
    answer = client.post(address(old), {"reason": "Your legal name was corrected"})
    assert answer["Location"] == reverse("transcripts:document", args=[old.public_id])
    assert "A new issue is being made" in client.get(answer["Location"]).content.decode()
    work(old)
    old.refresh_from_db()
    new = old.replaced_by
    assert new is not None
    assert (new.number, new.name, new.run_id, new.issued_by) == (2, "Grace Reyes", old.run_id, cast.registrar)
    assert new.letter.wording.number == 1
    assert new.code != old.code
    assert bytes(new.file.pdf) == b"%PDF a"
    assert bytes(new.letter.file.pdf) == b"%PDF b"
    mail = Mail.objects.get(key=f"reissue-{old.pk}")
    assert "Your legal name was corrected" in mail.text
    assert mail.to == cast.graduate.email
    assert Event.objects.filter(kind="transcripts.issued_anew", subject_id=new.pk).count() == 1
    text = client.get(reverse("transcripts:verify_code", args=[old.code])).content.decode()
    assert "A newer transcript replaces this one" in text
    assert "Grace Nakamura" in text


def test_a_worker_that_comes_twice_makes_one(cast: Cast) -> None:
    actions.ask_for_new_issue(transcript=cast.transcript, reason="A new letterhead", by=cast.registrar)
    work(cast.transcript)
    Job.objects.filter(task=actions.REISSUE_TASK).update(state="queued", done_at=None)
    work(cast.transcript)
    assert Transcript.objects.filter(student=cast.graduate, college=cast.cbc).count() == 2


def test_it_is_asked_for_once_and_for_the_newest_only(cast: Cast, client: Client) -> None:
    actions.ask_for_new_issue(transcript=cast.transcript, reason="A new letterhead", by=cast.registrar)
    client.force_login(cast.registrar)
    assert client.post(address(cast.transcript), {"reason": "Again"}).status_code == 409
    work(cast.transcript)
    page = client.get(address(cast.transcript))
    assert page.status_code == 409
    assert "A newer transcript has replaced this one" in page.content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_reason_is_needed_and_kept(cast: Cast, client: Client, reason: str) -> None:
    client.force_login(cast.registrar)
    page = client.post(address(cast.transcript), {"reason": reason})
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert not Job.objects.filter(task=actions.REISSUE_TASK).exists()


def test_only_the_registrar_of_the_college(cast: Cast) -> None:
    for person in (cast.other_registrar, cast.state, cast.consortium):
        with pytest.raises(Refused, match="Only the registrar"):
            actions.ask_for_new_issue(transcript=cast.transcript, reason="Because", by=person)


def test_nothing_is_mailed_to_somebody_who_has_died(cast: Cast) -> None:
    cast.graduate.died_on = cast.graduate.birth_date
    cast.graduate.save()
    actions.ask_for_new_issue(transcript=cast.transcript, reason="For the family", by=cast.registrar)
    work(cast.transcript)
    assert not Mail.objects.filter(key__startswith="reissue-").exists()
    assert Transcript.objects.filter(student=cast.graduate).count() == 2


def test_a_real_new_issue_is_sealed(cast: Cast) -> None:
    mock.patch.stopall()
    people.make_student(cast.kamiakin)
    with mock.patch("transcripts.documents.draw", side_effect=lambda *_: (b"%PDF a", b"%PDF b")):
        actions.ask_for_new_issue(transcript=cast.transcript, reason="A seal", by=cast.registrar)
        work(cast.transcript)
    cast.transcript.refresh_from_db()
    assert cast.transcript.replaced_by is not None
    assert len(cast.transcript.replaced_by.certificate) == 64


def test_a_corrected_credit_has_the_transcript_issued_anew(cast: Cast) -> None:
    people.correct_award(cast.award, letter="B")
    actions.issuing.follow_correction(student=cast.graduate, college_id=cast.cbc.pk, by=cast.registrar)
    actions.issuing.follow_correction(student=cast.graduate, college_id=cast.cbc.pk, by=cast.registrar)
    assert Job.objects.filter(task=actions.REISSUE_TASK).count() == 1
    work(cast.transcript)
    cast.transcript.refresh_from_db()
    assert cast.transcript.replaced_by is not None
    assert "Your credit was corrected" in Mail.objects.get(key=f"reissue-{cast.transcript.pk}").text
