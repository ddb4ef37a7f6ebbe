"""Note that a backup of the database ended well: the last line of what takes it.

    pg_dump --format=custom "$DATABASE_URL" > sers.dump && manage.py note_backup --size "$(stat -c %s sers.dump)" --where "vault 2"

People of the State read it on the page of operations, and are told when it is older than a day.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.actions import note_backup


class Command(BaseCommand):
    """Write down how large a backup is and where it is kept."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, required=True, help="bytes")
        parser.add_argument("--where", required=True, help="where it is kept, in words, without a secret")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["size"] <= 0 or not options["where"].strip():
            raise CommandError("A backup has a size and a place: it was not noted.")
        backup = note_backup(size=options["size"], where=options["where"].strip()[:120])
        self.stdout.write(f"The backup of {backup.taken_at:%Y-%m-%d %H:%M} UTC is noted.")
