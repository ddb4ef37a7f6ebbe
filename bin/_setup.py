"""Makes this checkout able to run: .venv with the locked packages, and the system libraries they need.

Standard library only, for it runs before anything is installed. Safe to run again, and twice at once; says nothing
when there is nothing to do, and one clear line when it cannot do it itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
DATA = ROOT / ".data"
LOCKS = ROOT / "requirements"
OLDEST = (3, 11)

SERVE = ("run", "embedded")
TEST = ("run", "embedded", "develop", "browser")

# What WeasyPrint loads. Without harfbuzz-subset a document costs four times as much.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
CHROMIUM = Path("/usr/bin/chromium")


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> NoReturn:
    """End with one line for the person who started us."""
    print(text, file=sys.stderr, flush=True)
    raise SystemExit(1)


def ready(locks: tuple[str, ...], *, chromium: bool = False) -> None:
    """Install whatever is missing for the locks of these names (and, where it can be had, the browser)."""
    if sys.version_info < OLDEST:
        fail("SERS needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))
    try:
        DATA.mkdir(exist_ok=True)
        with (DATA / "setup.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Waiting for another set-up of this folder ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
            _system_libraries()
            _packages(locks)
            if chromium and not CHROMIUM.exists():
                _apt(["chromium"], "the browser journeys", required=False)
    except KeyboardInterrupt:
        say("")
        raise SystemExit(130) from None
    except PermissionError as error:
        fail(f"{error.filename} may not be written by this user: start as the user who owns {ROOT}.")


def environment() -> dict[str, str]:
    """The caller's environment without what would lead Python or its installer to another place."""
    env = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX")
    }
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    return env


# --- System packages ----------------------------------------------------------------------------------


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _system_libraries() -> None:
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if missing:
        _apt(missing, "making PDFs")


def _apt(packages: list[str], purpose: str, *, required: bool = True) -> bool:
    """Install Debian packages when we may; otherwise say what to run."""
    wanted = " ".join(packages)
    hint = f"Missing for {purpose}: run  sudo apt-get install {wanted}"
    give_up = fail if required else say
    apt = shutil.which("apt-get") or ("/usr/bin/apt-get" if Path("/usr/bin/apt-get").exists() else None)
    if apt is None:
        give_up(f"Missing for {purpose}: {wanted} (names of Debian's packages)")
        return False
    before: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if (
            sudo is None
            or subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode != 0
        ):
            give_up(hint)
            return False
        before = [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    say(f"Installing {wanted} for {purpose} ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [
        *before,
        apt,
        "-o",
        "DPkg::Lock::Timeout=300",
        "-yq",
        "--no-install-recommends",
        "install",
        *packages,
    ]
    update = [*before, apt, "-o", "DPkg::Lock::Timeout=300", "-q", "update"]
    # The lists may be missing or old: fetch them when the first try fails.
    for command in (install, update, install):
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if command is install and done.returncode == 0:
            return True
    give_up(f"{hint}  (it failed: {' '.join((done.stderr or done.stdout).split())[-300:]})")
    return False


# --- Python packages ----------------------------------------------------------------------------------


def _digest(lock: str) -> str:
    return hashlib.sha256((LOCKS / f"{lock}.txt").read_bytes()).hexdigest()


def _works(python: Path) -> bool:
    test = "import sys; raise SystemExit(sys.version_info[:2] < (3, 11) or sys.prefix == sys.base_prefix)"
    with contextlib.suppress(OSError):
        return (
            subprocess.run(
                [python, "-c", test], capture_output=True, env=environment(), check=False
            ).returncode
            == 0
        )
    return False


def _packages(locks: tuple[str, ...]) -> None:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        stamp = {}
    have: dict[str, str] = stamp.get("locks", {})
    # What an earlier bin/test installed stays, when only bin/serve runs now.
    wanted = {lock: _digest(lock) for lock in TEST if lock in locks or lock in have}
    moved = bool(stamp) and stamp.get("root") != str(ROOT)
    if have == wanted and not moved and _works(PYTHON):
        return
    if moved or not _works(PYTHON):
        _make_venv()
    installer = VENV / "bin" / "uv"
    pinned = _digest("uv")
    if stamp.get("installer") != pinned or not installer.exists():
        say("Installing the installer ...")
        _pip("install", "--quiet", "--require-hashes", "-r", str(LOCKS / "uv.txt"))
    say(f"Installing Python packages ({', '.join(wanted)}) ...")
    env = environment()
    env.update(UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1")
    env.setdefault("UV_HTTP_TIMEOUT", "120")
    env.setdefault("UV_LINK_MODE", "copy" if _elsewhere(env) else "hardlink")
    if not _writable_home():
        env.setdefault("UV_CACHE_DIR", str(DATA / "cache"))
    command = [installer, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON]
    if (
        subprocess.run(
            [*command, *(LOCKS / f"{lock}.txt" for lock in wanted)], env=env, check=False
        ).returncode
        != 0
    ):
        fail("The Python packages could not be installed; the reason stands above.")
    STAMP.write_text(json.dumps({"root": str(ROOT), "installer": pinned, "locks": wanted}))


def _writable_home() -> bool:
    home = os.environ.get("HOME", "")
    return bool(home) and os.access(home, os.W_OK)


def _elsewhere(env: dict[str, str]) -> bool:
    """Whether the installer's cache lies on another file system, where links cannot lead."""
    with contextlib.suppress(OSError):
        home = Path(env.get("UV_CACHE_DIR") or env.get("XDG_CACHE_HOME") or env.get("HOME") or "/")
        while not home.exists():
            home = home.parent
        return home.stat().st_dev != ROOT.stat().st_dev
    return True


def _make_venv() -> None:
    say("Making .venv ...")
    command = [sys.executable, "-m", "venv", "--clear"]
    if subprocess.run([*command, VENV], capture_output=True, check=False).returncode == 0:
        return
    # Debian keeps the part of venv that installs pip in a package of its own; the system's pip will do as well.
    bare = subprocess.run([*command, "--without-pip", VENV], capture_output=True, check=False).returncode == 0
    if (
        bare
        and subprocess.run(
            [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode
        == 0
    ):
        return
    _apt(["python3-venv"], "the Python environment in .venv")
    done = subprocess.run([*command, VENV], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f".venv could not be made: {(done.stderr or done.stdout).strip()[-300:]}")


def _pip(*arguments: str) -> None:
    inside = (
        subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )
    pip = [PYTHON, "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", PYTHON]
    command = [*pip, "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"pip could not install the pinned installer: {done.stderr.strip()[-400:]}")
