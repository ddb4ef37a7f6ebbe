"""The whole of SERS for the browser: real database, broker, worker and web server, on the demo state.

Started once a session and walked by every journey; each journey has a browser context of its own.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sers.lib.children import Child, spawn
from tests import cluster

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PASSWORD = "dual-credit-demo"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}

# Playwright's own loop runs in this thread; Django's guard against that does not know it is harmless here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@dataclass(frozen=True)
class Site:
    """The running system: where it answers, and how to ask its database through a shell of its own."""

    url: str
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the running system; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.env, cwd=cluster.ROOT, capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def shell(self, code: str) -> str:
        """What a few lines of Python print, run in the project's shell."""
        return self.manage("shell", "--no-imports", "-c", code).strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    cluster.start()
    cluster.broker()
    port = _free_port()
    env = {**os.environ, "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    running: list[Child] = []
    log = cluster.PLACE.folder / "log"
    log.mkdir(parents=True, exist_ok=True)
    here = Site(url=f"http://127.0.0.1:{port}", env=env)
    try:
        here.manage("seed")
        python = sys.executable
        running.append(
            spawn(
                "worker",
                [
                    python, "-m", "celery", "--app", "sers.celery", "worker", "--beat",
                    "--schedule", str(log / "beat"), "--concurrency", "2", "--loglevel", "WARNING",
                    "--without-gossip", "--without-mingle",
                ],
                env=env, log=log / "worker.log", cwd=cluster.ROOT,
            )
        )  # fmt: skip
        running.append(
            spawn(
                "web",
                [
                    python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                    "--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
                    "sers.wsgi:application",
                ],
                env=env, log=log / "web.log", cwd=cluster.ROOT,
            )
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not _answers(f"{here.url}/healthz/"):
            for child in running:
                assert child.running, child.last_lines()
            assert time.monotonic() < deadline, "the web server did not answer within a minute"
            time.sleep(0.2)
        yield here
    finally:
        while running:
            running.pop().stop()
        cluster.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        message = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A person at a browser: opens pages, signs in, fills what a label names, presses what a button says."""

    def __init__(self, site: Site, context: Any) -> None:
        self.site = site
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._listen)
        self.page.on("response", self._watch)
        self.allowed: set[int] = set()

    def _listen(self, message: Any) -> None:
        # The browser tells of every refused policy (CSP) as an error on the console.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(f"{self.page.url}: {message.text}")

    def _watch(self, answer: Any) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.status not in self.allowed):
            self.errors.append(f"{answer.status} {answer.url}")
        if not answer.url.startswith((self.site.url, "data:", "blob:")):
            self.errors.append(f"loaded from elsewhere: {answer.url}")

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.site.url + path)

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.go("/accounts/sign-in/")
        self.fill("User name", username)
        self.fill("Password", password)
        self.press("Sign In")

    def sign_out(self) -> None:
        self.press("Log Out")

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    @property
    def text(self) -> str:
        return str(self.page.inner_text("main"))

    @property
    def heading(self) -> str:
        return str(self.page.locator("h1").first.inner_text())


@pytest.fixture
def visitor(site: Site, chromium: Any) -> Iterator[Any]:
    """Makes visitors: `visitor()` at 1280 px, `visitor(narrow=True)` at 320, `script=False` without JavaScript."""
    contexts: list[Any] = []
    visitors: list[Visitor] = []

    def make(*, narrow: bool = False, script: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport=NARROW if narrow else WIDE, java_script_enabled=script, accept_downloads=True,
            reduced_motion="reduce", locale="en-US", timezone_id="America/Los_Angeles",
        )  # fmt: skip
        contexts.append(context)
        visitors.append(Visitor(site, context))
        return visitors[-1]

    yield make
    for context in contexts:
        context.close()
    assert [error for one in visitors for error in one.errors] == []


@pytest.fixture(scope="session")
def axe() -> Any:
    """`axe(page)` lists what axe-core finds against WCAG 2.0 to 2.2 A and AA and its best practice; none is right."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(page: Any) -> list[str]:
        found = checker.run(page, options={"runOnly": {"type": "tag", "values": tags}}).response
        return [
            f"{page.url} {violation['id']}: {violation['help']}: {node['target']}"
            for violation in found["violations"]
            for node in violation["nodes"][:3]
        ]

    return check
