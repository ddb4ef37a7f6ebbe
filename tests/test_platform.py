"""What the platform promises: locks that name no place, servers that are found, recovered and never left behind."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from sers.lib.children import born, spawn, stop_remembered
from sers.lib.embedded import (
    ROOT,
    SOCKET_LIMIT,
    Place,
    cluster_folder,
    only_one,
    postgres_binaries,
    start_broker,
    start_postgres,
)

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_locks_hold_versions_and_hashes_and_name_no_place(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--hash=sha256:" in text
    assert "index" not in text


def test_there_are_all_locks() -> None:
    assert [lock.stem for lock in LOCKS] == ["browser", "develop", "embedded", "run", "uv"]


def test_the_driver_is_psycopg2_alone() -> None:
    """Django would silently prefer psycopg 3."""
    assert importlib.util.find_spec("psycopg") is None
    assert not any(line.startswith("psycopg==") for lock in LOCKS for line in lock.read_text().splitlines())


def test_files_that_carry_addresses_are_not_kept() -> None:
    assert not (ROOT / "uv.lock").exists()
    assert not (ROOT / "pylock.toml").exists()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    far = Place(tmp_path / ("a" * 60) / ("b" * 60))
    assert len(os.fsencode(far.sockets / ".s.PGSQL.5432.lock")) < SOCKET_LIMIT
    assert len(os.fsencode(far.broker_socket)) < SOCKET_LIMIT
    assert far.sockets == Place(far.folder).sockets


def test_only_one_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock") as first, only_one(tmp_path / "lock", wait=False) as second:
        assert first
        assert not second


def test_a_child_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from sers.lib.children import spawn;"
        "child = spawn('child', ['sleep', '60'], env=dict(os.environ), log=None);"
        "print(child.process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    _wait_until_gone(int(done.stdout))


def test_a_remembered_pid_that_was_reused_is_left_alone(tmp_path: Path) -> None:
    ledger = tmp_path / "running.json"
    child = spawn("child", ["sleep", "60"], env=dict(os.environ), log=None)
    try:
        ledger.write_text(f'[["web", {child.process.pid}, "another boot 1"]]')
        assert stop_remembered(ledger, {}) == []
        assert child.running
        ledger.write_text(f'[["web", {child.process.pid}, "{born(child.process.pid)}"]]')
        assert stop_remembered(ledger, {}) == ["web"]
        _wait_until_gone(child.process.pid)
    finally:
        child.stop()


def test_postgres_starts_again_after_a_kill_and_beside_a_stale_pid_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    place = Place(tmp_path)
    with contextlib.ExitStack() as ends:
        first = start_postgres(place)
        ends.callback(first.stop)
        _execute(place, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
        first.process.kill()
        first.process.wait()
        # A pid file that names a process of somebody else's: it must not be believed.
        (cluster_folder(place, postgres_binaries()) / "postmaster.pid").write_text(f"{os.getpid()}\n")
        second = start_postgres(place)
        ends.callback(second.stop)
        assert _execute(place, "SELECT n FROM kept") == 1
        # One that still runs, though nobody remembers it, is stopped before another starts on its files.
        third = start_postgres(place)
        ends.callback(third.stop)
        assert not second.running
        assert _execute(place, "SELECT n FROM kept") == 1


def test_the_broker_keeps_what_it_was_given_through_a_kill(tmp_path: Path) -> None:
    import redis

    place = Place(tmp_path)
    first = start_broker(place)
    with redis.Redis(unix_socket_path=str(place.broker_socket)) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.rpush("celery", "work")
        client.execute_command("CONFIG", "SET", "appendfsync", "always")
        client.rpush("celery", "more")
    first.process.kill()
    first.process.wait()
    second = start_broker(place)
    try:
        with redis.Redis(unix_socket_path=str(place.broker_socket)) as client:
            assert client.lrange("celery", 0, -1) == [b"work", b"more"]
    finally:
        second.stop()


def _execute(place: Place, sql: str) -> int | None:
    line = psycopg2.connect(host=str(place.sockets), dbname="sers", user="sers")
    try:
        with line, line.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        line.close()


def _wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 5
    while born(pid) is not None:
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.02)
