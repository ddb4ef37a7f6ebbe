"""Child processes that never outlive us: started in a session of their own, stopped gently, then firmly.

Standard library only: bin/ and the tests use it before Django is there.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LONG_LOG = 10_000_000  # bytes; a longer one is put aside at the next start

Patience = Callable[[], None]
"""Called while we wait; raises when nobody wants the answer any more."""


def no_hurry() -> None:
    """Patience of a caller that waits as long as it takes."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a child runs as, and what stands before its command line to get there."""

    user: int | None = None
    group: int | None = None
    prefix: tuple[str, ...] = ()

    @property
    def owner(self) -> int:
        """Who owns, as seen from outside, the files this account writes."""
        return os.geteuid() if self.user is None else self.user


OURSELVES = Account()


@dataclass(slots=True)
class Child:
    """A running child, how it is asked to end, and where it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None = None
    # Each signal with the seconds it is given; after the last one comes SIGKILL for the whole session.
    farewell: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),)

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """End it and everything in its session. Nothing is left behind, whatever it takes."""
        for wanted, seconds in self.farewell:
            if not self.running:
                break
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(wanted)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 20) -> str:
        """The end of its log, for the person who wants to know why it died."""
        if self.log is None or not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path | None,
    account: Account = OURSELVES,
    cwd: Path | str | None = None,
    parting: signal.Signals = signal.SIGTERM,
    farewell: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),),
) -> Child:
    """Start a child in a session of its own (Ctrl-C reaches only us), writing to `log`.

    Where the kernel can (Linux), it sends `parting` to the child when we die without a word (kill -9), so that
    servers do not stay behind.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def before_exec() -> None:
        # After the change of user: that change would clear the wish.
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(parting), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    if log is not None and log.exists() and log.stat().st_size > LONG_LOG:
        log.replace(log.with_suffix(".old.log"))
    sink = open(log, "ab") if log is not None else None  # noqa: SIM115  (handed to the child)
    try:
        process = subprocess.Popen(
            [*account.prefix, *(str(part) for part in command)],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT if sink is not None else None,
            start_new_session=True,
            user=account.user,
            group=account.group,
            extra_groups=[] if account.user is not None else None,
            cwd=cwd,
            preexec_fn=before_exec,  # noqa: PLW1509  (children are started from one thread)
        )
    finally:
        if sink is not None:
            sink.close()
    return Child(name, process, log, farewell)


def born(pid: int) -> str | None:
    """When a process began, in the kernel's own count: pid and birth together name one process for ever."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else f"{boot} {fields[19]}"


def remember(children: Sequence[Child], ledger: Path) -> None:
    """Write down who runs, for the start that follows a kill -9."""
    rows = [[child.name, child.process.pid, born(child.process.pid)] for child in children if child.running]
    fresh = ledger.with_suffix(".new")
    fresh.write_text(json.dumps(rows))
    fresh.replace(ledger)


def stop_remembered(
    ledger: Path, farewells: Mapping[str, signal.Signals], seconds: float = 10.0
) -> list[str]:
    """End what an earlier supervisor left running, latest first; a pid that was reused is left alone."""
    try:
        rows = json.loads(ledger.read_text())
    except (OSError, ValueError):
        return []
    stopped = []
    for name, pid, birth in reversed(rows):
        if birth is None or born(pid) != birth:
            continue
        stopped.append(str(name))
        stop_stranger(pid, farewells.get(name, signal.SIGTERM), seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # each child leads its own session
    ledger.unlink(missing_ok=True)
    return stopped


def stop_stranger(pid: int, wanted: signal.Signals, seconds: float) -> None:
    """Ask a process that is not our child to end, and make it end when it does not."""
    birth = born(pid)
    for each, wait in ((wanted, seconds), (signal.SIGKILL, 5.0)):
        if birth is None or born(pid) != birth:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, each)
        end = time.monotonic() + wait
        while born(pid) == birth and time.monotonic() < end:
            time.sleep(0.05)
