"""The outbox: written with the act, sent once, tried again, parked, swept; events; user names."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as mailbox
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import actions, tasks
from accounts.models import Event, Job, Mail, OutboxState, User
from tests.people import Cast, make_user

pytestmark = pytest.mark.django_db


def queued(key: str = "a mail", **facts: Any) -> Mail:
    words = {"subject": facts.pop("subject", "Hello"), "text": facts.pop("text", "Hello.\n")}
    mail = actions.queue_mail(
        key=key, template="free", context=words, **{"to": "marisol@example.net", **facts}
    )
    assert mail is not None
    return mail


def due_now(row: Mail | Job) -> None:
    """The pause is over."""
    type(row).objects.filter(pk=row.pk).update(not_before=timezone.now())


# --- Writing --------------------------------------------------------------------------------------------


def test_a_mail_is_a_row_and_a_nudge_after_the_commit(
    nudges: list[tuple[str, int]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail = queued()
        assert nudges == []
    assert nudges == [("accounts.send_mail", mail.pk)]
    assert mailbox.outbox == []  # nothing leaves the request


def test_a_mail_of_the_same_key_is_written_once(
    nudges: list[tuple[str, int]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = queued()
        again = {"subject": "Other", "text": "Other"}
        assert (
            actions.queue_mail(key="a mail", to="other@example.net", template="free", context=again) is None
        )
    assert [(mail.pk, mail.to) for mail in Mail.objects.all()] == [(first.pk, "marisol@example.net")]
    assert nudges == [("accounts.send_mail", first.pk)]


def test_what_is_rolled_back_is_neither_written_nor_nudged(
    nudges: list[tuple[str, int]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        queued()
        raise ZeroDivisionError
    assert (Mail.objects.count(), nudges) == (0, [])


def test_a_subject_is_one_line() -> None:
    assert (
        queued(subject="Hello\r\nBcc: all@example.org\n there").subject == "Hello Bcc: all@example.org there"
    )


def test_the_same_job_is_queued_once(
    cast: Cast,
    nudges: list[tuple[str, int]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.queue_job(key="run-1", task="transcripts.run_transcription", subject=cast.run)
        again = actions.queue_job(key="run-1", task="transcripts.run_transcription", subject=cast.other_run)
    assert (again.pk, again.subject_id) == (job.pk, cast.run.pk)
    assert nudges == [("transcripts.run_transcription", job.pk)]


@pytest.mark.real_nudges
def test_a_broker_that_is_down_loses_nothing(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """No broker is started for this test: the nudge fails, the mail stands."""
    with (
        caplog.at_level(logging.WARNING, "accounts.actions"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        mail = queued()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.text.count("No nudge for accounts.send_mail") == 1
    mail.refresh_from_db()
    assert mail.state == OutboxState.QUEUED
    assert actions.sweep() == 0  # it stops at the first that does not go through


# --- Sending --------------------------------------------------------------------------------------------


def test_a_mail_is_sent_once() -> None:
    mail = queued()
    assert actions.send_mail(mail_id=mail.pk)
    assert not actions.send_mail(mail_id=mail.pk)
    tasks.send_mail(mail.pk)
    (sent,) = mailbox.outbox
    assert (sent.to, sent.subject, sent.body) == (["marisol@example.net"], "Hello", mail.text)
    assert sent.alternatives == [(mail.html, "text/html")]
    assert sent.reply_to == [settings.HELP_EMAIL]
    assert sent.extra_headers["Message-ID"] == f"<{mail.public_id}@127.0.0.1>"
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (OutboxState.DONE, 1, "")
    assert mail.done_at is not None


def test_a_mail_that_is_gone_is_not_sent() -> None:
    assert not actions.send_mail(mail_id=123_456_789)


def test_a_mail_that_is_refused_is_tried_again_after_longer_and_longer_then_parked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[str] = []

    def refuse(message: EmailMessage) -> int:
        tried.append(message.to[0])
        raise ConnectionRefusedError("451 come back later")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    mail = queued()
    pauses = []
    for _ in range(7):
        assert not actions.send_mail(mail_id=mail.pk)
        mail.refresh_from_db()
        pauses.append(round((mail.not_before - timezone.now()) / timedelta(minutes=1)))
        due_now(mail)
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert len(tried) == 5
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (OutboxState.PARKED, 5)
    assert mail.error == "ConnectionRefusedError: 451 come back later"
    assert caplog.text.count("Parked after 5 attempts") == 1


def test_the_address_of_a_mail_that_is_refused_stays_out_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(message: EmailMessage) -> int:
        raise SMTPRecipientsRefused({message.to[0]: (550, b"No such user")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    mail = queued()
    assert not actions.send_mail(mail_id=mail.pk)
    assert "SMTPRecipientsRefused" in caplog.text
    assert mail.to not in caplog.text


def test_a_server_that_hangs_is_given_up_within_the_lease() -> None:
    """Longer, and a second worker would send the same mail beside the first."""
    assert Mail.LEASE.total_seconds() > settings.EMAIL_TIMEOUT


def test_a_mail_is_not_tried_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queued()
    Mail.objects.filter(pk=mail.pk).update(not_before=timezone.now() + timedelta(seconds=5))
    assert not actions.send_mail(mail_id=mail.pk)
    due_now(mail)
    assert actions.send_mail(mail_id=mail.pk)


def test_a_mail_that_recovers_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queued()
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", lambda message: 1 / 0)
        assert not actions.send_mail(mail_id=mail.pk)
    due_now(mail)
    assert actions.send_mail(mail_id=mail.pk)
    assert len(mailbox.outbox) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (OutboxState.DONE, 2, "")


# --- Taking ---------------------------------------------------------------------------------------------


def test_a_row_is_taken_by_one_until_its_lease_runs_out() -> None:
    mail = queued()
    assert actions.take(mail)
    assert not actions.take(mail)
    mail.refresh_from_db()
    assert timedelta(seconds=25) < mail.not_before - timezone.now() <= Mail.LEASE
    due_now(mail)  # the worker died
    assert actions.take(mail)


@pytest.mark.parametrize("state", [OutboxState.DONE, OutboxState.PARKED])
def test_what_is_done_or_parked_is_not_taken(state: str) -> None:
    mail = queued()
    Mail.objects.update(state=state, done_at=timezone.now() if state == OutboxState.DONE else None)
    assert not actions.take(mail)


def test_a_row_that_ends_its_workers_is_parked() -> None:
    """Taken five times, and nobody came back to say anything."""
    mail = queued()
    taken = []
    for _ in range(7):
        taken.append(actions.take(mail))
        due_now(mail)
    assert taken == [True] * 5 + [False] * 2
    mail.refresh_from_db()
    assert mail.state == OutboxState.PARKED


def job_of(cast: Cast) -> Job:
    return actions.queue_job(key="run-1", task="transcripts.run_transcription", subject=cast.run)


def test_work_is_done_once(cast: Cast) -> None:
    job = job_of(cast)
    with actions.work_on(job.pk) as mine:
        assert mine == job
        with actions.work_on(job.pk) as theirs:
            assert theirs is None
    job.refresh_from_db()
    assert job.state == OutboxState.DONE
    with actions.work_on(job.pk) as again:
        assert again is None
    with actions.work_on(123_456_789) as nothing:
        assert nothing is None


def test_work_that_fails_is_kept_for_later_with_its_error(cast: Cast) -> None:
    job = job_of(cast)
    with pytest.raises(ValueError, match="no paper"), actions.work_on(job.pk) as mine:
        assert mine is not None
        raise ValueError("no paper")
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (OutboxState.QUEUED, 1, "ValueError: no paper")
    assert timedelta(seconds=55) < job.not_before - timezone.now() <= timedelta(minutes=1)


def test_progress_renews_the_lease_and_forgives_earlier_attempts(cast: Cast) -> None:
    """A long run is interrupted by every deployment; that does not park it."""
    job = job_of(cast)
    for _ in range(9):
        assert actions.take(job)
        actions.keep(job)
        job.refresh_from_db()
        assert job.attempts == 1
        assert job.not_before > timezone.now() + timedelta(seconds=25)
        due_now(job)
    Job.objects.filter(pk=job.pk).update(state=OutboxState.DONE, done_at=timezone.now())
    with pytest.raises(actions.LeaseLost):
        actions.keep(job)
    job.refresh_from_db()
    assert job.not_before <= timezone.now()  # what is done is done


def test_a_worker_whose_lease_ran_out_stops_and_leaves_the_job_to_the_next(cast: Cast) -> None:
    job = job_of(cast)
    went_on = []
    with actions.work_on(job.pk) as slow:
        assert slow is not None
        due_now(job)  # thirty seconds pass over one document
        with actions.work_on(job.pk) as next_one:
            assert next_one is not None
            actions.keep(next_one)
            with pytest.raises(actions.LeaseLost):
                actions.hand_on(slow, key="the rest")
            actions.put_off(slow, ValueError("no paper"))
            job.refresh_from_db()
            assert (job.not_before, job.error) == (next_one.not_before, "")
        actions.keep(slow)
        went_on.append("the slow one")
    assert went_on == []
    job.refresh_from_db()
    assert (job.state, job.error) == (OutboxState.DONE, "")
    assert not Job.objects.filter(key="the rest").exists()


def test_the_end_of_a_worker_whose_lease_ran_out_does_not_end_the_job(cast: Cast) -> None:
    """It never looked again; the worker that took the job over has its own end."""
    job = job_of(cast)
    with actions.work_on(job.pk) as slow:
        assert slow is not None
        due_now(job)
        assert actions.take(Job.objects.get(pk=job.pk))
    job.refresh_from_db()
    assert job.state == OutboxState.QUEUED


def test_an_error_after_a_renewal_that_was_rolled_back_is_put_off_all_the_same(cast: Cast) -> None:
    job = job_of(cast)
    with pytest.raises(ValueError, match="no paper"), actions.work_on(job.pk) as mine, transaction.atomic():
        assert mine is not None
        actions.keep(mine)
        raise ValueError("no paper")
    job.refresh_from_db()
    assert job.error == "ValueError: no paper"
    assert job.not_before > timezone.now() + timedelta(seconds=55)


def test_the_rest_of_the_work_is_queued_with_the_end_of_its_job(
    cast: Cast,
    nudges: list[tuple[str, int]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    job = job_of(cast)
    with actions.work_on(job.pk) as mine:
        assert mine is not None
        nudges.clear()
        with django_capture_on_commit_callbacks(execute=True):
            rest = actions.hand_on(mine, key="the rest")
    job.refresh_from_db()
    assert job.state == OutboxState.DONE
    assert (rest.key, rest.task, rest.subject_id, rest.state) == (
        "the rest",
        job.task,
        job.subject_id,
        OutboxState.QUEUED,
    )
    assert nudges == [(job.task, rest.pk)]


# --- Sweeping -------------------------------------------------------------------------------------------


def test_a_sweep_nudges_what_waits_and_nothing_else(cast: Cast, nudges: list[tuple[str, int]]) -> None:
    Mail.objects.all().delete()
    Job.objects.all().delete()  # what the cast still has to do
    now = timezone.now()
    waiting, leased, lost = queued("waiting"), queued("leased"), queued("lost")
    Mail.objects.filter(pk=leased.pk).update(not_before=now + timedelta(seconds=30))
    Mail.objects.filter(pk=lost.pk).update(not_before=now - timedelta(seconds=1), attempts=1)
    done, parked = queued("done"), queued("parked")
    Mail.objects.filter(pk=done.pk).update(state=OutboxState.DONE, done_at=now)
    Mail.objects.filter(pk=parked.pk).update(state=OutboxState.PARKED)
    job = job_of(cast)
    assert actions.sweep() == 3
    assert sorted(nudges) == sorted(
        [
            ("accounts.send_mail", waiting.pk),
            ("accounts.send_mail", lost.pk),
            ("transcripts.run_transcription", job.pk),
        ]
    )


def test_a_sweep_is_bounded(nudges: list[tuple[str, int]]) -> None:
    for number in range(5):
        queued(f"mail {number}")
    assert actions.sweep(most=3) == 3
    assert len(nudges) == 3


def test_mail_the_broker_never_heard_of_is_sent_after_a_sweep(nudges: list[tuple[str, int]]) -> None:
    mail = queued()
    assert nudges == []  # the web process died before its commit hooks
    tasks.sweep()
    for task, pk in nudges:
        assert task == "accounts.send_mail"
        tasks.send_mail(pk)
    assert [sent.to for sent in mailbox.outbox] == [[mail.to]]


# --- Events and names -----------------------------------------------------------------------------------


def test_an_event_stands_or_falls_with_its_act(cast: Cast) -> None:
    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.record_event(by=cast.teacher, kind="test.happened", subject=cast.student)
        raise ZeroDivisionError
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("first", "last", "username"),
    [
        ("Marisol", "Vega", "marisol.vega"),
        ("Maximiliano", "Hernández de la Cruz", "maximiliano.hernandez.de.la.cruz"),
        ("Gwen", "O'Farrell", "gwen.ofarrell"),
        ("Ngozi", "", "ngozi"),
        ("李", "小龍", "李.小龍"),
        ("--", "", "user"),
        ("A" * 80, "B", "a" * 60),
    ],
)
def test_user_names_are_made_from_names(first: str, last: str, username: str) -> None:
    assert actions.new_user_name(first, last) == username


def test_a_taken_user_name_gets_a_number() -> None:
    for username in ("marisol.vega", "Marisol.Vega2", "marisol.vegas"):
        make_user(username=username)
    assert actions.new_user_name("Marisol", "Vega") == "marisol.vega3"
    assert actions.new_user_name("Marisol", "Vegas") == "marisol.vegas2"
    assert User.objects.filter(username__iexact="marisol.vega3").count() == 0
