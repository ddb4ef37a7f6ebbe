"""Fill an empty database with the demo state, or with invented data of the State's size."""

import time
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from organizations.models import Consortium
from reports.actions import count_tonight
from sers.seed.demo import build_demo
from sers.seed.people import DEMO_PASSWORD, DEMO_PEOPLE
from sers.seed.state import build_state
from students.models import Student


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a day; write it as 2026-11-22") from None


class Command(BaseCommand):
    help = "Fill an empty database with invented data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are people already"
        )
        parser.add_argument(
            "--size", choices=("demo", "state"), default="demo", help="demo, or the whole State for measuring"
        )
        parser.add_argument("--scale", type=float, default=1.0, help="of the State's size (1)")
        parser.add_argument("--on", type=a_day, default=None, help="the reference day (today, Pacific time)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The seed invents people: it runs in the demo state alone (SERS_DEMO=1).")
        if User.objects.exists() or Student.objects.exists() or Consortium.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The database holds data already: the seed fills an empty one only.")
        day = options["on"] or timezone.localdate()
        began = time.monotonic()
        with transaction.atomic():
            if options["size"] == "state":
                build_state(day, scale=options["scale"], tell=self.stdout.write)
            else:
                build_demo(day, tell=self.stdout.write)
            self.stdout.write("Counting figures ...")
            count_tonight(on=day)
        if options["size"] == "state" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")  # as a database is that has been running for a while
        self.stdout.write(
            f"Seeded in {time.monotonic() - began:.0f} s. Sign in as {DEMO_PEOPLE[0].username} and others, "
            f"password {DEMO_PASSWORD}."
        )
