"""The file of a mailing is made anew by what stands now, or set going again when the workers gave it up."""

import datetime
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Event, Job, Mail, OutboxState
from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from tests.transcripts.reading import quiet
from tests.transcripts.test_mailing import address, mailing_of, paper, widths, work
from tests.transcripts.test_mailings import start, with_address
from transcripts import actions, rules
from transcripts.models import MailingPart, PaperMailing, Transcript


def revoke(transcript: Transcript, cast: Cast) -> None:
    actions.revoke_transcript(transcript=transcript, reason="Written to the wrong person", by=cast.registrar)


def ready(cast: Cast, count: int) -> PaperMailing:
    mailing = mailing_of(cast, count)
    work(mailing)
    mailing.refresh_from_db()
    return mailing


def test_what_changed_since_is_said_and_the_file_made_anew(cast: Cast, client: Client) -> None:
    mailing = ready(cast, 4)
    revoked, replaced, died, _ = [
        one.transcript for one in mailing.items.printed().select_related("transcript__student")
    ]
    revoke(revoked, cast)
    people.make_transcript(cast.run, replaced.student, pdf=paper(width=700))
    died.student.died_on = datetime.date(2026, 1, 2)
    died.student.save()
    late = people.make_student(cast.kamiakin, user=None)
    people.make_transcript(cast.run, with_address(late, "90000"), pdf=paper(width=701))
    client.force_login(cast.registrar)
    text = client.get(address(mailing)).content.decode()
    assert "3 letters in the file are not to be mailed as they are" in text
    for words in ("Revoked since", "Replaced by a newer one", "The student has died"):
        assert words in text
    assert client.post(address(mailing, "remake_mailing")).status_code == 302
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pages, hasattr(mailing, "file")) == ("preparing", 0, False)
    work(mailing)
    mailing.refresh_from_db()
    assert mailing.state == "ready"
    # Who waits by now is in it; the newer issue of the second student at that student's ZIP code.
    assert widths(bytes(mailing.file.pdf)) == [701, 701, 700, 700, 503, 503]
    assert "not to be mailed as" not in client.get(address(mailing)).content.decode()
    assert Mail.objects.filter(key__startswith=f"mailing-{mailing.pk}-").count() == 2
    assert Event.objects.filter(kind="transcripts.mailing_made_again").count() == 1


def test_what_changed_before_its_part_is_put_together_is_left_out(cast: Cast, client: Client) -> None:
    mailing = mailing_of(cast, 4)
    first, second, third, _ = [
        one.transcript for one in mailing.items.printed().select_related("transcript__student")
    ]
    revoke(first, cast)
    people.make_transcript(cast.run, second.student)
    third.student.no_paper = True
    third.student.save()
    work(mailing)
    mailing.refresh_from_db()
    assert widths(bytes(mailing.file.pdf)) == [503, 503]
    reasons = dict(mailing.items.out().values_list("transcript", "left_out"))
    assert (reasons[first.pk], reasons[second.pk], reasons[third.pk]) == ("revoked", "replaced", "no_paper")
    client.force_login(cast.registrar)
    assert "The next mailing prints the newer one." in client.get(address(mailing)).content.decode()
    assert list(start(cast).items.printed().values_list("transcript__student", flat=True)) == [
        second.student_id
    ]


def test_who_moves_before_the_print_is_named(cast: Cast, client: Client) -> None:
    mailing = ready(cast, 2)
    client.force_login(cast.registrar)
    assert "not to be mailed as" not in client.get(address(mailing)).content.decode()
    student = mailing.items.printed().earliest("position").transcript.student
    with_address(student, "98101", street="77 Pike Place")
    text = client.get(address(mailing)).content.decode()
    assert "1 letter in the file is not to be mailed as it is" in text
    assert "The student has moved" in text
    client.post(address(mailing, "remake_mailing"))
    mailing.refresh_from_db()
    with quiet():
        work(mailing)
    assert "not to be mailed as" not in client.get(address(mailing)).content.decode()


def test_a_part_of_which_nothing_is_left_is_skipped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.mailings, "PART", 2)
    mailing = mailing_of(cast, 4)
    for item in mailing.items.of_part(1):
        revoke(item.transcript, cast)
    work(mailing)
    mailing.refresh_from_db()
    assert (mailing.state, widths(bytes(mailing.file.pdf))) == ("ready", [502, 502, 503, 503])


def test_one_that_was_given_up_goes_on_where_it_stopped(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.mailings, "PART", 2)
    mailing = mailing_of(cast, 4)
    broken = mock.patch.object(
        actions.mailings, "sheets", side_effect=[(paper(4), 4), RuntimeError("no more paper")]
    )
    with broken, pytest.raises(RuntimeError, match="no more paper"):
        work(mailing)
    client.force_login(cast.registrar)
    client.post(address(mailing, "remake_mailing"))
    assert "The file is being made." in client.get(address(mailing)).content.decode()
    Job.objects.filter(subject_id=mailing.pk).update(state=OutboxState.PARKED, attempts=5)
    text = client.get(address(mailing)).content.decode()
    assert "The making of the file has stopped" in text
    assert "<progress" not in text
    text = client.get("/transcripts/mailings/").content.decode()
    assert "has stopped: open it below" in text
    assert "Stopped</span>" in text
    assert client.post(address(mailing, "remake_mailing")).status_code == 302
    assert MailingPart.objects.filter(mailing=mailing).count() == 1
    mailing.refresh_from_db()
    work(mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pages) == ("ready", 8)


def test_a_worker_of_a_making_that_is_over_adds_nothing(cast: Cast) -> None:
    mailing = ready(cast, 2)
    late = PaperMailing.objects.with_names().get(pk=mailing.pk)
    actions.make_mailing_again(mailing=mailing, by=cast.registrar)
    late.state = PaperMailing.State.PREPARING  # as the worker read it, before the file was joined
    assert not actions.make_next_part(mailing=late)
    assert not actions.finish_mailing(mailing=late)
    assert not MailingPart.objects.exists()
    assert PaperMailing.objects.get(pk=mailing.pk).state == "preparing"


@pytest.mark.parametrize(
    ("state", "is_parked", "rule"),
    [
        ("preparing", False, "being_made"),
        ("preparing", True, None),
        ("ready", False, None),
        ("ready", True, None),
        ("mailed", False, "mailed_already"),
        ("mailed", True, "mailed_already"),
    ],
)
def test_when_a_file_is_made_again(state: str, is_parked: bool, rule: str | None) -> None:
    refusal = rules.why_not_make_again(PaperMailing(state=state), parked=is_parked)
    assert (refusal.rule if refusal else None) == rule


def test_what_is_mailed_stays_and_one_is_made_at_a_time(cast: Cast, client: Client) -> None:
    mailing = ready(cast, 1)
    people.make_transcript(cast.run, with_address(cast.classmate))
    start(cast)
    with pytest.raises(Refused, match="is being made"):
        actions.make_mailing_again(mailing=mailing, by=cast.registrar)
    mailing.refresh_from_db()
    assert mailing.items.printed().count() == 1
    actions.mark_mailed(mailing=mailing, on=timezone.localdate(), by=cast.registrar)
    revoke(mailing.items.printed().get().transcript, cast)
    client.force_login(cast.registrar)
    text = client.get(address(mailing)).content.decode()
    assert "Make it anew" not in text
    assert "not to be mailed" not in text
    client.post(address(mailing, "remake_mailing"))
    assert "in the mail already" in client.get(address(mailing)).content.decode()


def test_nobody_else_makes_it_again(cast: Cast, client: Client) -> None:
    for person, status in ((cast.other_registrar, 404), (cast.state, 403), (cast.consortium, 403)):
        client.force_login(person)
        assert client.post(address(cast.paper_mailing, "remake_mailing")).status_code == status
        with pytest.raises(Refused, match="Only the registrar"):
            actions.make_mailing_again(mailing=cast.paper_mailing, by=person)
