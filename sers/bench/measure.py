"""Asking a page again and again: one client or several, bounded in time and in number, on loopback only."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of one person. `make` gives path and body (a POST when there is one) anew each time, unmeasured."""

    make: Callable[[], tuple[str, bytes]]
    cookie: str = ""
    expect: int = 200

    def made(self) -> "Ask":
        """The same request, made now, to be sent later."""
        now = self.make()
        return replace(self, make=lambda: now)


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of the answers that came as expected, and what the others were."""

    milliseconds: list[float]
    seconds: float
    wrong: list[str]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds) if self.milliseconds else float("nan")

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[int(len(ordered) * 0.95)] if ordered else float("nan")

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds


def get(path: str, cookie: str = "") -> Ask:
    return Ask(lambda: (path, b""), cookie)


def post(path: str, cookie: str = "") -> Ask:
    return Ask(lambda: (path, b"all=1"), cookie)


def at_once(port: int, asks: list[Ask]) -> Measured:
    """Everybody asks once in the same moment, each on a connection that stands already; what they send is ready."""
    ready = [(one, *one.make()) for one in asks]
    times: list[float] = []
    wrong: list[str] = []
    start = threading.Barrier(len(ready) + 1)

    def client(one: Ask, path: str, body: bytes) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        line.connect()
        headers = {"Cookie": one.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        start.wait(60)
        begin = time.perf_counter()
        line.request("POST" if body else "GET", path, body or None, headers)
        answer = line.getresponse()
        answer.read()
        took = (time.perf_counter() - begin) * 1000
        line.close()
        if answer.status == one.expect:
            times.append(took)
        else:
            wrong.append(f"{answer.status} {path}")

    threads = [threading.Thread(target=client, args=each) for each in ready]
    for thread in threads:
        thread.start()
    start.wait(60)
    begun = time.monotonic()
    for thread in threads:
        thread.join()
    return Measured(times, time.monotonic() - begun, wrong)


def ask(port: int, asks: list[Ask], *, clients: int, seconds: float, most: int = 2000) -> Measured:
    """Ask for `seconds` with this many clients, each on a connection of its own; client i asks `asks[i % n]`."""
    times: list[float] = []
    wrong: list[str] = []
    end = time.monotonic() + seconds
    lock = threading.Lock()

    def client(number: int) -> None:
        one = asks[number % len(asks)]
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        mine: list[float] = []
        while time.monotonic() < end and len(mine) < most // clients:
            path, body = one.make()
            headers = {"Cookie": one.cookie}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            start = time.perf_counter()
            line.request("POST" if body else "GET", path, body or None, headers)
            answer = line.getresponse()
            answer.read()
            took = (time.perf_counter() - start) * 1000
            if answer.status == one.expect:
                mine.append(took)
            else:
                with lock:
                    wrong.append(f"{answer.status} {path}")
                if len(wrong) > 20:
                    break
        line.close()
        with lock:
            times.extend(mine)

    start = time.monotonic()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measured(times, time.monotonic() - start, wrong)
