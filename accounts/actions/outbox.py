"""The outbox every other app writes its mail and jobs into, and the workers that empty it."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.sessions import forget_ended_sessions
from accounts.models import Job, Mail, Outbox, OutboxState, RateLimit, User
from accounts.rules import help_email_of, language_of
from sers.lib.letters import write_letter

logger = logging.getLogger(__name__)

SEND_MAIL_TASK = "accounts.send_mail"
#: Why a message was not handed to the mail server: the address is not written to again until it is changed.
ADDRESS_CAME_BACK = "Mail to this address came back before."


def queue_mail(
    *,
    key: str,
    to: str,
    template: str,
    context: Mapping[str, Any],
    person: User | None = None,
    language: str = "",
    reply_to: str = "",
) -> Mail | None:
    """Put one message into the outbox, in the caller's transaction.

    `key` says what the message is about: a second message with the same key is not written (None).
    `template` is `templates/mail/<template>.html`, drawn now from plain values, so that the message tells what stood
    when it was written. `person` is whom it is about: it is written in the language that person chose, unless
    `language` says another, and answers go to that person's consortium, unless `reply_to` says elsewhere.
    The worker is nudged after the commit; if the nudge is lost, the sweep finds the row.
    """
    language = language or language_of(person)
    reply_to = reply_to or help_email_of(person)
    letter = write_letter(
        template,
        {**context, "reply_to": reply_to, "home_url": f"{settings.PUBLIC_URL}/"},
        language=language,
    )
    mail = Mail(
        key=key,
        kind=template,
        person=person,
        to=to,
        reply_to=reply_to,
        language=language,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
    written = Mail.objects.bulk_create([mail], ignore_conflicts=True)
    stored = Mail.objects.filter(key=key, public_id=written[0].public_id).first()
    if stored is not None:
        nudge(SEND_MAIL_TASK, stored.pk)
    return stored


def queue_job(*, key: str, task: str, subject: models.Model) -> Job:
    """Put one piece of work into the outbox, in the caller's transaction; the same key is the same work."""
    job, created = Job.objects.get_or_create(key=key, defaults={"task": task, "subject_id": subject.pk})
    if created:
        nudge(task, job.pk)
    return job


def queue_jobs(*, keys: Mapping[str, models.Model], task: str) -> None:
    """Many pieces of work at once, by their keys and what they are about; the sweep hands them to the workers."""
    Job.objects.bulk_create(
        (Job(key=key, task=task, subject_id=subject.pk) for key, subject in keys.items()),
        ignore_conflicts=True,
        batch_size=1000,
    )


def nudge(task: str, pk: int) -> None:
    """Tell the broker after the commit. A broker that is down delays the work, it does not lose it."""
    transaction.on_commit(lambda: _send(task, pk), robust=True)


def _send(task: str, pk: int) -> bool:
    try:
        current_app.send_task(task, args=[pk], retry=False)
    except Exception as error:  # whatever the broker's client raises: the row stands, the sweep comes
        logger.warning("No nudge for %s %s: %s", task, pk, error)
        return False
    return True


def take(row: Outbox) -> bool:
    """Lease a row of the outbox: true for one worker only, until the lease runs out.

    A row that was taken more than `MOST_ATTEMPTS` times without a sign of progress is parked.
    """
    now = timezone.now()
    rows = type(row)._default_manager.filter(pk=row.pk, state=OutboxState.QUEUED, not_before__lte=now)
    if rows.filter(attempts__gte=Outbox.MOST_ATTEMPTS).update(state=OutboxState.PARKED):
        logger.error("Parked after %s attempts: %s", Outbox.MOST_ATTEMPTS, row)
        return False
    row.not_before = now + Outbox.LEASE
    return rows.update(not_before=row.not_before, attempts=F("attempts") + 1) == 1


class LeaseLost(Exception):
    """The lease ran out over one piece of the work, and another worker has taken the job over."""


def keep(job: Job) -> None:
    """A sign of progress: the lease is renewed and earlier attempts are forgiven.

    Raises `LeaseLost` where the job is another worker's by now, or done: whoever works on it stops there (`work_on`
    ends quietly). In the transaction of a piece of work it guards that piece: nobody takes the job over before the
    commit.
    """
    renewed = timezone.now() + Outbox.LEASE
    rows = Job.objects.filter(pk=job.pk, state=OutboxState.QUEUED, not_before=job.not_before)
    if not rows.update(not_before=renewed, attempts=1):
        raise LeaseLost(f"{job.key} is another worker's")
    job.not_before = renewed


@contextmanager
def work_on(job_id: int) -> Iterator[Job | None]:
    """Run the body once for a queued job: None when another worker has it or it is done.

    An error is written on the row and tried again later, each time after a longer pause. Whose lease ran out leaves
    the row to the worker that took it over.
    """
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not take(job):
        yield None
        return
    try:
        yield job
    except LeaseLost as lost:
        logger.warning("Stopped: %s", lost)
        return
    except Exception as error:
        put_off(job, error)
        raise
    _end(job)


def hand_on(job: Job, *, key: str) -> Job:
    """End a job and queue the next piece of the same work under `key`, both or neither.

    Raises `LeaseLost` where the job is another worker's by now: that worker says when its piece is over.
    """
    with transaction.atomic():
        if not _end(job):
            raise LeaseLost(f"{job.key} is another worker's")
        following, created = Job.objects.get_or_create(
            key=key, defaults={"task": job.task, "subject_id": job.subject_id}
        )
        if created:
            nudge(job.task, following.pk)
    return following


def _end(job: Job) -> bool:
    rows = Job.objects.filter(pk=job.pk, state=OutboxState.QUEUED, not_before=job.not_before)
    return bool(rows.update(state=OutboxState.DONE, done_at=timezone.now(), error=""))


def set_going(job: Job) -> None:
    """A job that was given up gets as many tries as a new one; a worker is nudged after the commit."""
    rows = Job.objects.filter(pk=job.pk, state=OutboxState.PARKED)
    if rows.update(state=OutboxState.QUEUED, attempts=0, not_before=timezone.now()):
        nudge(job.task, job.pk)


def put_off(row: Outbox, error: Exception) -> None:
    """Try a failed row again later: after 1, 2, 4, 8 minutes; then it is parked by `take`.

    A row that another worker has taken over meanwhile, or is done with, is left alone.
    """
    row.refresh_from_db(fields=("attempts",))
    pause = timedelta(minutes=2 ** max(row.attempts - 1, 0))
    # Not later than our own lease: an error can have rolled back its last renewal.
    ours = type(row)._default_manager.filter(
        pk=row.pk, state=OutboxState.QUEUED, not_before__lte=row.not_before
    )
    ours.update(not_before=timezone.now() + pause, error=f"{type(error).__name__}: {error}"[:2000])


def message_id_of(mail: Mail) -> str:
    """The Message-ID a mail leaves with: a bounce names it, and so names its row."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"<{mail.public_id}@{host}>"


def send_mail(*, mail_id: int) -> bool:
    """Hand one message to the mail server. The Message-ID is the row's, so a repeat can be told."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None or not take(mail):
        return False
    if Mail.objects.back_from(mail.to).exists():
        Mail.objects.filter(pk=mail.pk).update(state=OutboxState.PARKED, error=ADDRESS_CAME_BACK)
        return False
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        settings.BOUNCE_EMAIL,  # the envelope: where a mail server sends what it cannot deliver
        [mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id_of(mail),
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",  # RFC 3834: holiday notices do not answer it
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except Exception as error:
        put_off(mail, error)
        # The server's words name the address: they stay on the row.
        logger.warning("Mail %s was not taken: %s", mail.pk, type(error).__name__)
        return False
    Mail.objects.filter(pk=mail.pk).update(state=OutboxState.DONE, done_at=timezone.now(), error="")
    return True


def sweep(*, most: int = 500) -> int:
    """Nudge again whatever waits for a worker: what a dead broker, web process or worker dropped.

    Counts of tries and sessions that are over are swept with it.
    """
    now = timezone.now()
    RateLimit.objects.filter(ends_at__lt=now).delete()
    forget_ended_sessions()
    nudged = 0
    due = [(SEND_MAIL_TASK, mail.pk) for mail in Mail.objects.due(now)[:most]]
    due += [(job.task, job.pk) for job in Job.objects.due(now)[:most]]
    for task, pk in due:
        if not _send(task, pk):
            break  # the broker is down: the next sweep comes in seconds
        nudged += 1
    return nudged
