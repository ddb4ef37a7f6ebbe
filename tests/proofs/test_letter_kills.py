"""A worker is killed while it sends a letter to a group: everybody gets it, and nobody gets it twice.

Real processes against the tests' own database.
"""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Job, Mail
from reports import actions, rules
from reports.models import Mailing, MailingRecipient
from tests import cluster
from tests.people import Cast, make_student
from tests.proofs.letters import STEPS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


def work(mailing: Mailing, **environment: str) -> bool:
    """Send it in a process of its own, as if the lease of who died had run out; False when it was killed."""
    job = Job.objects.get(task=actions.MAILING_TASK, subject_id=mailing.pk)
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.proofs.letters", str(job.pk)],
        env={**os.environ, **environment}, cwd=cluster.ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode in (0, -9), done.stderr[-3000:]
    return done.returncode == 0


def test_killed_at_any_step_everybody_gets_one(cast: Cast) -> None:
    """One death after the other of the same letter: within its first part, after it, and within a later one."""
    for number in range(6):
        make_student(cast.kamiakin, f"Kim{number}")
    mailing = cast.mailing
    people = sorted(rules.people_of(mailing).values_list("email", flat=True))
    assert len(people) >= 6
    actions.send_mailing(mailing=mailing, by=cast.consortium)
    written = Mail.objects.filter(key__startswith=f"mailing-{mailing.pk}-")
    reached = []
    for step in (f"{STEPS[0]} 2", STEPS[1], f"{STEPS[1]} 2", f"{STEPS[0]} 6"):
        assert not work(mailing, DIE_AT=step), step
        reached.append(written.count())
        mailing.refresh_from_db()
        assert mailing.state == "sending"
    assert reached == [0, 2, 4, 4], "a part is whole or not there, and what is there stays"
    assert work(mailing)
    mailing.refresh_from_db()
    assert sorted(written.values_list("to", flat=True)) == people
    assert MailingRecipient.objects.filter(mailing=mailing).count() == mailing.people == len(people)
