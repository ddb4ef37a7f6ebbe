"""The one door before a commit: every check and the fast tests, as CI runs them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def steps() -> dict[str, Callable[[], list[str | Path]]]:
    """Each step's name and command, quick ones first."""
    return {
        "ruff": lambda: [BIN / "ruff", "check", "--quiet", "."],
        "format": lambda: [BIN / "ruff", "format", "--check", "--quiet", "."],
        "templates": lambda: [BIN / "djhtml", "--check", "--tabwidth", "2", *templates()],
        "floors": lambda: [BIN / "lint-imports"],
        "checks": lambda: [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        # It would like to compare with a database that is there; without one it only warns.
        "migrations": lambda: [
            sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run",
            "--skip-checks",
        ],
        "types": lambda: [BIN / "mypy", "--no-error-summary"],
        "tests": lambda: [
            sys.executable, "-m", "pytest", "tests", "-n", "auto",
            "--ignore=tests/journeys", "--ignore=tests/proofs",
        ],
    }  # fmt: skip


class Command(BaseCommand):
    """Run all steps, or those named, and say how long each took; a failed one does not hide the next."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", nargs="*", help=f"only these of: {', '.join(steps())}")
        parser.add_argument(
            "--fix", action="store_true", help="let ruff and djhtml put right what they can, first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        every = steps()
        wanted: list[str] = options["step"] or list(every)
        unknown = [name for name in wanted if name not in every]
        if unknown:
            self.stderr.write(f"No such step: {', '.join(unknown)}. There are: {', '.join(every)}")
            sys.exit(2)
        if options["fix"]:
            fixes: list[list[str | Path]] = [
                [BIN / "ruff", "check", "--quiet", "--fix", "."],
                [BIN / "ruff", "format", "--quiet", "."],
                [BIN / "djhtml", "--tabwidth", "2", *templates()],
            ]
            for command in fixes:
                subprocess.run(command, cwd=ROOT, check=False)
        results = [(name, *self.run(name, every[name]())) for name in wanted]
        self.stdout.write("")
        for name, code, seconds in results:
            self.stdout.write(f"{'ok    ' if code == 0 else 'FAILED'} {name:<12}{seconds:6.1f} s")
        if any(code for _, code, _ in results):
            sys.exit(1)

    def run(self, name: str, command: list[str | Path]) -> tuple[int, float]:
        self.stdout.write(f"\n--- {name}")
        self.stdout.flush()
        begun = time.monotonic()
        # Their own output goes straight to the terminal; a quiet check that passed says nothing but its seconds.
        quiet = name in ("templates", "floors", "checks", "migrations")
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ, check=False, text=True,
            stdout=subprocess.PIPE if quiet else None, stderr=subprocess.STDOUT if quiet else None,
        )  # fmt: skip
        if done.returncode != 0 and done.stdout:
            self.stdout.write(done.stdout)
        return done.returncode, time.monotonic() - begun
