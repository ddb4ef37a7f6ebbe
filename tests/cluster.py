"""The tests' own PostgreSQL and broker: one pair a session, so that two sessions never meet.

A migrated cluster is made once for each state of the migrations and kept in .data/test; a session copies its files
and starts a forgetful server (no syncing) on the copy, when the first test asks for the database. Nothing is
migrated, created or cloned again: the first test waits well under a second. Loaded as a pytest plugin (pyproject),
because settings read the environment before any conftest is looked at.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from sers.lib.children import Child
from sers.lib.embedded import (
    ROOT,
    CannotServe,
    Place,
    cluster_folder,
    only_one,
    postgres_binaries,
    start_broker,
    start_postgres,
)

FOLDER = ROOT / ".data" / "test"
PLACE = Place(FOLDER / f"run-{os.getpid()}")
KEPT = 3  # migrated clusters: switching between branches costs nothing


def set_environment() -> None:
    """Point settings, and every process a test starts, at this session's servers in the demo state."""
    for name in ("DEBUG", "SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "EMAIL_URL", "PORT"):
        os.environ.pop(name, None)
    os.environ.update(PLACE.environment())
    # Hashed names of collected files are the deployment's business; tests read static/ as it is.
    os.environ["STATICFILES_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


set_environment()

_running: list[Child] = []
_alive: list[IO[str]] = []


def _fingerprint() -> str:
    """What decides how an empty database looks: migrations, the apps that have some, the packages that bring some."""
    seen = hashlib.sha256()
    for path in sorted(
        [*ROOT.glob("*/migrations/*.py"), ROOT / "sers/settings.py", ROOT / "requirements/run.txt"]
    ):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]


def _migrated() -> Path:
    """The files of a stopped cluster whose database is migrated. The caller holds the lock."""
    binaries = postgres_binaries()
    version = cluster_folder(PLACE, binaries).name
    template = FOLDER / f"{version}-{_fingerprint()}"
    if not template.exists():
        making = Place(FOLDER / "making")
        shutil.rmtree(making.folder, ignore_errors=True)
        making.folder.mkdir(parents=True)
        server = start_postgres(making, durable=False)
        try:
            migrate = subprocess.run(
                [
                    sys.executable,
                    ROOT / "manage.py",
                    "migrate",
                    "--no-input",
                    "--skip-checks",
                    "--verbosity",
                    "0",
                ],
                env={**os.environ, **making.environment()},
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            server.stop()
        if migrate.returncode != 0:
            raise CannotServe("The tests' database could not be migrated:\n" + migrate.stderr[-3000:])
        cluster_folder(making, binaries).rename(template)
        shutil.rmtree(making.folder, ignore_errors=True)
    os.utime(template)
    for old in sorted(FOLDER.glob("pg*-*"), key=lambda folder: folder.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return template


def _sweep() -> None:
    """Remove what killed sessions left; the kernel has freed their locks and ended their servers."""
    for folder in FOLDER.glob("run-*"):
        with contextlib.suppress(OSError), (folder / "alive").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def start() -> None:
    """Start this session's database (once)."""
    if any(child.name == "database" for child in _running):
        return
    try:
        with only_one(FOLDER / "lock"):
            _sweep()
            template = _migrated()
            PLACE.folder.mkdir(parents=True, exist_ok=True)
            if not _alive:
                _alive.append((PLACE.folder / "alive").open("a"))
                fcntl.flock(_alive[0], fcntl.LOCK_EX)
            cluster = cluster_folder(PLACE, postgres_binaries())
            subprocess.run(["cp", "-a", "--reflink=auto", template, cluster], check=True)
        _running.append(start_postgres(PLACE, durable=False))
    except CannotServe as problem:
        stop()
        pytest.exit(str(problem), returncode=1)


def broker() -> Child:
    """Start this session's broker; only tests with real workers ask for it."""
    start()
    child = start_broker(PLACE, durable=False)
    _running.append(child)
    return child


def beside(name: str, settings: dict[str, str] | None = None) -> Place:
    """A second pair of servers, migrated and empty, for the whole of SERS: the session's own database stays as it is.

    They end with the session's. `settings` are the database's, for a proof that ends it without a word.
    """
    start()
    place = Place(PLACE.folder / name)
    place.folder.mkdir()
    with only_one(FOLDER / "lock"):
        subprocess.run(
            ["cp", "-a", "--reflink=auto", _migrated(), cluster_folder(place, postgres_binaries())],
            check=True,
        )
    _running.append(start_postgres(place, durable=False, settings=settings))
    _running.append(start_broker(place, durable=False))
    return place


def of_place(name: str, place: Place) -> Child:
    """The running `database` or `broker` of a place."""
    return next(child for child in _running if child.name == name and child.log == place.log / f"{name}.log")


def begin_again(name: str, place: Place, settings: dict[str, str] | None = None) -> None:
    """Start the database or the broker of a place once more, after it was killed."""
    gone = of_place(name, place)
    gone.process.wait()
    _running.remove(gone)
    if name == "database":
        # The database stands before its broker: they are stopped in reverse.
        _running.insert(0, start_postgres(place, durable=False, settings=settings))
    else:
        _running.append(start_broker(place, durable=False))


def stop() -> None:
    """Stop what this session started and remove its files."""
    while _running:
        _running.pop().stop()
    if _alive:
        shutil.rmtree(PLACE.folder, ignore_errors=True)
        _alive.pop().close()


def pytest_unconfigure() -> None:
    stop()
