"""Watching how SERS runs: slow pages and backups noted, jobs set going again, people of the State told."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event, set_going
from accounts.models import Job, User
from organizations.models import Seat
from reports import rules
from reports.models import Backup, SlowPage
from sers.lib.refusal import Refused


def note_slow_page(*, page: str, milliseconds: int) -> None:
    """Count a page that took too long, in one statement; a hundred at once are a hundred."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO reports_slowpage AS known (page, day, times, slowest_ms) VALUES (%s, %s, 1, %s)
            ON CONFLICT (page, day) DO UPDATE SET
                times = known.times + 1, slowest_ms = greatest(known.slowest_ms, excluded.slowest_ms)
            """,
            [page[:80], timezone.localdate(), milliseconds],
        )


def forget_slow_pages(*, now: datetime | None = None) -> int:
    """The daily sweep: what was slow before the last week is not looked at any more. How many rows."""
    begins = timezone.localdate((now or timezone.now()) - rules.LOOKED_BACK)
    return SlowPage.objects.filter(day__lt=begins).delete()[0]


def note_backup(*, size: int, where: str) -> Backup:
    """Write down that a backup ended well: how large it is and where it is kept."""
    return Backup.objects.create(size=size, where=where)


def resume_job(*, key: str, by: User) -> Job:
    """Set a job going again that was given up, with five new tries. Pressed twice, it goes once."""
    with transaction.atomic():
        job: Job | None = Job.objects.parked([key]).select_for_update().first()
        if job is None:
            raise Refused(rules.NOT_PARKED)
        set_going(job)
        record_event(by=by, kind="reports.job_set_going", subject=job, data={"error": job.error[:200]})
    return job


def watch(*, now: datetime | None = None) -> int:
    """Every few minutes: tell people of the State what stands still, once a day for each kind. How many mails."""
    now = now or timezone.now()
    found = rules.alarms(now)
    if not found:
        return 0
    written = 0
    day = timezone.localdate(now)
    for seat in Seat.objects.held_by_the_state(day).select_related("user").order_by("pk"):
        for alarm in found:
            mail = queue_mail(
                key=f"alarm-{alarm.kind}-{day}-{seat.user_id}",
                to=seat.user.email,
                person=seat.user,
                language="en",
                template="reports/alarm",
                context={
                    "first_name": seat.user.first_name,
                    "words": alarm.words,
                    "url": f"{settings.PUBLIC_URL}{reverse('reports:operations')}",
                },
            )
            written += mail is not None
    return written
