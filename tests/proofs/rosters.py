"""A district's roster for the proofs, worked on in a process of its own that may be killed.

`python -m tests.proofs.rosters read 7` does job 7; DIE_AT names the step before which the process kills itself, and after
how many times it came there. It says how much memory it took at its peak, in megabytes, and how many seconds.
"""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

#: Where a worker can die, by module and name.
STEPS = (
    "students.actions.school_rosters.keep",  # the next part of the lines is kept
    "students.models.Comparison.count",  # taking in has begun
    "students.actions.school_rosters._write_entries",  # before rows are written
    "students.actions.school_rosters.record_event",  # after they are written, before the commit
)


def roster_of(lines: int) -> bytes:
    """A CSV of so many students of one class."""
    rows = "".join(f"ACCTG23,{at},Ana,Cruz{at},ana{at}@school.example.org,11\n" for at in range(lines))
    return f"class code,student number,first name,last name,e-mail,grade level\n{rows}".encode()


def die_at(step: str, times: int) -> None:
    """The process kills itself when it comes to this step for this time."""
    import importlib

    module, _, name = step.rpartition(".")
    try:
        home: Any = importlib.import_module(module)
    except ModuleNotFoundError:
        module, _, owner = module.rpartition(".")
        home = getattr(importlib.import_module(module), owner)
    original: Callable[..., Any] = getattr(home, name)
    came = 0

    def last(*args: Any, **kwargs: Any) -> Any:
        nonlocal came
        came += 1
        if came == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(home, name, last)


def main(what: str, job_id: str) -> None:
    import django

    django.setup()
    from students import tasks

    if step := os.environ.get("DIE_AT"):
        name, _, times = step.partition(" ")
        die_at(name, int(times or 1))
    began = time.monotonic()
    {"read": tasks.read_roster, "take_in": tasks.take_in_roster}[what](int(job_id))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"megabytes": peak, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main(*sys.argv[1:])
