"""Whose records an account or a session was shown in a stretch of time, as CSV; docs/after-a-breach.md says what then.

    manage.py who_was_exposed --user terry.teacher --from "2026-11-20 08:00" --to "2026-11-23 17:30" > exposed.csv
    manage.py who_was_exposed --session 3f1c... --from 2026-11-20

Moments are Pacific time; a day alone means from its first moment (`--from`) to its last (`--to`). The list goes to the
standard output, the count to the standard error.
"""

import csv
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from sers.lib.sheets import safe
from students.actions import session_mark
from students.models import Disclosure
from students.rules import EXPOSED_HEADS, exposed_row

#: Rows that are held at once, however many there are.
AT_ONCE = 2000


class Command(BaseCommand):
    """Ends with 1 and one line when it does not know the account, or cannot read a moment."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", default="", help="user name of the account")
        parser.add_argument(
            "--session", default="", help="a session's key, or the fingerprint the log keeps of it"
        )
        parser.add_argument("--from", dest="since", default="", help='like "2026-11-20 08:00", Pacific time')
        parser.add_argument("--to", dest="until", default="", help='like "2026-11-23 17:30", Pacific time')

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["user"] and not options["session"]:
            raise CommandError("Name the account with --user, the session with --session, or both.")
        since = _moment("--from", options["since"], time.min)
        until = _moment("--to", options["until"], time.max)
        if since and until and until < since:
            raise CommandError("--to lies before --from.")
        actor = _account(options["user"]) if options["user"] else None
        shown = Disclosure.objects.touched(
            actor=actor, session=_mark(options["session"]), since=since, until=until
        )
        writer = csv.writer(self.stdout)
        writer.writerow(EXPOSED_HEADS)
        rows, people = 0, set[int]()
        for row in shown.exposed().iterator(chunk_size=AT_ONCE):
            writer.writerow([safe(cell) for cell in exposed_row(row)])
            rows += 1
            people.add(row["student_id"])
        self.stderr.write(f"{len(people):,} students, {rows:,} readings.")


def _account(username: str) -> User:
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise CommandError(f"No account has the user name {username.strip()!r}.")
    return user


def _mark(typed: str) -> str:
    """The fingerprint of a session; a key is made into one, so that either may be given."""
    typed = typed.strip()
    if not typed or Disclosure.objects.filter(session=typed).exists():
        return typed
    return session_mark(typed)


def _moment(option: str, typed: str, edge: time) -> datetime | None:
    """A moment in Pacific time; a day alone is its edge."""
    if not typed:
        return None
    try:
        if len(typed) == 10:
            return timezone.make_aware(datetime.combine(date.fromisoformat(typed), edge))
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise CommandError(
            f'{option} reads "{typed}". Write it like 2026-11-20 or "2026-11-20 08:00".'
        ) from None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
