"""A worker is killed while it makes a list, at every step: no half file is handed out, and the next one makes it once.

Real processes against the tests' own database. Memory is told for ten times the rows: 3,000, and with SERS_PROOF=long
(bin/proof) 60,000, a school year of the State.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Event, Job, Mail
from reports import actions
from reports.models import ListExport, ListPart
from students.models import Disclosure, Registration, Student
from tests import cluster
from tests.people import Cast, make_consent
from tests.proofs.lists import STEPS

LONG = os.environ.get("SERS_PROOF") == "long"
ROWS = 60_000 if LONG else 3_000
#: Each step once; in the long form in both forms of a file, and later on the way as well.
KILLS = [
    (step, form)
    for form in (("csv", "xlsx") if LONG else ("csv",))
    for step in (*STEPS, *((f"{STEPS[0]} 2", f"{STEPS[1]} 2") if LONG else ()))
]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


def asked(cast: Cast, form: str = "csv") -> ListExport:
    return actions.ask_for_list(
        kind="registrations", form=form, year=None, purpose="Counting", by=cast.consortium
    )


def work(export: ListExport, **environment: str) -> dict[str, Any] | None:
    """Make the list in a process of its own, as if the lease of who died had run out; None when it was killed."""
    job = Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk)
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.proofs.lists", str(job.pk)],
        env={**os.environ, **environment}, cwd=cluster.ROOT, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    if done.returncode == -9:
        return None
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def content_of(export: ListExport) -> bytes:
    return b"".join(ListPart.objects.content_of(export))


@pytest.mark.parametrize(("step", "form"), KILLS)
def test_killed_at_any_step_it_is_made_once(cast: Cast, step: str, form: str) -> None:
    whole = asked(cast, form)
    assert work(whole) is not None
    export = asked(cast, form)
    assert export != whole
    assert work(export, DIE_AT=step, CHUNK="2") is None
    export.refresh_from_db()
    assert (export.state, export.size) == ("making", 0)
    assert not ListPart.objects.filter(export=export).exists()
    assert not Mail.objects.filter(key=f"list-ready-{export.public_id}").exists()
    assert work(export, CHUNK="2") is not None
    assert work(export, CHUNK="2") is not None, "done is done"
    export.refresh_from_db()
    whole.refresh_from_db()
    assert (export.state, export.sha256) == ("ready", whole.sha256)
    assert content_of(export) == content_of(whole)
    assert Mail.objects.filter(key=f"list-ready-{export.public_id}").count() == 1
    assert Event.objects.about(export, "reports.list_made").count() == 1
    seen = Registration.objects.visible_to(cast.consortium).order_by().values("student").distinct().count()
    assert export.students == whole.students == seen
    assert Disclosure.objects.filter(what="list").count() == 2 * seen, "nobody is noted twice for one list"


def crowd(cast: Cast, number: int) -> None:
    """So many students, registered for one class."""
    have = Student.objects.filter(last_name="Crowd").count()
    students = Student.objects.bulk_create(
        Student(
            school=cast.kamiakin, first_name=f"Kim{at}", last_name="Crowd", sers_id=f"TP9-99-{at:06}",
            birth_date=cast.student.birth_date, grade_level=11, graduation_year=2028,
        )
        for at in range(have, number)
    )  # fmt: skip
    consent = make_consent()
    Registration.objects.bulk_create(
        Registration(
            reference=f"R-C{one.sers_id[-6:]}", student=one, high_school_course=cast.accounting, section=cast.section,
            year=cast.year, college=cast.cbc, articulation=cast.agreement, fees_req="not_required", consent=consent,
        )
        for one in students
    )  # fmt: skip


def test_memory_is_flat(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten times the rows take about the same memory, in both forms."""
    told: dict[tuple[str, int], dict[str, Any]] = {}
    for rows in (ROWS // 10, ROWS):
        crowd(cast, rows)
        for form in ("csv", "xlsx"):
            done = work(asked(cast, form))
            assert done is not None
            told[form, rows] = done
    for form in ("csv", "xlsx"):
        assert told[form, ROWS]["megabytes"] < told[form, ROWS // 10]["megabytes"] + 25
    with capsys.disabled():
        for (form, rows), done in told.items():
            sys.stdout.write(
                f"\n{form}, {rows:,} rows: {done['seconds']:.1f} s, {done['megabytes']:.0f} MB\n"
            )
