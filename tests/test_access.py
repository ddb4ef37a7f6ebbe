"""Every address against every person of the cast, by the table in tests/access_table.py; and what leaks nothing."""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.access import Role
from accounts.models import User
from accounts.views.entering import PROVED_AT
from sers import navigation
from students.models import Student
from tests.access_table import OBJECTS, PEOPLE, REFERENCES, TEXTS, rows
from tests.cookie_sessions import SessionStore
from tests.people import Cast
from tests.test_house import URLS

TABLE = rows()
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIGN_IN = f"{settings.FORCE_SCRIPT_NAME or ''}/accounts/sign-in/"


@pytest.fixture
def signed_cookies(settings: Settings) -> None:
    """Sessions in a cookie: nobody has to be signed in by a query."""
    settings.SESSION_ENGINE = "tests.cookie_sessions"


def client_of(cast: Cast, person: str) -> Client:
    """A browser in which this person of the cast signed in before (even one who cannot any more)."""
    client = Client(raise_request_exception=True)
    if person == "anonymous":
        return client
    one = getattr(cast, person)
    user: User = one.user if isinstance(one, Student) else one
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[PROVED_AT] = time.time()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def address(url: str, cast: Cast, **other: Any) -> str:
    """The address of Columbia Basin's object, or of the one given as `public_id`."""
    if url in OBJECTS:
        name, begins, counted = REFERENCES.get(url, ("", "", ""))
        reference = {name: f"{begins}{getattr(cast, counted).pk}"} if name else {}
        return reverse(
            url,
            kwargs={
                "public_id": getattr(cast, OBJECTS[url]).public_id,
                **reference,
                **TEXTS.get(url, {}),
                **other,
            },
        )
    return reverse(url, kwargs=TEXTS.get(url))


def answer(response: Any) -> str:
    """The letter of the table for a response."""
    if response.status_code == 302:
        return "s" if response.headers["Location"].startswith(SIGN_IN) else ">"
    return {200: ".", 403: "x", 404: "0", 422: "!", 409: "c"}.get(
        response.status_code, f"<{response.status_code}>"
    )


@contextmanager
def nothing_written() -> Iterator[list[str]]:
    """Collects statements that write. Opening a page may note the session, the school year, that somebody asked, and
    who is shown whose record, nothing else."""
    written: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        innocent = re.match(
            r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|WITH|BEGIN|DECLARE|FETCH|CLOSE)",
            sql,
            re.IGNORECASE,
        )
        if "INSERT INTO accounts_ratelimit" in sql or 'INSERT INTO "students_disclosure"' in sql:
            return execute(sql, params, many, context)
        if not innocent or re.search(r"FOR (NO KEY )?UPDATE|INSERT INTO|UPDATE \"|DELETE FROM", sql):
            written.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield written


@pytest.mark.parametrize(("url", "method"), TABLE, ids=lambda word: word)
def test_every_person_at_every_address(
    cast: Cast, signed_cookies: None, monkeypatch: pytest.MonkeyPatch, url: str, method: str
) -> None:
    # What a page shows is the business of its own tests; here thousands of answers are asked for.
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "drawn")
    path = address(url, cast)
    got = ""
    for person in PEOPLE:
        client = client_of(cast, person)
        with transaction.atomic(), nothing_written() as written:
            response = client.generic(method, path) if method != "POST" else client.post(path)
            transaction.set_rollback(True)
        got += answer(response)
        if method == "GET":
            assert written == [], f"Opening {url} as {person} writes"
    expected = TABLE[url, method]
    wrong = [
        f"{who}: {is_}, not {want}"
        for who, want, is_ in zip(PEOPLE, expected, got, strict=False)
        if want != is_
    ]
    assert got == expected, f"{method} {path}: " + "; ".join(wrong)


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert sorted({url for url, _ in TABLE}) == sorted(URLS)
    with_object = {url for url, (route, _) in URLS.items() if "<uuid:public_id>" in route}
    assert set(OBJECTS) == with_object
    assert {*TEXTS, *REFERENCES} == {url for url, (route, _) in URLS.items() if "<str:" in route}


@pytest.mark.parametrize("url", sorted({url for url, _ in TABLE}))
def test_methods_that_have_no_row_are_refused(
    cast: Cast, signed_cookies: None, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """By 405 for those who may use the address at all; nobody gets an answer, nothing breaks."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "drawn")
    offered = {method for one, method in TABLE if one == url}
    welcome = next(
        person
        for method in offered
        for person, cell in zip(PEOPLE, TABLE[url, method], strict=True)
        if cell in ".>!0" and person not in ("anonymous", "locked_teacher")
    )
    for method in set(METHODS) - offered:
        assert client_of(cast, welcome).generic(method, address(url, cast)).status_code == 405, method
        assert client_of(cast, "nobody").generic(method, address(url, cast)).status_code in (403, 405), method


@pytest.mark.parametrize("role", Role)
def test_navigation_leads_only_where_the_role_may_go(role: Role) -> None:
    """A word in the row of a role opens for that role."""
    for label, url in navigation.ITEMS[role]:
        policy = URLS[url][1].callback.policy  # type: ignore[union-attr]
        assert not isinstance(policy, frozenset) or role in policy, f"{label} is not for {role.label}"


# --- Nothing of the neighbour's ---------------------------------------------------------------------------

PAIRS = tuple(
    (person, f"other_{person}")
    for person in ("student", "teacher", "counselor", "district", "faculty", "registrar", "consortium")
)


def marks_of(*students: Student) -> set[str]:
    """What gives a student away on a page."""
    return {mark for one in students for mark in (one.last_name, one.sers_id, str(one.public_id)) if mark}


def pages_of(cast: Cast, person: str) -> str:
    """Every page that is drawn for this person: lists, the records of their own side, a search for `Vega`."""
    client = client_of(cast, person)
    side = "other_" if person.startswith("other_") else ""
    column = PEOPLE.index(person.removeprefix("other_"))
    pages = []
    for (url, method), cells in TABLE.items():
        invented = (
            url.startswith("accounts:") or url == "styleguide"
        )  # the demo's mailbox, examples of the parts
        if method == "GET" and cells[column] == "." and not invented:
            # A place that has no counterpart on the other side is public.
            name = OBJECTS.get(url, "")
            thing = getattr(cast, side + name, None) or getattr(cast, name, None)
            path = address(url, cast, public_id=thing.public_id) if thing else address(url, cast)
            pages.append(client.get(path))
    if ("students:search", "POST") in TABLE and TABLE["students:search", "POST"][column] == "!":
        client.post(reverse("students:search"), {"name": "Vega"})
        pages.append(client.get(reverse("students:search")))
    return "".join(
        page.content.decode() for page in pages if page.headers["Content-Type"].startswith("text/html")
    )


@pytest.mark.parametrize(("own", "other"), PAIRS)
def test_pages_show_nobody_of_the_neighbour(cast: Cast, signed_cookies: None, own: str, other: str) -> None:
    """And they do show one's own: what is not there could have been there."""
    ours = marks_of(cast.student, cast.classmate, cast.below, cast.owing, cast.newcomer, cast.graduate)
    theirs = marks_of(cast.other_student, cast.other_classmate, cast.other_graduate)
    ours, theirs = ours - {"Vega"}, theirs - {"Vega"}  # the same name on both sides
    own_pages, other_pages = pages_of(cast, own), pages_of(cast, other)
    assert {mark for mark in theirs if mark in own_pages} == set()
    assert {mark for mark in ours if mark in other_pages} == set()
    if own != "faculty":  # faculty see no students at all
        assert {mark for mark in ours if mark in own_pages}
        assert {mark for mark in theirs if mark in other_pages}


@pytest.mark.parametrize("url", [url for url in OBJECTS if "0" in TABLE.get((url, "GET"), "")])
def test_what_is_not_yours_looks_like_what_is_not_there(cast: Cast, signed_cookies: None, url: str) -> None:
    """The same status, headers and words, so that nobody learns by asking whether a record exists."""
    person = PEOPLE[TABLE[url, "GET"].index("0")]
    client = client_of(cast, person)
    foreign = client.get(address(url, cast))
    missing = client.get(address(url, cast, public_id=uuid.uuid4()))

    def seen(response: Any) -> tuple[int, dict[str, str], str]:
        by_the_clock = ("Set-Cookie", "Expires")
        headers = {name: value for name, value in response.headers.items() if name not in by_the_clock}
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
        return response.status_code, headers, re.sub(r"[0-9a-f-]{36}", "an-id", text)

    assert seen(foreign) == seen(missing)
    assert foreign.status_code == 404


@pytest.mark.parametrize("url", sorted(OBJECTS))
@pytest.mark.parametrize("key", ["1", "not-a-key", "00000000-0000-0000-0000-00000000000", "%00"])
def test_keys_that_are_no_keys_are_not_there(cast: Cast, signed_cookies: None, url: str, key: str) -> None:
    path = address(url, cast).replace(str(getattr(cast, OBJECTS[url]).public_id), key)
    assert client_of(cast, "state").get(path).status_code == 404
