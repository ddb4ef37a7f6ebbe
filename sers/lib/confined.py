"""Work on what a stranger handed in, in a process of its own that can do little and ends soon.

The child is a fresh Python that knows no secret and no database: it gets the bytes, plain arguments and nothing of
our environment. Before anything of the work is imported it gives up memory, processor time, writing files and
most open files, for good (setrlimit). A child that takes too long by the clock is killed. Whatever becomes of it,
this process goes on.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take. The clock is the outer limit: a child may also wait for a busy machine."""

    memory: int = 512 * MEGABYTE
    processor: int = 8
    clock: float = 20.0
    answer: int = 64 * 1024


class TooMuch(Exception):
    """The work took more time or memory than it may, or ended its process: what it worked on is not harmless."""


def confined(work: str, body: bytes, *, limits: Limits = Limits(), **arguments: Any) -> Any:
    """Call `work` ("package.module:function") with these bytes and plain arguments in a child; its plain answer."""
    order = json.dumps({"work": work, "arguments": arguments, "limits": asdict(limits)}).encode()
    with subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"},
        start_new_session=True,
        close_fds=True,
    ) as child:
        try:
            answer, _ = child.communicate(order + b"\n" + body, timeout=limits.clock)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise TooMuch(f"more than {limits.clock:.0f} seconds") from None
    if child.returncode != 0:
        raise TooMuch(f"ended with {child.returncode}")
    try:
        return json.loads(answer)
    except ValueError:
        raise TooMuch("no answer") from None


def _child() -> None:
    """The other side: give up what the work may not have, then do it and answer."""
    import importlib
    import resource

    order = json.loads(sys.stdin.buffer.readline())
    limits = order["limits"]
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["processor"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    module, _, name = order["work"].partition(":")
    work = getattr(importlib.import_module(module), name)
    answer = json.dumps(work(sys.stdin.buffer.read(), **order["arguments"])).encode()
    if len(answer) > limits["answer"]:
        raise SystemExit(3)
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()


if __name__ == "__main__":
    _child()
