"""A letter to a group for the proofs, sent by a process of its own that may be killed.

`python -m tests.proofs.letters 7` does job 7, two people at a time; DIE_AT names the step before which the process kills
itself, and after how many times it came there.
"""

import os
import sys

from tests.proofs.rosters import die_at

#: Where a worker can die, by module and name.
STEPS = (
    "reports.actions.mailings.queue_mail",  # within a part: nobody of it has a letter yet
    "reports.actions.mailings.keep",  # a part has its letters
)


def main(job_id: str) -> None:
    import django

    django.setup()
    from reports import rules, tasks

    rules.BATCH = 2
    if step := os.environ.get("DIE_AT"):
        name, _, times = step.partition(" ")
        die_at(name, int(times or 1))
    tasks.deliver_mailing(int(job_id))


if __name__ == "__main__":
    main(sys.argv[1])
