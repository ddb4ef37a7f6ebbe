"""Worker, broker and database are killed in the middle of a summer transcription, again and again; then nothing is
missing or double.

Real PostgreSQL, broker, workers and beat, on servers of their own. SIGKILL: for the whole worker, for one of its
processes, for the broker, for the database, at moments spread over the run; and for a worker, the broker and the database
before and after each step of the work on a student. Short: 5 kills with real documents, and one at each step. SERS_PROOF=long
(bin/proof): 200 kills with quick documents within 20 minutes, and ten at each step for a worker, three for a server.
"""

import email
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from sers.lib.children import Child, spawn
from sers.lib.embedded import Place
from tests import cluster
from tests.proofs.summer import STEPS

LONG = os.environ.get("SERS_PROOF") == "long"
KILLS = 200 if LONG else 5
#: So many students that few of them meet a kill twice: after three attempts a student is held for a person.
STUDENTS = 8 * KILLS
MOST_SECONDS = 20 * 60 if LONG else 240
#: What is killed, in turn: a process of the worker most often, for it is quickest back.
VICTIMS = ("worker", "process", "broker", "process", "database", "process", "worker", "process")
#: Unlike the tests' database this one promises what it has confirmed, even when it is killed.
PROMISES = {"synchronous_commit": "on"}
#: From a kill, or the return of the broker, until the run goes on; and all of a small run is done. More than a minute:
#: so long a job rests whose error could still be written down.
RECOVERY = 90

pytestmark = pytest.mark.worker


class Summer:
    """The servers, workers and rows of one proof."""

    def __init__(self, place: Place, *, press: str) -> None:
        self.place = place
        self.outbox = place.folder / "outbox"
        self.outbox.mkdir()
        self.env = {
            **os.environ, **place.environment(), "PRESS": press, "LEASE": "2", "PYTHONWARNINGS": "ignore",
            "EMAIL_URL": f"filemail:///{self.outbox}",
        }  # fmt: skip
        self.deaths = place.folder / "deaths"
        self.deaths.mkdir()
        self.env["DEATHS"] = str(self.deaths)
        self.connect()
        self.beat: Child | None = None
        self.worker: Child | None = None

    def connect(self) -> None:
        self.line = psycopg2.connect(host=str(self.place.sockets), user="sers", dbname="sers")
        self.line.autocommit = True

    def tell(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.proofs.summer", *words],
            env=self.env, cwd=cluster.ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def ask(self, sql: str) -> Any:
        with self.line.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    def done(self) -> int:
        return int(self.ask("SELECT count(*) FROM transcripts_runitem WHERE state = 'done'"))

    def settled(self) -> bool:
        """The run is finished and every mail is sent."""
        return bool(
            self.ask(
                "SELECT (SELECT bool_and(state = 'finished') FROM transcripts_transcriptionrun)"
                " AND NOT EXISTS (SELECT FROM accounts_mail WHERE state <> 'done')"
                " AND NOT EXISTS (SELECT FROM accounts_job WHERE state <> 'done')"
            )
        )

    def celery(self, name: str, *words: str) -> Child:
        return spawn(
            name,
            [sys.executable, "-m", "celery", "--app", "tests.proofs.impatient", *words],
            env=self.env, log=self.place.log / f"{name}.log", cwd=cluster.ROOT,
            farewell=((signal.SIGTERM, 5.0),),
        )  # fmt: skip

    def start_beat(self) -> None:
        self.beat = self.celery(
            "beat",
            "beat",
            "--schedule",
            str(self.place.folder / "beat"),
            "--pidfile",
            "",
            "--loglevel",
            "WARNING",
        )

    def start_worker(self) -> None:
        self.worker = self.celery(
            "worker", "worker", "--concurrency", "2", "--without-gossip", "--without-mingle",
            "--loglevel", "ERROR",
        )  # fmt: skip

    def kill(self, victim: str, dice: random.Random) -> None:
        """Kill it without a word; whoever runs SERS starts it again."""
        if victim == "worker":
            self.kill_worker()
        elif victim == "process":
            self.kill_one_process(dice)
        else:
            os.killpg(self.group_of(victim), signal.SIGKILL)
            self.begin_again(victim)

    def group_of(self, server: str) -> int:
        """The process group of the broker or the database."""
        return cluster.of_place(server, self.place).process.pid

    def begin_again(self, server: str) -> None:
        """Start the broker or the database once more; a worker comes back by itself."""
        if server == "database":
            self.line.close()
        cluster.begin_again(server, self.place, PROMISES if server == "database" else None)
        if server == "database":
            self.connect()

    def kill_worker(self) -> None:
        """The whole worker, with its processes, and no good-bye."""
        assert self.worker is not None
        os.killpg(self.worker.process.pid, signal.SIGKILL)
        self.worker.process.wait()
        self.start_worker()

    def kill_one_process(self, dice: random.Random) -> None:
        """One process of the worker's pool; the worker lives and starts another."""
        assert self.worker is not None
        pid = self.worker.process.pid
        pool = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if not pool:
            self.kill_worker()
            return
        os.kill(int(dice.choice(pool)), signal.SIGKILL)

    def wait(self, until: Callable[[], bool], seconds: float, what: str) -> None:
        end = time.monotonic() + seconds
        while not until():
            if self.worker is not None and not self.worker.running:
                # It can trip over a broker that dies while it connects; whoever runs SERS starts it again.
                self.start_worker()
            assert self.beat is None or self.beat.running, self.beat.last_lines()
            assert time.monotonic() < end, (
                f"{what} took more than {seconds} s: {self.tell('report')}\n{self.words()}"
            )
            time.sleep(0.02)

    def words(self) -> str:
        return self.worker.last_lines() if self.worker else ""

    def sent(self) -> list[str]:
        """The Message-ID of everything the mail server took."""
        found = []
        for path in self.outbox.iterdir():
            for part in path.read_text().split("-" * 79 + "\n"):
                if part.strip():
                    found.append(
                        str(email.message_from_string(part)["Message-ID"]).strip("<>").partition("@")[0]
                    )
        return found

    def close(self) -> None:
        for child in (self.worker, self.beat):
            if child is not None:
                child.stop()
        self.line.close()


@pytest.fixture
def summer(request: pytest.FixtureRequest) -> Iterator[Summer]:
    name = f"summer{len(cluster._running)}"
    quick = LONG or "in_the_middle" not in request.node.name
    found = Summer(cluster.beside(name, PROMISES), press="quick" if quick else "real")
    yield found
    found.close()


def assert_nothing_is_missing_or_double(
    summer: Summer, expected: dict[str, Any], kills: int
) -> dict[str, Any]:
    stands = summer.tell("report")
    ids = stands.pop("message ids")
    assert stands.pop("most attempts") <= 3
    with_credit = stands["students with credit"]
    assert stands == {
        "state": "finished",
        "students": expected["students"],
        "done": expected["students"],
        "awarded": expected["awarded"],
        "recorded": expected["awarded"],
        "classes marked": expected["awarded"],
        "held": expected["held"],
        "waiting": 0,
        "agree": True,
        "chain": True,
        "broken": 0,
        "awards twice": 0,
        "sources twice": 0,
        "transcripts twice": 0,
        "mails twice": 0,
        "ids twice": 0,
        "students with credit": with_credit,
        "transcripts": with_credit,
        "current transcripts": with_credit,
        "files": with_credit,
        "mails": with_credit,
        "mails not sent": 0,
        "jobs not done": 0,
    }
    assert with_credit == expected["students"]  # everyone completed a class that asks for no form
    sent = summer.sent()
    assert sorted(set(sent)) == ids, "a mail was lost, or one was sent that is not written"
    # A worker that dies between the mail server's yes and its own note sends again, under the same Message-ID.
    assert len(sent) - len(ids) <= 2 * kills
    return stands


def test_kills_in_the_middle_of_a_run_lose_and_double_nothing(
    summer: Summer, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(2026)
    expected = summer.tell("build", str(STUDENTS))
    summer.start_beat()
    summer.start_worker()
    summer.tell("start")
    begun = time.monotonic()
    kills, killed = 0, Counter[str]()
    for number in range(KILLS):
        if time.monotonic() - begun > MOST_SECONDS - RECOVERY:
            break
        goal = (number + 1) * STUDENTS // (KILLS + 2)
        summer.wait(lambda goal=goal: summer.done() >= goal, RECOVERY, f"going on after kill {number}")  # type: ignore[misc]
        time.sleep(dice.random() * 0.3)
        victim = VICTIMS[number % len(VICTIMS)]
        summer.kill(victim, dice)
        killed[victim] += 1
        kills += 1
    assert kills == KILLS, f"{MOST_SECONDS} seconds were over after {kills} kills of {KILLS}"
    done, last = summer.done(), time.monotonic()
    assert done < STUDENTS, "the last kill came too late to prove anything"
    summer.wait(lambda: summer.done() > done, RECOVERY, "going on after the last kill")
    recovered = time.monotonic() - last
    # Where the time was over before the kills were, there is more left than a minute's work.
    summer.wait(summer.settled, RECOVERY + (STUDENTS - done) / 2, "the rest")
    assert_nothing_is_missing_or_double(summer, expected, kills)
    with capsys.disabled():
        print(
            f"\n{kills} kills ({', '.join(f'{count} {what}' for what, count in sorted(killed.items()))}) in a run of "
            f"{STUDENTS} students: nothing lost, nothing double; "
            f"went on {recovered:.1f} s after the last, finished {time.monotonic() - last:.0f} s after it "
            f"({time.monotonic() - begun:.0f} s in all)"
        )


@pytest.mark.parametrize("victim", ["worker", "broker", "database"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_step_leaves_nothing_half_done(
    summer: Summer, when: str, victim: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One death at each step of the work on a student, each at the next student whose turn comes."""
    rounds = (10 if victim == "worker" else 3) if LONG else 1
    students = (120 if victim == "database" else 40) * rounds
    expected = summer.tell("build", str(students), "range")
    steps = [f"{when} {step}" for step in STEPS for _ in range(rounds)]
    random.Random(when).shuffle(steps)
    last_of_all = [step for step in steps if step.endswith("finish_run")]
    steps = [step for step in steps if step not in last_of_all]
    summer.start_beat()
    summer.start_worker()
    begun = time.monotonic()
    summer.tell("start")
    deaths = 0
    for step in steps + last_of_all[:1]:
        assert time.monotonic() - begun < MOST_SECONDS, f"the time was over after {deaths} deaths"
        # The last step comes when everyone is done, and there may be more left than a minute's work.
        left = (students - summer.done()) / 2 if step in last_of_all else 0
        grave = summer.deaths / step
        coming = summer.deaths / f"{step} is written"
        coming.write_text("" if victim == "worker" else str(summer.group_of(victim)))
        coming.rename(grave)
        summer.wait(lambda grave=grave: not grave.exists(), RECOVERY + left, step)  # type: ignore[misc]
        if victim != "worker":
            summer.begin_again(victim)
        deaths += 1
    last = time.monotonic()
    summer.wait(summer.settled, RECOVERY, "the rest")
    recovered = time.monotonic() - last
    assert_nothing_is_missing_or_double(summer, expected, deaths)
    with capsys.disabled():
        print(
            f"\n{deaths} deaths of a {victim} {when} a step: nothing lost, nothing double; "
            f"finished {recovered:.0f} s after the last"
        )


def test_broker_that_is_down_when_a_run_starts_delays_it_and_loses_nothing(summer: Summer) -> None:
    expected = summer.tell("build", "12")
    broker = cluster.of_place("broker", summer.place)
    summer.start_beat()
    summer.start_worker()
    broker.stop()
    started = summer.tell("start")
    assert started["seconds"] < 10, "a dead broker held up the registrar's button"
    time.sleep(1)
    assert summer.done() == 0
    cluster.begin_again("broker", summer.place)
    summer.wait(summer.settled, RECOVERY, "the run after the broker came back")
    assert_nothing_is_missing_or_double(summer, expected, 0)
