"""Two jobs work on a run side by side: a student taken up by one is not counted, held or taken by the other."""

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from accounts.actions import LeaseLost, take
from accounts.models import Job, OutboxState
from tests.people import Cast
from transcripts import actions
from transcripts.models import RunItem, RunLine, TranscriptionRun

#: The last attempt: whoever finds the student waiting after it holds the student for a person.
LAST = RunItem.MOST_ATTEMPTS - 1


@pytest.fixture(autouse=True)
def quick_documents() -> Iterator[None]:
    """The document has tests of its own; here a few bytes stand for it."""
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF-1.7\n%%EOF\n",) * 2):
        yield


@pytest.fixture
def run(cast: Cast) -> TranscriptionRun:
    """A running run with one student, met by two deaths already, and two jobs."""
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state=TranscriptionRun.State.RUNNING)
    run.items.exclude(student=cast.classmate).update(state=RunItem.State.DONE, done_at=run.started_at)
    run.items.filter(student=cast.classmate).update(attempts=LAST)
    return run


def item(run: TranscriptionRun) -> RunItem:
    return run.items.get(student__first_name="Maximiliano")


def jobs(run: TranscriptionRun) -> list[Job]:
    return list(Job.objects.filter(subject_id=run.pk, task=actions.RUN_TASK).order_by("id"))


def between(run: TranscriptionRun, monkeypatch: pytest.MonkeyPatch, *, guarded: bool) -> tuple[bool, str]:
    """The second job looks for work after the first has claimed the student and before it holds the student's row.

    Whether the second found something, and what became of the student's class.
    """
    first, second = jobs(run)
    found = []
    give = actions.runs.give_sid

    def meanwhile(**words: RunItem) -> None:
        if not found:
            found.append(False)
            if not guarded:
                run.items.update(taken_by=None)
            found[0] = actions.transcribe_next(run_id=run.pk, job=second)
        give(**words)

    monkeypatch.setattr(actions.runs, "give_sid", meanwhile)
    assert actions.transcribe_next(run_id=run.pk, job=first)
    assert not actions.transcribe_next(run_id=run.pk, job=first)
    line = item(run).lines.get()
    return found[0], f"{line.state} {line.problem}".strip()


def test_who_is_just_taken_up_is_left_alone(run: TranscriptionRun, monkeypatch: pytest.MonkeyPatch) -> None:
    assert between(run, monkeypatch, guarded=True) == (False, "awarded")
    assert item(run).attempts == RunItem.MOST_ATTEMPTS


def test_control_without_the_mark_a_student_is_held_while_being_written_up(
    run: TranscriptionRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert between(run, monkeypatch, guarded=False) == (True, f"held {RunLine.Problem.BROKEN}")


@pytest.mark.parametrize("state", [OutboxState.DONE, OutboxState.PARKED])
def test_a_job_that_is_over_leaves_its_student_to_the_others(run: TranscriptionRun, state: str) -> None:
    first, second = jobs(run)
    run.items.update(taken_by=first)
    assert not actions.transcribe_next(run_id=run.pk, job=second)
    Job.objects.filter(pk=first.pk).update(state=state, done_at=run.started_at if state == "done" else None)
    assert actions.transcribe_next(run_id=run.pk, job=second)
    assert item(run).lines.get().state == RunLine.State.AWARDED


def test_the_job_of_a_worker_that_died_takes_its_student_up_again(run: TranscriptionRun) -> None:
    first, _ = jobs(run)
    run.items.update(taken_by=first)
    assert actions.transcribe_next(run_id=run.pk, job=first)
    assert item(run).lines.get().state == RunLine.State.AWARDED


# --- A worker that was thought dead -------------------------------------------------------------------------------------


def taken_over(job: Job) -> Job:
    """The lease of a job ran out, and the sweep has handed it to another worker."""
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    found = Job.objects.get(pk=job.pk)
    assert take(found)
    return found


def waiting_again(run: TranscriptionRun) -> None:
    run.items.filter(student__first_name="Maximiliano").update(attempts=0)


def test_a_worker_whose_job_was_taken_over_takes_up_nobody(run: TranscriptionRun) -> None:
    waiting_again(run)
    slow = jobs(run)[0]
    assert take(slow)
    other = taken_over(slow)
    with pytest.raises(LeaseLost):
        actions.transcribe_next(run_id=run.pk, job=slow)
    assert (item(run).attempts, item(run).taken_by) == (0, None)
    assert actions.transcribe_next(run_id=run.pk, job=other)
    assert (item(run).attempts, item(run).lines.get().state) == (1, RunLine.State.AWARDED)


def test_control_without_asking_the_lease_a_worker_goes_on_beside_the_next(
    run: TranscriptionRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.runs, "keep", lambda _: None)
    waiting_again(run)
    slow = jobs(run)[0]
    assert take(slow)
    taken_over(slow)
    assert actions.transcribe_next(run_id=run.pk, job=slow)
    assert item(run).attempts == 1


def test_a_worker_whose_job_was_taken_over_queues_no_rest(
    run: TranscriptionRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the rest could be over before the other worker's part is, and nobody would finish the run."""
    waiting_again(run)
    job = jobs(run)[0]
    monkeypatch.setattr(actions.runs, "SLICE", timedelta(0))
    give = actions.runs.give_sid

    def slowly(**words: RunItem) -> None:
        give(**words)
        taken_over(job)

    monkeypatch.setattr(actions.runs, "give_sid", slowly)
    actions.run_transcription(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == OutboxState.QUEUED  # the other worker's
    assert item(run).lines.get().state == RunLine.State.AWARDED
    assert not Job.objects.filter(key=job.key[:-1] + "1").exists()
