"""How SERS runs, as its own database knows it: what waits, what stands still, backups, slow pages, sign-ins, large lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from accounts.models import Event, Job, Mail, OpenSession, Outbox
from reports.models import Backup, ListExport, SlowPage
from reports.rules.exports import size_in_words
from reports.rules.lists import LARGE
from sers.lib.moments import moment
from sers.lib.refusal import Refusal
from students.models import Inspection
from students.rules.inspections import inspections_in_words

#: What waits longer than this stands still: the sweep nudges it every 15 seconds.
STILL: Final = timedelta(minutes=10)
#: A backup a night, and two hours for it to end.
BACKUP_EVERY: Final = timedelta(hours=26)
#: How far back the page looks for slow pages and large lists, and for sign-ins.
LOOKED_BACK: Final = timedelta(days=7)
SIGN_INS_BACK: Final = timedelta(hours=24)
#: A person signed in from so many networks at once is worth a look.
MANY_NETWORKS: Final = 3
#: So many addresses that were refused in a day are somebody trying passwords.
MANY_REFUSED: Final = 20
MOST_ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class Load:
    """One outbox: how much waits, since when, and how much was given up."""

    name: str
    waiting: int
    tried: int
    oldest: datetime | None
    parked: int
    stands_still: bool

    @property
    def tag(self) -> str:
        return "stop" if self.stands_still else "wait" if self.parked else "done"

    @property
    def label(self) -> str:
        return "Stands still" if self.stands_still else "Some given up" if self.parked else "Runs"


def load_of(name: str, outbox: type[Outbox], now: datetime) -> Load:
    """How an outbox stands; two queries."""
    queued = outbox.objects.load(now)
    oldest = queued["oldest"]
    return Load(
        name,
        queued["waiting"],
        queued["tried"],
        oldest,
        outbox.objects.standing_still().order_by().count(),
        oldest is not None and oldest < now - STILL,
    )


def loads(now: datetime) -> list[Load]:
    """Mail and jobs; four queries."""
    return [load_of("Mail", Mail, now), load_of("Jobs", Job, now)]


@dataclass(frozen=True, slots=True)
class BackupState:
    """What is known of backups: what was told, and what the database archives by itself."""

    tag: str
    label: str
    words: str


def archived_at() -> datetime | None:
    """When the database last archived its log, if it does: to a managed database this is part of its backup."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_archived_time FROM pg_stat_archiver")
        (when,) = cursor.fetchone()
    found: datetime | None = when
    return found


def backup_state(last: Backup | None, archived: datetime | None, now: datetime) -> BackupState:
    """The truth about backups: SERS takes none and believes none that it was not told of."""
    log = f" The database archived its log at {moment(archived)}." if archived else ""
    if last is None:
        return BackupState(
            "stop",
            "Not known",
            "No backup was ever noted. What takes backups notes each with “manage.py note_backup”." + log,
        )
    words = f"Taken {moment(last.taken_at)}, {size_in_words(last.size)}, kept at {last.where}.{log}"
    if last.is_older_than(now - BACKUP_EVERY):
        return BackupState("stop", "Too old", words)
    return BackupState("done", "Taken", words)


@dataclass(frozen=True, slots=True)
class SignIns:
    """What is odd about sign-ins of the last day."""

    refused: int
    recovered: int
    spread: Sequence[dict[str, Any]]


def sign_ins(now: datetime) -> SignIns:
    """Addresses that tried too often, recovery codes that were used, people in from many networks; three queries."""
    since = now - SIGN_INS_BACK
    return SignIns(
        Event.objects.of_sign_in("accounts.sign_in_refused", since).count(),
        Event.objects.of_sign_in("accounts.recovery_code_used", since).count(),
        list(OpenSession.objects.from_networks(now, MANY_NETWORKS)[:MOST_ROWS]),
    )


def slow_pages(now: datetime) -> list[dict[str, Any]]:
    """Pages that took longer than a second in the last week; their seconds in words."""
    found = SlowPage.objects.since(timezone.localdate(now - LOOKED_BACK))[:MOST_ROWS]
    return [{**row, "seconds": f"{row['slowest'] / 1000:.1f} s"} for row in found]


def large_lists(now: datetime) -> list[ListExport]:
    """Lists of ten thousand rows and more that were asked for in the last week."""
    recent = ListExport.objects.filter(asked_at__gte=now - LOOKED_BACK)
    return list(recent.large(LARGE).latest_first()[:MOST_ROWS])


def inspections_standing(now: datetime) -> str:
    """How requests to see a record stand in the State; what is overdue is told here as well."""
    return inspections_in_words(Inspection.objects.tally(timezone.localdate(now)))


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that somebody must look at; told once a day for each kind."""

    kind: str
    words: str


def alarms(now: datetime) -> list[Alarm]:
    """What stands still or is missing now. A backup is missed only where one was taken before: a new house has none."""
    found = []
    for load in loads(now):
        if load.stands_still and load.oldest is not None:
            found.append(
                Alarm(
                    f"{load.name.lower()}-still",
                    f"{load.name} waits since {moment(load.oldest)}: {load.waiting:,} to do.",
                )
            )
        if load.parked:
            found.append(
                Alarm(
                    f"{load.name.lower()}-parked", f"{load.name} given up after five tries: {load.parked:,}."
                )
            )
    last = Backup.objects.newest()
    if last is not None and last.is_older_than(now - BACKUP_EVERY):
        found.append(Alarm("backup", f"The last backup was taken {moment(last.taken_at)}."))
    refused = Event.objects.of_sign_in("accounts.sign_in_refused", now - SIGN_INS_BACK).count()
    if refused >= MANY_REFUSED:
        found.append(Alarm("sign-ins", f"{refused:,} times somebody tried passwords too often within a day."))
    late = Inspection.objects.overdue(timezone.localdate(now)).count()
    if late:
        found.append(Alarm("inspections", f"Requests to see a record that are overdue: {late:,}."))
    return found


def heading_of_operations(found: Sequence[Load]) -> str:
    """What stands at the top of the page: the worst there is."""
    if any(load.stands_still for load in found):
        return "Work stands still"
    if any(load.parked for load in found):
        return "Some work was given up"
    return "SERS runs"


#: Only a job that was given up is set going: one that waits is tried again by itself.
NOT_PARKED: Final = Refusal(
    "not_parked", "This job does not stand still any more.", "There is nothing to set going."
)
