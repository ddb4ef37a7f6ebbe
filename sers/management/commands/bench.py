"""Each hot page beside its floor, on data of the State's size: bin/bench."""

import http.client
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.models import Count, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.session_store import SessionStore
from articulations.models import ArticulationCourse, Section
from organizations.models import AcademicYear
from sers.bench import articulating, homes, summer
from sers.bench.measure import Ask, ask, at_once, get, post
from sers.bench.searching import BUDGET, searches, statewide
from students.models import Registration, Student

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SEEN = re.compile(r'name="row" value="((\S+) [^"]*)"')
LEFT = re.compile(r" (withdrawn|not_in_class)\b")  # rows that take no grade
#: The boxes of a roster: those a grade is typed into, and the lists with their options.
TYPED = re.compile(r'<input name="([^"]+)"[^>]*data-grade=')
CHOSEN = re.compile(r'<select name="([^"]+)"[^>]*data-grade=[^>]*>(.*?)</select>', re.DOTALL)
STANDS = re.compile(r'<input name="([^"]+)" id="[^"]*" value="([^"]*)"[^>]*data-grade=')
CHOICE = re.compile(r'<option value="([^"]*)" selected>')
OPTION = re.compile(r'<option value="([^"]+)"')
HOST = "127.0.0.1"
CLIENTS = (1, 8)
CROWD = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A hot page as its people ask for it, and its floor asked by the same people."""

    name: str
    asks: list[Ask]
    floor: list[Ask]


class Command(BaseCommand):
    """Prints medians beside floors. Absolute times are the machine's; ratios, queries and bytes are ours."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="only pages whose name begins with one of these")
        parser.add_argument("--documents", type=int, default=200, help="how many transcripts to make (200)")
        parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement (4)")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="of the State's size, for the first seed (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["names"] == ["documents"]:  # they need no data
            self.documents(options["documents"])
            return
        if not User.objects.exists():
            self.stdout.write("Seeding the State's size; this is done once and kept ...")
            call_command("seed", size="state", scale=options["scale"])
        for model in (Student, Registration, Section, ArticulationCourse):
            self.stdout.write(f"{model._default_manager.count():>12,} {model._meta.verbose_name_plural}")
        wanted = tuple(options["names"])
        if not wanted or "documents".startswith(wanted):
            self.documents(options["documents"])
        if not wanted or "summer run".startswith(wanted):
            summer.measure(self.stdout.write, 3 * options["seconds"])
        with web_server() as port:
            if not wanted or "articulating".startswith(wanted):
                articulating.measure(port, self.stdout.write, read)
            if not wanted or "homes".startswith(wanted):
                homes.measure(port, self.stdout.write, signed_in)
            if options["names"] in (["articulating"], ["homes"]):
                return
            self.stdout.write(
                f"\n{'page':38}{'clients':>8}{'median ms':>11}{'p95 ms':>9}{'per s':>8}{'floor ms':>10}{'ratio':>7}"
                f"{'queries':>9}{'KB':>7}"
            )
            for page in hot_pages(port):
                if not wanted or page.name.startswith(wanted):
                    self.page(page, port, options["seconds"])
            if not wanted or "roster of 30, save".startswith(wanted):
                self.crowd(port)

    def page(self, page: Page, port: int, seconds: float) -> None:
        """One line a number of clients."""
        queries, size = inside(page.asks[0])
        for clients in CLIENTS:
            ask(port, page.asks, clients=clients, seconds=0.7)  # to warm it
            floor = ask(port, page.floor, clients=clients, seconds=seconds / 2)
            found = ask(port, page.asks, clients=clients, seconds=seconds)
            self.stdout.write(
                f"{page.name:38}{clients:>8}{found.median:>11.1f}{found.p95:>9.1f}{found.per_second:>8.0f}"
                f"{floor.median:>10.1f}{found.median / floor.median:>7.1f}{queries:>9}{size / 1024:>7.1f}"
            )
            if page.name.startswith("search, ") and found.p95 > BUDGET:
                self.stdout.write(f"  over its budget of {BUDGET} ms")
            for wrong in [*found.wrong[:3], *floor.wrong[:3]]:
                self.stdout.write(f"  not as expected: {wrong}")

    def crowd(self, port: int) -> None:
        """Two hundred teachers press Save Changes in the same moment: the evening before grades are due.

        Afterwards every roster is opened again and every box compared with what was typed into it.
        """
        asks = [saving(port, section, teacher).made() for section, teacher in classes_of(30, CROWD)]
        found = at_once(port, asks)
        typed = lost = 0
        for one in asks:
            path, body = one.make()
            boxes, sent = standing(read(port, path, one.cookie)), dict(parse_qsl(body.decode()))
            typed += sum(name in sent for name in boxes)
            lost += sum(name in sent and sent[name] != value for name, value in boxes.items())
        self.stdout.write(
            f"{f'roster of 30, {len(asks)} save':38}{'at once':>8}{found.median:>11.1f}{found.p95:>9.1f}"
            f"{found.per_second:>8.0f}   all answered in {found.seconds:.1f} s, {len(found.wrong)} not as expected; of"
            f" {typed:,} grades typed {lost} do not stand"
        )
        for wrong in found.wrong[:3]:
            self.stdout.write(f"  not as expected: {wrong}")

    def documents(self, count: int) -> None:
        """Transcripts by the thousand, beside two other ways to make them."""
        from sers.bench.papers import measure

        for line in measure(count).lines:
            self.stdout.write(line)


@contextmanager
def web_server() -> Iterator[int]:
    """The web server as bin/serve runs it, with the floors beside the pages; its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
            "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
            "sers.bench.wsgi:application",
        ],
        cwd=settings.BASE_DIR,
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://{HOST}:{port}/healthz/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise SystemExit("The web server did not start.")
        yield port
    finally:
        server.terminate()
        server.wait(10)


def hot_pages(port: int) -> Iterator[Page]:
    """The pages SERS is judged by, each opened by the people who need it most."""
    staff = User.objects.get(username="consortium.demo")
    consortium = staff.seats.get().consortium_id
    cookie = signed_in(staff)
    classes, forty = classes_of(30, max(CLIENTS)), classes_of(40, max(CLIENTS))
    student = (
        Student.objects.filter(school__district__consortia=consortium)
        .annotate(size=Count("registrations"))
        .order_by("-size", "id")
        .first()
    )
    if not (classes and forty) or student is None:
        raise SystemExit("The data holds no class of thirty or forty, or no student to measure.")
    search = reverse("articulations:search")

    yield Page("front door", [get("/")], [get("/floor/front-door/")])
    yield Page(
        "articulations, a word",
        [get(f"{search}?words=account")],
        [get("/floor/articulations/?words=account")],
    )
    yield Page("articulations, all", [get(search)], [get("/floor/articulations/?words=")])
    searched(cookie, name="gar")
    yield Page(
        "student search, a name",
        [get(reverse("students:search"), cookie)],
        [get(f"/floor/student-search/?words=gar&consortium={consortium}", cookie)],
    )
    beyond = statewide(consortium)
    for one in [*searches(consortium), *([beyond] if beyond else [])]:
        its_own = signed_in(staff)  # the terms of a search stay in its session
        searched(its_own, **one.typed)
        yield Page(
            one.name, [get(reverse("students:search"), its_own)], [get(one.floor(consortium), its_own)]
        )
    yield Page(
        "roster of 30, open",
        [
            get(reverse("grading:roster", args=[section.public_id]) + "?graded=1", teacher)
            for section, teacher in classes
        ],
        [get(f"/floor/roster/{section.public_id}/", teacher) for section, teacher in classes],
    )
    yield Page(
        "roster of 40, open",
        [
            get(reverse("grading:roster", args=[section.public_id]) + "?graded=1", teacher)
            for section, teacher in forty
        ],
        [get(f"/floor/roster/{section.public_id}/", teacher) for section, teacher in forty],
    )
    yield Page(
        "roster of 30, save",
        [saving(port, section, teacher) for section, teacher in classes],
        [post(f"/floor/roster-save/{section.public_id}/", teacher) for section, teacher in classes],
    )
    progress, year = reverse("grading:progress"), AcademicYear.objects.current()
    yield Page(
        "grading progress, a consortium",
        [get(progress, cookie)],
        [get(f"/floor/grading-progress/?consortium={consortium}&year={year.pk}", cookie)],
    )
    of_state = signed_in(User.objects.get(username="state.demo"))
    yield Page(
        "grading progress, the State",
        [get(f"{progress}?by=school", of_state)],
        [get(f"/floor/grading-progress/?consortium=&year={year.pk}", of_state)],
    )
    yield Page(
        "registration history",
        [get(reverse("students:history", args=[student.public_id]), cookie)],
        [get(f"/floor/history/{student.public_id}/", cookie)],
    )


def classes_of(size: int, most: int) -> list[tuple[Section, str]]:
    """So many classes of this year with about so many students, and the session of a teacher of each.

    Others each time: ink stays, and classes of earlier measurements hold hundreds of grades.
    """
    sections = (
        Section.objects.filter(year=AcademicYear.objects.current(), teachers__isnull=False)
        .annotate(size=Count("registrations", filter=~Q(registrations__status__in=Registration.ENDED)))
        .filter(size__gte=size - 2, size__lte=size + 1)
        .order_by("?")[:most]
    )
    return [(section, signed_in(section.teachers.order_by("id")[0].user)) for section in sections]


def signed_in(user: User) -> str:
    """The cookie of a session of this person, as signing in makes one."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def visiting(cookie: str) -> Client:
    """A browser inside this process, with these cookies."""
    client = Client(headers={"Host": HOST})
    for one in cookie.split("; ") if cookie else ():
        name, _, value = one.partition("=")
        client.cookies[name] = value
    return client


def searched(cookie: str, **terms: str) -> None:
    """Search once: the terms stay in the session, out of every address."""
    answer = visiting(cookie).post(reverse("students:search"), terms)
    if answer.status_code != 302:
        raise SystemExit(f"The search for students answered {answer.status_code}.")


def saving(port: int, section: Section, cookie: str) -> Ask:
    """Save another grade for every student of a class; the page is read anew before each, unmeasured."""
    path = reverse("grading:roster", args=[section.public_id]) + "?graded=1"
    secret = "a" * 32
    grade = 90

    def make() -> tuple[str, bytes]:
        nonlocal grade
        grade = 90 + (grade - 89) % 8
        page = read(port, path, full)
        token = TOKEN.search(page)
        if token is None:
            raise SystemExit("The roster holds no form to save.")
        sent = [("csrfmiddlewaretoken", token[1])]
        left = set()
        for shown, row in SEEN.findall(page):
            sent.append(("row", unescape(shown)))
            if LEFT.search(shown):
                left.add(row)
        boxes = [(name, str(grade)) for name in TYPED.findall(page)]
        for name, options in CHOSEN.findall(page):
            grades = [one for one in OPTION.findall(options) if one != "NA"]
            boxes.append((name, unescape(grades[grade % len(grades)])))
        sent += [(name, value) for name, value in boxes if name.partition("-")[2] not in left]
        return path, urlencode(sent).encode()

    full = f"{cookie}; {settings.CSRF_COOKIE_NAME}={secret}"
    return Ask(make, full, expect=302)


def read(port: int, path: str, cookie: str) -> str:
    """A page as this person reads it."""
    line = http.client.HTTPConnection(HOST, port, timeout=30)
    line.request("GET", path, headers={"Cookie": cookie})
    page = line.getresponse().read().decode()
    line.close()
    return page


def standing(page: str) -> dict[str, str]:
    """What stands in each grade box of a roster."""
    chosen = {name: CHOICE.search(options) for name, options in CHOSEN.findall(page)}
    return dict(STANDS.findall(page)) | {
        name: unescape(found[1]) if found else "" for name, found in chosen.items()
    }


def inside(one: Ask) -> tuple[int, int]:
    """Queries and bytes of one answer, asked inside this process."""
    client = visiting(one.cookie)
    path, body = one.make()
    with CaptureQueriesContext(connection) as seen:
        answer = (
            client.generic("POST", path, body, "application/x-www-form-urlencoded")
            if body
            else client.get(path)
        )
    asked = [query for query in seen.captured_queries if query["sql"] not in ("BEGIN", "COMMIT")]
    return len(asked), len(answer.content)
