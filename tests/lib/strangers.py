"""What hostile input makes a reader do, for tests/lib/test_confined.py: each is called in the child."""

import os
import time
from pathlib import Path
from typing import Any


def count(body: bytes, *, times: int) -> int:
    return len(body) * times


def forever(body: bytes) -> None:
    while True:
        pass


def asleep(body: bytes) -> None:
    time.sleep(60)


def hungry(body: bytes) -> int:
    return len(bytearray(4 * 1024 * 1024 * 1024))


def dies(body: bytes) -> None:
    os.abort()


def writes(body: bytes) -> str:
    path = Path(body.decode())
    try:
        path.write_text("x" * 10)
    except OSError:
        return "refused"
    return "written"


def talks(body: bytes) -> str:
    return "x" * 100_000


def looks_around(body: bytes) -> list[Any]:
    return [sorted(os.environ), str(Path.cwd())]
