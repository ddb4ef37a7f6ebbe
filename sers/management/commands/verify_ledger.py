"""Recompute the hash chain of every transcription run, and name the first link of each that does not hold."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from transcripts.models import TranscriptionRun
from transcripts.rules import check_ledger


class Command(BaseCommand):
    """Ends with 1 when a chain is broken, so that a restore drill or a watch can ask it."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", nargs="*", help="only runs of these public ids")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = TranscriptionRun.objects.with_names().order_by("started_at", "id")
        if options["run"]:
            runs = runs.filter(public_id__in=options["run"])
        broken = links = 0
        for run in runs:
            checked = check_ledger(run)
            links += checked.links
            if not checked.holds:
                broken += 1
                where = f"award {checked.broken.pk}" if checked.broken else "the end"
                self.stdout.write(
                    f"BROKEN {run.public_id} {run.title}, {run.college}: after {checked.links:,} links, at {where}. "
                    f"{checked.wrong}"
                )
        self.stdout.write(f"{len(runs):,} runs, {links:,} links hold, {broken:,} broken")
        if broken:
            sys.exit(1)
