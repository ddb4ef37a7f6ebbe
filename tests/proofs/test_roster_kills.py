"""A worker is killed while it reads or takes in a roster, at every step; nothing is half, and the next one finishes it.

Real processes against the tests' own database. Short: 3,000 lines. SERS_PROOF=long (bin/proof): 50,000, with what memory
and time they take told by the test.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Job
from sers.lib.uploads import check_sheet
from students import actions
from students.models import RosterEntry, RosterImport, RosterLine
from tests import cluster
from tests.people import Cast
from tests.proofs.rosters import STEPS, roster_of

LINES = 50_000 if os.environ.get("SERS_PROOF") == "long" else 3_000

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


def handed_in(cast: Cast, lines: int = LINES) -> RosterImport:
    checked = check_sheet(
        SimpleUploadedFile("district.csv", roster_of(lines)), endings={".csv": b""}, most=20 * 1024 * 1024
    )
    return actions.hand_in_roster(checked=checked, by=cast.teacher)


def job_of(roster: RosterImport, task: str) -> Job:
    """The job, due again as if the lease of who died had run out."""
    job: Job = Job.objects.get(task=task, subject_id=roster.pk)
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    return job


def work(what: str, job: Job, **environment: str) -> dict[str, Any] | None:
    """Do the job in a process of its own; None when it was killed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.proofs.rosters", what, str(job.pk)],
        env={**os.environ, "UPLOADS_ROOT": str(settings.STORAGES["uploads"]["OPTIONS"]["location"]), **environment},
        cwd=cluster.ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def on_roster(cast: Cast) -> int:
    return RosterEntry.objects.on(cast.section).standing().count()


@pytest.mark.parametrize("times", [2, 3])
def test_killed_while_it_reads_it_begins_anew(cast: Cast, times: int) -> None:
    roster = handed_in(cast)
    assert work("read", job_of(roster, actions.READ_ROSTER_TASK), DIE_AT=f"{STEPS[0]} {times}") is None
    roster.refresh_from_db()
    assert roster.state == "reading"
    assert 0 < RosterLine.objects.filter(roster=roster).count() < LINES
    assert on_roster(cast) == 0
    assert work("read", job_of(roster, actions.READ_ROSTER_TASK)) is not None
    roster.refresh_from_db()
    assert (roster.state, roster.read) == ("preview", LINES)
    assert RosterLine.objects.filter(roster=roster).count() == LINES


@pytest.mark.parametrize("step", STEPS[1:])
def test_killed_while_it_takes_in_it_has_changed_nothing(cast: Cast, step: str) -> None:
    roster = handed_in(cast)
    assert work("read", job_of(roster, actions.READ_ROSTER_TASK)) is not None
    roster.refresh_from_db()
    actions.take_in_roster(roster=roster, by=cast.teacher)
    assert work("take_in", job_of(roster, actions.TAKE_IN_ROSTER_TASK), DIE_AT=step) is None
    roster.refresh_from_db()
    assert (roster.state, on_roster(cast)) == ("queued", 0)
    assert work("take_in", job_of(roster, actions.TAKE_IN_ROSTER_TASK)) is not None
    roster.refresh_from_db()
    assert (roster.state, roster.added, on_roster(cast)) == ("done", LINES, LINES)


def test_memory_is_flat_and_the_same_file_changes_nothing(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten times the lines take about the same memory, in reading and in taking in."""
    told: dict[int, list[dict[str, Any]]] = {}
    for lines in (LINES // 10, LINES, LINES):
        roster = handed_in(cast, lines)
        read = work("read", job_of(roster, actions.READ_ROSTER_TASK))
        roster.refresh_from_db()
        actions.take_in_roster(roster=roster, by=cast.teacher)
        taken = work("take_in", job_of(roster, actions.TAKE_IN_ROSTER_TASK))
        assert read is not None
        assert taken is not None
        told[lines] = [read, taken]
        roster.refresh_from_db()
    assert (roster.added, roster.changed, roster.gone, roster.same) == (0, 0, 0, LINES)
    for few, many in zip(told[LINES // 10], told[LINES], strict=True):
        assert many["megabytes"] < few["megabytes"] + 25
    with capsys.disabled():
        for lines, (read, taken) in told.items():
            sys.stdout.write(
                f"\n{lines:,} lines: read in {read['seconds']:.1f} s, {read['megabytes']:.0f} MB; "
                f"taken in in {taken['seconds']:.1f} s, {taken['megabytes']:.0f} MB\n"
            )
