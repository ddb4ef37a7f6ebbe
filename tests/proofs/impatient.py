"""SERS's own workers with short leases, for proofs that cannot wait: `celery --app tests.proofs.impatient worker`.

LEASE: seconds until a job whose worker died is due again. PRESS=quick: a few bytes stand for each document.
"""

import os
import time
from datetime import timedelta
from typing import Any

from celery.signals import worker_init

from sers.celery import app

LEASE = timedelta(seconds=float(os.environ.get("LEASE", "2")))
app.conf.beat_schedule = {"sweep": {"task": "accounts.sweep", "schedule": 1.0, "options": {"expires": 5}}}


@worker_init.connect
def hurry(**_: Any) -> None:
    from accounts.models import Outbox
    from transcripts import documents

    Outbox.LEASE = LEASE
    if os.environ.get("PRESS") == "quick":

        def few_bytes(*_: Any) -> bytes:
            time.sleep(0.02)
            return b"%PDF-1.7\n%%EOF\n"

        documents.transcript_pdf = few_bytes
