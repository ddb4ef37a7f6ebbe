"""The whole of SERS for the browser: real database, broker, worker and web server, on the demo state.

Started once a session, on servers of its own, and walked by every journey; each visitor has a browser context of
their own. `visitor()` makes one; `axe(page)` lists what is inaccessible on the page it stands on.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
import psycopg2
import pytest

from sers.lib.children import Child, spawn
from tests import cluster

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PASSWORD = "dual-credit-demo"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}
PATIENCE = 20_000  # milliseconds a page may take before a journey gives up
#: What a visitor of a journey that failed saw last.
PICTURES = cluster.ROOT / ".data" / "journeys"
FAILED = pytest.StashKey[bool]()

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

    def ask(self, code: str) -> Any:
        """The value of `answer` after these lines of Python."""
        return json.loads(self.shell(f"import json\n{code}\nprint(json.dumps(answer, default=str))"))


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
    place = cluster.beside("site")
    port = _free_port()
    env = {
        **os.environ, **place.environment(), "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "STATIC_ROOT": str(place.folder / "static"),
    }  # fmt: skip
    # Files under their hashed names, as they are served for real: a stylesheet that names a missing font is found.
    del env["STATICFILES_BACKEND"]
    here = Site(url=f"http://127.0.0.1:{port}", env=env)
    python, root = sys.executable, cluster.ROOT
    running: list[Child] = []
    try:
        running.append(
            spawn(
                "static files",
                [python, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
                env=env, log=place.log / "static.log", cwd=root,
            )
        )  # fmt: skip
        here.manage("seed")
        assert running[0].process.wait(60) == 0, running[0].last_lines()
        running.append(
            spawn(
                "worker",
                [
                    python, "-m", "celery", "--app", "sers.celery", "worker", "--beat",
                    "--schedule", str(place.folder / "beat"), "--concurrency", "2", "--loglevel", "WARNING",
                    "--without-gossip", "--without-mingle",
                ],
                env=env, log=place.log / "worker.log", cwd=root,
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
                env=env, log=place.log / "web.log", cwd=root,
            )
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not _answers(f"{here.url}/healthz/"):
            for child in running[1:]:
                assert child.running, child.last_lines()
            assert time.monotonic() < deadline, "the web server did not answer within a minute"
            time.sleep(0.2)
        yield here
    finally:
        while running:
            running.pop().stop()


@pytest.fixture(scope="session")
def known(site: Site) -> dict[str, Any]:
    """People and things of the demo state: `cookies`, `ids`, and the `sections` of the demo teacher."""
    answer: dict[str, Any] = site.ask("from tests.journeys.demo import find\nanswer = find()")
    return answer


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
    """A person at a browser: opens pages, signs in, fills what a label names, presses what a button says.

    What the browser complains of is collected: errors of scripts and of the content policy, requests to another
    host, and answers of 400 and above unless `allowed` names the status.
    """

    def __init__(self, site: Site, context: Any) -> None:
        self.site = site
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self.allowed: set[int] = set()
        self.ids: dict[str, str] = {}
        self.page.on("pageerror", lambda error: self.errors.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._listen)
        self.page.on("request", self._watch_request)
        self.page.on("response", self._watch_answer)

    def _listen(self, message: Any) -> None:
        # The browser tells of every refused policy (CSP) as an error on the console.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.errors.append(f"{self.page.url}: {message.text}")

    def _watch_request(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:", "about:")):
            self.errors.append(f"asked elsewhere: {request.url}")

    def _watch_answer(self, answer: Any) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.status not in self.allowed):
            self.errors.append(f"{answer.status} {answer.url}")

    def complaints(self) -> list[str]:
        """What the browser complained of since the last time we asked."""
        told = list(self.errors)
        self.errors.clear()
        return told

    # --- Where to

    def go(self, path: str) -> Any:
        return self.page.goto(path if path.startswith("http") else self.site.url + path)

    def arrive(self, username: str) -> None:
        """Come in as one of the demo people, by the button of the page that lists them."""
        self.go("/accounts/demo/")
        self.page.locator(f"button[name=username][value='{username}']").click()
        self.page.wait_for_url(lambda url: "/accounts/demo/" not in url)

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Come in as anybody does: user name, password, Sign In."""
        self.go("/accounts/sign-in/")
        self.fill("User name", username)
        self.fill("Password", password)
        self.press("Sign In")

    def sign_out(self) -> None:
        self.page.locator("header").get_by_role("button", name="Log Out").first.click()

    def open_mail(self, address: str, subject: str) -> str:
        """The newest mail to an address whose subject has these words, opened in the mailbox; what it says."""
        deadline = time.monotonic() + 60
        while True:
            self.go(f"/accounts/mailbox/?address={address}")
            found = self.page.get_by_role("link", name=subject)
            if found.count():
                found.first.click()
                return self.text
            assert time.monotonic() < deadline, f"no mail '{subject}' to {address}: {self.text}"
            time.sleep(1)

    # --- What to do there

    def field(self, label: str) -> Any:
        return self.page.get_by_label(label, exact=True)

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        self.field(label).check()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    # --- What stands there

    @property
    def text(self) -> str:
        """The words of the page, with spaces where a line must not break."""
        return str(self.page.inner_text("main")).replace("\N{NO-BREAK SPACE}", " ")

    @property
    def heading(self) -> str:
        return str(self.page.locator("h1").first.inner_text())

    @property
    def path(self) -> str:
        """Where the page is, without the place on it: going there again loads it again."""
        return str(self.page.url.removeprefix(self.site.url)).partition("#")[0]

    def row(self, words: str) -> Any:
        """The row of a table, or the line of a list, that has these words."""
        return self.page.get_by_role("row").filter(has_text=words).first


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def forget_drafts(site: Site) -> None:
    """What an earlier journey typed into a roster and left is a draft there: each begins on clean rosters."""
    told = environ.Env.db_url_config(site.env["DATABASE_URL"])
    with (
        closing(psycopg2.connect(dbname=told["NAME"], user=told["USER"], host=told["HOST"])) as database,
        database,
    ):
        database.cursor().execute("DELETE FROM grading_gradedraft")


@pytest.fixture
def visitor(request: pytest.FixtureRequest, site: Site, chromium: Any) -> Iterator[Any]:
    """Makes visitors: `visitor()` at 1280 px, `visitor(narrow=True)` at 320, `script=False` without JavaScript."""
    contexts: list[Any] = []
    visitors: list[Visitor] = []
    forget_drafts(site)

    def make(*, narrow: bool = False, script: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport=NARROW if narrow else WIDE, java_script_enabled=script, accept_downloads=True,
            reduced_motion="reduce", locale="en-US", timezone_id="America/Los_Angeles",
        )  # fmt: skip
        contexts.append(context)
        visitors.append(Visitor(site, context))
        return visitors[-1]

    yield make
    if request.node.stash.get(FAILED, False):
        PICTURES.mkdir(exist_ok=True)
        for number, one in enumerate(visitors, 1):
            name = PICTURES / f"{request.node.name.replace('/', '-')}-{number}.png"
            one.page.screenshot(path=name, full_page=True)
            print(f"{one.page.url}: see {name}")
    for context in contexts:
        context.close()
    assert [error for one in visitors for error in one.errors] == []


AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async tags => {
    const found = await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
    return found.violations.flatMap(one => one.nodes.slice(0, 3).map(node =>
        `${one.id}: ${one.help}: ${node.target} ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """`axe(page)` lists what axe-core finds against WCAG 2.0 to 2.2 A and AA and its best practice; none is right."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    source = Path(package.origin).with_name("axe.min.js").read_text()

    def check(page: Any) -> list[str]:
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(source)
        return [f"{page.url} {found}" for found in page.evaluate(AXE, AXE_TAGS)]

    return check
