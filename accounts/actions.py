"""What is done with accounts, and the outbox every other app writes its mail and jobs into."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.mail import EmailMessage
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import rules
from accounts.models import Event, Job, Mail, Outbox, OutboxState, RateLimit, User
from sers.lib.folding import fold
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused

logger = logging.getLogger(__name__)

SEND_MAIL_TASK = "accounts.send_mail"


def record_event(
    *, by: User | None, kind: str, subject: models.Model, data: Mapping[str, Any] | None = None
) -> Event:
    """Write down who did what to which thing. Called inside the transaction of the act itself."""
    return Event.objects.create(
        actor=by,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data=dict(data or {}),
    )


def queue_mail(*, key: str, to: str, subject: str, text: str) -> Mail | None:
    """Put one message into the outbox, in the caller's transaction.

    `key` says what the message is about: a second message with the same key is not written (None).
    The worker is nudged after the commit; if the nudge is lost, the sweep finds the row.
    """
    mail = Mail(key=key, to=to, subject=" ".join(subject.split()), text=text)
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


def keep(job: Job) -> None:
    """A sign of progress: the lease is renewed and earlier attempts are forgiven."""
    renewed = timezone.now() + Outbox.LEASE
    rows = Job.objects.filter(pk=job.pk, state=OutboxState.QUEUED, not_before=job.not_before)
    if rows.update(not_before=renewed, attempts=1):
        job.not_before = renewed


@contextmanager
def work_on(job_id: int) -> Iterator[Job | None]:
    """Run the body once for a queued job: None when another worker has it or it is done.

    An error is written on the row and tried again later, each time after a longer pause.
    """
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not take(job):
        yield None
        return
    try:
        yield job
    except Exception as error:
        put_off(job, error)
        raise
    # Whose lease ran out meanwhile leaves the row to the worker that took it over.
    Job.objects.filter(pk=job.pk, not_before=job.not_before).update(
        state=OutboxState.DONE, done_at=timezone.now(), error=""
    )


def put_off(row: Outbox, error: Exception) -> None:
    """Try a failed row again later: after 1, 2, 4, 8 minutes; then it is parked by `take`."""
    row.refresh_from_db(fields=("attempts",))
    pause = timedelta(minutes=2 ** max(row.attempts - 1, 0))
    type(row)._default_manager.filter(pk=row.pk).update(
        not_before=timezone.now() + pause, error=f"{type(error).__name__}: {error}"[:2000]
    )


def send_mail(*, mail_id: int) -> bool:
    """Hand one message to the mail server. The Message-ID is the row's, so a repeat can be told."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None or not take(mail):
        return False
    message = EmailMessage(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        headers={"Message-ID": f"<{mail.public_id}@{settings.PUBLIC_URL.split('//')[-1].split(':')[0]}>"},
    )
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

    Counts of tries that are over are swept with it.
    """
    now = timezone.now()
    RateLimit.objects.filter(ends_at__lt=now).delete()
    nudged = 0
    due = [(SEND_MAIL_TASK, mail.pk) for mail in Mail.objects.due(now)[:most]]
    due += [(job.task, job.pk) for job in Job.objects.due(now)[:most]]
    for task, pk in due:
        if not _send(task, pk):
            break  # the broker is down: the next sweep comes in seconds
        nudged += 1
    return nudged


def count_try(*, what: str, within: timedelta) -> RateLimit:
    """Count one more try of `what` and tell how many there were since its first, in one statement.

    Two at once get two numbers, so a limit that is compared with the answer holds under any load. After
    `within` from the first try the count begins again. Called outside a transaction: one that is rolled back
    would forget the try.
    """
    now = timezone.now()
    limit = RateLimit(key=salted_hmac("accounts.count_try", what, algorithm="sha256").hexdigest())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_ratelimit AS known (key, tries, ends_at) VALUES (%(key)s, 1, %(end)s)
            ON CONFLICT (key) DO UPDATE SET
                tries = CASE WHEN known.ends_at > %(now)s THEN least(known.tries + 1, 1000000) ELSE 1 END,
                ends_at = CASE WHEN known.ends_at > %(now)s THEN known.ends_at ELSE excluded.ends_at END
            RETURNING id, tries, ends_at
            """,
            {"key": limit.key, "now": now, "end": now + within},
        )
        limit.pk, limit.tries, limit.ends_at = cursor.fetchone()
    return limit


def recognize(*, username: str, password: str, address: str) -> User | None:
    """The person whose user name and password these are, or None; Refused after too many tries.

    A try is counted before the password is looked at, so that many at once cannot slip past the limit, and
    is taken back when it was right. What is refused tells nothing about the password. The limit on an
    account counts per address: nobody elsewhere can keep its owner out.
    """
    where = f"sign-in from {address}"
    who = f"sign-in as {username.casefold()} from {address}"
    limits = [
        (count_try(what=what, within=rules.SIGN_IN_WITHIN), most)
        for what, most in ((where, rules.SIGN_IN_TRIES_OF_ADDRESS), (who, rules.SIGN_IN_TRIES_OF_ACCOUNT))
    ]
    for limit, most in limits:
        refusal = rules.why_not_try(limit, most)
        if refusal is not None:
            logger.warning("Sign-in refused: more than %s tries", most)
            raise Refused(refusal)
    user = authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        return None
    with transaction.atomic():
        (of_address, _), (of_account, _) = limits
        RateLimit.objects.filter(pk=of_address.pk, tries__gt=0).update(tries=F("tries") - 1)
        RateLimit.objects.filter(pk=of_account.pk).delete()
        record_event(by=user, kind="accounts.signed_in", subject=user)
    return user


def new_user_name(first_name: str, last_name: str) -> str:
    """A user name made from the name, never changed later: `marisol.vega`, `marisol.vega2`, ...

    Holds a lock per base name until the transaction ends, so that two people at once get two names.
    """
    base = ".".join(fold(f"{first_name} {last_name}").split())[:60] or "user"
    one_at_a_time(f"user name {base}")
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    taken = {name.casefold() for name in taken}
    number = 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}{number}"
    return name
