"""One command that runs SERS: database, broker, migrations, demo state, web, worker.

    python -m sers.lib.supervisor serve
    python -m sers.lib.supervisor beside FOLDER COMMAND...   servers of a folder's own while one command runs

The group lives and dies together: children stop in the order web, worker, broker, database, and when one dies by
itself all end. DATABASE_URL and REDIS_URL, where set, win over the private servers.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from sers.lib.children import Child, remember, spawn, stop_remembered
from sers.lib.embedded import HOME, ROOT, CannotServe, Place, only_one, start_broker, start_postgres

# What each is told when we were killed without a word. The worker would wait for a broker that is ending too, and
# what it had in hand is safe in rows and in the broker.
FAREWELLS = {
    "web": signal.SIGTERM,
    "worker": signal.SIGKILL,
    "broker": signal.SIGTERM,
    "database": signal.SIGINT,
}


class Asked(BaseException):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, a closed terminal)."""


class Group:
    """The children of one supervisor, in the order they were started."""

    def __init__(self, place: Place, env: Mapping[str, str]) -> None:
        self.place = place
        self.env = dict(env)
        self.children: list[Child] = []
        self.asked = False

    @property
    def ledger(self) -> Path:
        return self.place.folder / "running.json"

    def listen(self) -> None:
        """From now on a signal only sets a flag, so that no child is lost between its birth and our list."""

        def note(_number: int, _frame: FrameType | None) -> None:
            self.asked = True

        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, note)

    def patience(self) -> None:
        """Raises when we were asked to stop or a child is gone."""
        if self.asked:
            raise Asked
        for child in self.children:
            if not child.running:
                raise CannotServe(
                    f"{child.name} ended by itself (code {child.process.returncode}). "
                    f"The end of {child.log}:\n{child.last_lines()}"
                )

    def add(self, child: Child) -> Child:
        self.children.append(child)
        remember(self.children, self.ledger)
        return child

    def servers(self, *, durable: bool = True, settings: dict[str, str] | None = None) -> None:
        """The database and the broker: those the environment names, else private ones."""
        if not self.env.get("DATABASE_URL"):
            self.add(start_postgres(self.place, durable=durable, settings=settings, patience=self.patience))
            self.env["DATABASE_URL"] = self.place.database_url()
        if not self.env.get("REDIS_URL"):
            self.add(start_broker(self.place, durable=durable, patience=self.patience))
            self.env["REDIS_URL"] = self.place.redis_url()

    def start(
        self, name: str, *command: str | Path, farewell: tuple[tuple[signal.Signals, float], ...]
    ) -> Child:
        log = self.place.log / f"{name}.log"
        return self.add(
            spawn(
                name,
                command,
                env=self.env,
                log=log,
                cwd=ROOT,
                parting=FAREWELLS.get(name, signal.SIGTERM),
                farewell=farewell,
            )
        )

    def run(self, *command: str | Path) -> int:
        """Run one command to its end, with its words on our terminal."""
        child = spawn("command", command, env=self.env, log=None, cwd=ROOT)
        try:
            while child.running:
                self.patience()
                time.sleep(0.05)
        finally:
            child.stop()
        return child.process.returncode

    def manage(self, *command: str) -> None:
        code = self.run(sys.executable, ROOT / "manage.py", *command)
        if code != 0:
            raise CannotServe(f"manage.py {' '.join(command)} failed (code {code}); its words are above.")

    def stop(self) -> None:
        """Latest first: web, worker, broker, database."""
        while self.children:
            self.children.pop().stop()
        self.ledger.unlink(missing_ok=True)


@contextlib.contextmanager
def group(place: Place, env: Mapping[str, str]) -> Iterator[Group]:
    """A group that is the only one in its folder and leaves nothing behind."""
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        with only_one(place.folder / "supervisor.lock", wait=False) as ours:
            if not ours:
                raise CannotServe(f"SERS already runs from this folder ({place.folder}). Stop it first.")
            place.log.mkdir(parents=True, exist_ok=True)
            found = Group(place, env)
            left = stop_remembered(found.ledger, FAREWELLS)
            if left:
                say(f"Stopped what an earlier run had left: {', '.join(left)}.")
            found.listen()
            try:
                yield found
            finally:
                found.stop()
    except PermissionError as error:
        raise CannotServe(
            f"{error.filename} may not be written by this user: start as the user who first did, or remove {place.folder}"
        ) from error


def say(text: str) -> None:
    print(text, flush=True)


def require_port(port: int) -> None:
    """Say it in one line when somebody else has the port, before anything is started."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the web server does: connections of a server that just stopped do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotServe(
                f"Port {port} is not ours to use: choose one from 1024 on, as in PORT=8080 bin/serve"
            ) from None
        except OSError:
            raise CannotServe(
                f"Port {port} is taken: choose another, as in PORT={port + 1} bin/serve"
            ) from None


def collect_static(found: Group) -> None:
    """Gather, hash and compress what the browser loads; only when something changed since the last time."""
    seen = hashlib.sha256()
    for path in (ROOT / "requirements" / "run.txt", ROOT / "sers" / "settings.py"):
        seen.update(path.read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            state = path.stat()
            seen.update(f"{path.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    stamp = found.place.folder / "static.stamp"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    found.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
    stamp.write_text(seen.hexdigest())


def wait_for_page(found: Group, port: int) -> None:
    """Until the web server answers; what it answers is the page's business."""
    while True:
        found.patience()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            line.request("GET", "/healthz/")
            status = line.getresponse().status
        except OSError:
            time.sleep(0.1)
            continue
        except http.client.HTTPException:
            status = 500
        finally:
            line.close()
        if status >= 500:
            say(f"The web server answers with error {status}: see {found.place.log / 'web.log'}")
        return


def serve() -> None:
    """Start everything and stay until Ctrl-C, SIGTERM or the death of a child."""
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        raise CannotServe(f"PORT must be a number, not {os.environ['PORT']!r}") from None
    env = dict(os.environ)
    if env.setdefault("SERS_DEMO", "1") == "0":
        del env["SERS_DEMO"]
    env["PORT"] = str(port)
    env["DJANGO_SETTINGS_MODULE"] = "sers.settings"
    with group(HOME, env) as found:
        require_port(port)
        say("Starting ...")
        found.servers()
        say("Bringing the database up to date ...")
        found.manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0")
        if "SERS_DEMO" in env:
            found.manage("seed", "--if-empty")
        collect_static(found)
        found.start(
            "worker",
            sys.executable, "-m", "celery", "--app", "sers.celery", "worker",
            # Beat inside the worker is right for the one worker of the demo; production runs one beat apart.
            "--beat", "--schedule", str(found.place.folder / "beat-schedule"),
            "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
            # First it finishes what it has in hand, then it gives it back to the broker.
            farewell=((signal.SIGTERM, 4.0), (signal.SIGQUIT, 7.0)),
        )  # fmt: skip
        found.start(
            "web",
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "2", "--blocking-threads", "1", "--no-ws", "--respawn-failed-workers",
            "--workers-kill-timeout", "3", "--log-level", "warning", "sers.wsgi:application",
            farewell=((signal.SIGTERM, 6.0),),
        )  # fmt: skip
        wait_for_page(found, port)
        say("")
        say(f"SERS runs on http://127.0.0.1:{port}/")
        if "SERS_DEMO" in env:
            say(f"Demo people are listed on http://127.0.0.1:{port}/accounts/demo/")
        say(f"Logs are in {found.place.log}. Ctrl-C stops everything.")
        try:
            while True:
                found.patience()
                time.sleep(0.2)
        except Asked:
            say("\nStopping ...")
            found.stop()
            say("Stopped.")
            raise


def beside(folder: Path, command: list[str]) -> int:
    """Run one command beside a database and a broker of its own, which keep their data in the folder."""
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    env.setdefault("SERS_DEMO", "1")
    env["DJANGO_SETTINGS_MODULE"] = "sers.settings"
    with group(Place(folder.resolve()), env) as found:
        found.servers(settings={"max_wal_size": "8GB", "maintenance_work_mem": "512MB", "work_mem": "16MB"})
        found.manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0")
        return found.run(*command)


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] == ["serve"]:
            serve()
        elif arguments[:1] == ["beside"] and len(arguments) > 2:
            return beside(Path(arguments[1]), arguments[2:])
        else:
            say(__doc__ or "")
            return 2
    except CannotServe as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except (Asked, KeyboardInterrupt):
        return 0 if arguments[:1] == ["serve"] else 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
