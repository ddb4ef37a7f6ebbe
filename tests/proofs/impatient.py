"""SERS's own workers with short leases, for proofs that cannot wait: `celery --app tests.proofs.impatient worker`.

DEATHS: a folder; a worker that reaches a step of which a file lies there takes the file away and kills itself, or the
server whose process group the file names.
LEASE: seconds until a job whose worker died is due again. PRESS=quick: a few bytes stand for each document.
"""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.signals import worker_init

from sers.celery import app
from tests.proofs.summer import STEPS

LEASE = timedelta(seconds=float(os.environ.get("LEASE", "2")))
app.conf.beat_schedule = {"sweep": {"task": "accounts.sweep", "schedule": 1.0, "options": {"expires": 5}}}


def deadly(folder: Path) -> None:
    """Each step may be the last of a worker: once for every file that names it."""
    import importlib

    def die_at(step: str) -> None:
        try:
            server = (folder / step).read_text()
            (folder / step).unlink()  # one process alone succeeds
        except FileNotFoundError:
            return
        if server:
            os.killpg(int(server), signal.SIGKILL)
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    for path in STEPS:
        module, _, name = path.rpartition(".")
        home = importlib.import_module(module)
        original = getattr(home, name)

        def step(*args: Any, _original: Any = original, _path: str = path, **kwargs: Any) -> Any:
            die_at(f"before {_path}")
            answer = _original(*args, **kwargs)
            die_at(f"after {_path}")
            return answer

        setattr(home, name, step)


@worker_init.connect
def hurry(**_: Any) -> None:
    from accounts.models import Outbox
    from transcripts import documents

    Outbox.LEASE = LEASE
    if os.environ.get("PRESS") == "quick":

        def few_bytes(*_: Any) -> tuple[bytes, bytes]:
            time.sleep(0.02)
            return b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n%%EOF\n"

        documents.draw = few_bytes

    if deaths := os.environ.get("DEATHS"):
        deadly(Path(deaths))
