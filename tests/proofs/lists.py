"""A list for the proofs, made in a process of its own that may be killed.

`python -m tests.proofs.lists 7` does job 7, `CHUNK` rows at a time; DIE_AT names the step before which the process kills
itself, and after how many times it came there. It says how much memory it took at its peak, in megabytes, and how many
seconds.
"""

import json
import os
import sys
import time
from pathlib import Path

from tests.proofs.rosters import die_at

#: Where a worker can die, by module and name.
STEPS = (
    "reports.actions.lists.disclose",  # rows are read, and nobody is noted as shown yet
    "reports.actions.lists.keep",  # a part of the rows is written
    "reports.actions.lists._keep_file",  # all rows are written, on its own disk alone
    "reports.actions.lists.queue_mail",  # the file is kept, before the commit
)


def main(job_id: str) -> None:
    import django

    django.setup()
    from reports import tasks
    from reports.actions import lists

    lists.CHUNK = int(os.environ.get("CHUNK", lists.CHUNK))
    if step := os.environ.get("DIE_AT"):
        name, _, times = step.partition(" ")
        die_at(name, int(times or 1))
    began = time.monotonic()
    tasks.make_list(int(job_id))
    sys.stdout.write(json.dumps({"megabytes": peak(), "seconds": time.monotonic() - began}))


def peak() -> float:
    """The most memory this process had. Not `ru_maxrss`: that begins with the memory of who started the process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1])
