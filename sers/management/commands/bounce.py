"""Read one delivery status report from the standard input: what a mail server sends when it could not deliver.

The mailbox of `BOUNCE_EMAIL` is piped into it, for example in Postfix: `bounces: "|/srv/sers/manage.py bounce"`.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import take_back

#: More than any mail server sends back of a mail of ours.
MOST = 5 * 1024 * 1024


class Command(BaseCommand):
    """Note that a mail came back. What is no such report is left alone, so that the mail server keeps going."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        mail = take_back(report=sys.stdin.buffer.read(MOST))
        self.stdout.write(f"Mail {mail.pk} came back." if mail is not None else "No mail of SERS came back.")
