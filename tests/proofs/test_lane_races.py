"""Two lanes of one run reach for the same student: one counts the attempt, the other looks further.

And a worker that was thought dead still holds the last student when the next worker of its job asks for more.
"""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.db.models import FloatField, Func, Q, Value
from django.utils import timezone

from accounts.models import Job, OutboxState
from tests.people import Cast
from tests.proofs.test_races import at_once, completed, quick_paper, refusals, start, threads
from transcripts import actions
from transcripts.models import RunItem, TranscriptionRun
from transcripts.models.runs import RunItemQuerySet

__all__ = ["quick_paper", "threads"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

#: Long enough for another worker to claim a student meanwhile, on a busy machine too.
A_WHILE = 1.0


class Sleep(Func):
    """PostgreSQL waits, in the middle of a search; the answer is no void, but a number no row is without."""

    template = "(CASE WHEN %(function)s(%(expressions)s)::text = '' THEN 1.0 ELSE 0.0 END)"
    function = "pg_sleep"
    output_field = FloatField()


def run_of(cast: Cast, students: int) -> tuple[TranscriptionRun, list[Job]]:
    completed(cast, students)
    run = start(cast)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    return run, list(Job.objects.filter(subject_id=run.pk).order_by("pk"))


def both_claim(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[list[bool], int]:
    """The second lane's search is under way when the first claims the only student.

    Whether the first and the second have claimed the student, and how many attempts were counted.
    """
    run, (first, second) = run_of(cast, 1)
    free_for = RunItemQuerySet.free_for

    def slowly(self: RunItemQuerySet, job: Job | None) -> RunItemQuerySet:
        found = free_for(self, job)
        return found.alias(slept=Sleep(Value(A_WHILE))).filter(slept=1.0) if job == second else found

    def claim_a_little_later() -> RunItem | None:
        time.sleep(A_WHILE / 3)
        return actions.runs._claim(run.pk, first)

    patch.setattr(RunItemQuerySet, "free_for", slowly)
    answers = at_once(claim_a_little_later, lambda: actions.runs._claim(run.pk, second))
    assert refusals(answers) == []
    return [answer is not None for answer in answers], RunItem.objects.get(run=run).attempts


def test_a_student_taken_up_during_a_search_is_not_taken_up_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_claim(cast, monkeypatch) == ([True, False], 1)


def test_control_beside_a_joined_job_the_student_still_looks_free(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def joined(self: RunItemQuerySet, job: Job | None) -> RunItemQuerySet:
        free = Q(taken_by=None) | Q(taken_by=job) | ~Q(taken_by__state=OutboxState.QUEUED)
        return self.filter(free, state=RunItem.State.WAITING)

    monkeypatch.setattr(RunItemQuerySet, "free_for", joined)
    assert both_claim(cast, monkeypatch) == ([True, True], 2)


def held_by_one_thought_dead(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[str, int]:
    """A worker draws the run's only document for longer than its lease; another takes its job over and asks for more.

    The state of the run when the other is done with the job, and how many attempts were counted.
    """
    run, (job, idle) = run_of(cast, 1)
    Job.objects.filter(pk=idle.pk).update(state=OutboxState.PARKED)
    drawing, over = threading.Event(), []

    def draw(*_: Any) -> tuple[bytes, bytes]:
        drawing.set()
        time.sleep(A_WHILE)
        return (b"%PDF-1.7\n%%EOF\n",) * 2

    def the_next() -> None:
        drawing.wait(20)
        Job.objects.filter(pk=job.pk).update(not_before=run.started_at)  # the lease runs out
        actions.run_transcription(job_id=job.pk)
        over.append(TranscriptionRun.objects.get(pk=run.pk).state)

    patch.setattr(actions.transcripts.documents, "draw", draw)
    answers = at_once(lambda: actions.run_transcription(job_id=job.pk), the_next)
    assert refusals(answers) == []
    return over[0], RunItem.objects.get(run=run).attempts


def test_a_job_is_not_over_while_a_worker_thought_dead_holds_its_student(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held_by_one_thought_dead(cast, monkeypatch) == ("finished", 1)


def test_control_without_waiting_the_job_is_over_and_the_run_is_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hasty(run_id: int, job: Job | None) -> RunItem | None:
        free = RunItem.objects.free_for(job).filter(run_id=run_id).order_by("attempts", "id")
        found: RunItem | None = free.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        return found

    monkeypatch.setattr(actions.runs, "_next_free", hasty)
    # Nobody is left to finish it, should the other die after all.
    assert held_by_one_thought_dead(cast, monkeypatch) == ("running", 1)


def test_a_worker_that_is_frozen_keeps_the_next_one_for_a_while_and_not_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, (job, _) = run_of(cast, 1)
    item = RunItem.objects.get(run=run)
    RunItem.objects.filter(pk=item.pk).update(taken_by=job)
    monkeypatch.setattr(actions.runs, "PATIENCE", timedelta(seconds=0.2))
    frozen, over = threading.Event(), threading.Event()

    def freeze() -> None:
        with transaction.atomic():
            RunItem.objects.select_for_update().get(pk=item.pk)
            frozen.set()
            over.wait(20)

    def the_next() -> None:
        frozen.wait(20)
        try:
            actions.run_transcription(job_id=job.pk)
        finally:
            over.set()

    _, answer = at_once(freeze, the_next)
    assert isinstance(answer, OperationalError)
    job.refresh_from_db()
    assert (job.state, job.error.split(":")[0]) == (OutboxState.QUEUED, "OperationalError")
    assert job.not_before > timezone.now() + timedelta(seconds=50)
    item.refresh_from_db()
    assert (item.state, item.attempts) == ("waiting", 0)
