"""The summer transcription of the whole State, extrapolated: real students of one run, by one worker and by two.

`python -m sers.bench.summer RUN SECONDS` is one worker: it transcribes until the time is over and prints how many
students it did, how long that took, how much of it went into documents, and how much of a processor it had.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STUDENTS = 60_000


@dataclass(frozen=True, slots=True)
class Pace:
    """So many workers together: students done, and seconds of each worker by what they went into."""

    workers: int
    students: int
    seconds: float
    documents: float
    processor: float

    @property
    def per_second(self) -> float:
        return self.students / self.seconds if self.seconds else 0.0

    @property
    def milliseconds(self) -> float:
        """One student, of one worker."""
        return self.workers * self.seconds / self.students * 1000 if self.students else 0.0

    @property
    def document_milliseconds(self) -> float:
        return self.documents / self.students * 1000 if self.students else 0.0

    @property
    def processor_milliseconds(self) -> float:
        """The worker's own work on one student: on a machine that is busy otherwise this says more than the clock."""
        return self.processor / self.students * 1000 if self.students else 0.0

    @property
    def state_in_minutes(self) -> float:
        return STUDENTS / self.per_second / 60 if self.students else float("inf")


def measure(tell: Callable[[str], None], seconds: float) -> None:
    """Start or go on with the run of the college where most students wait, and time one worker, then two."""
    from accounts.access import Role
    from accounts.models import User
    from organizations.models import AcademicYear, College
    from transcripts import actions, rules
    from transcripts.models import TranscriptionRun

    waiting = max(
        rules.waiting(College.objects.values_list("pk", flat=True)),
        key=lambda one: one.students if not one.on_request else 0,
        default=None,
    )
    if waiting is None:
        tell("summer run: no completed class waits for credit in this data")
        return
    college = College.objects.get(pk=waiting.college_id)
    year = AcademicYear.objects.get(pk=waiting.year_id)
    by = User.objects.filter(seats__role=Role.REGISTRAR, seats__college=college).order_by("pk")[0]
    begun = time.perf_counter()
    run = TranscriptionRun.objects.live().filter(college=college, year=year).first() or actions.start_run(
        college=college, year=year, by=by
    )
    took = time.perf_counter() - begun
    TranscriptionRun.objects.filter(pk=run.pk).update(state=TranscriptionRun.State.RUNNING)
    figures = rules.totals(run)
    tell(f"\nsummer run of {college}, {year}: {figures.found:,} classes found in {took * 1000:.0f} ms")
    paces = [pace for workers in (1, 2) if (pace := _together(run.pk, workers, seconds)).students]
    for pace in paces:
        tell(
            f"{pace.workers} worker{'s' if pace.workers > 1 else ' '}: {pace.students:>5} students, "
            f"{pace.per_second:6.1f} a second, {pace.milliseconds:5.0f} ms each ({pace.processor_milliseconds:.0f} ms of the "
            f"worker's processor), of it {pace.document_milliseconds:.0f} ms document; {STUDENTS:,} students in {pace.state_in_minutes:.0f} minutes"
        )
    if len(paces) == 2:
        tell(f"a second worker makes it {paces[1].per_second / paces[0].per_second:.2f} times as fast")
    run.refresh_from_db()
    actions.stop_run(run=run, by=by)
    tell(f"totals agree: {rules.totals(run).agree}; the ledger holds: {rules.check_ledger(run).holds}")


def _together(run_id: int, workers: int, seconds: float) -> Pace:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "sers.bench.summer", str(run_id), str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers)
    ]
    done = [json.loads(one.communicate()[0].splitlines()[-1]) for one in running]
    return Pace(
        workers,
        sum(one["students"] for one in done),
        max(one["seconds"] for one in done),
        sum(one["documents"] for one in done),
        sum(one["processor"] for one in done),
    )


def work(run_id: int, seconds: float) -> dict[str, Any]:
    """One worker, without a broker to nudge: mail and jobs stay rows."""
    from accounts.actions import outbox
    from sers.lib import press
    from transcripts import actions, documents

    in_documents = 0.0
    # The fonts are unpacked before the clock runs, as in a worker that is at it.
    press._press()
    draw = documents.draw

    def timed(*args: Any, **kwargs: Any) -> tuple[bytes, bytes]:
        nonlocal in_documents
        start = time.perf_counter()
        drawn = draw(*args, **kwargs)
        in_documents += time.perf_counter() - start
        return drawn

    outbox._send = lambda task, pk: True
    documents.draw = timed
    students, start, had = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds and actions.transcribe_next(run_id=run_id):
        students += 1
    return {
        "students": students,
        "seconds": time.perf_counter() - start,
        "documents": in_documents,
        "processor": time.process_time() - had,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")
    import django

    django.setup()
    print(json.dumps(work(int(sys.argv[1]), float(sys.argv[2]))))
