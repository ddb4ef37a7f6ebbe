"""Whatever is sent to a page is answered: by a page with words, a redirect or a 4xx, never by a 500, and nothing bad is kept.

Every page of the table of access is opened by a person it is for. Each form on it is sent back with one field at a time
made bad, and each parameter of its address likewise. A sample is taken each time; SERS_PROOF=long sends everything.
"""

import os
import random
import uuid
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from tests.access_table import OBJECTS, PEOPLE, rows
from tests.people import Cast
from tests.policing import faults_of_page
from tests.test_access import address, client_of, signed_cookies  # noqa: F401 - a fixture

LONG = os.environ.get("SERS_PROOF") == "long"
SAMPLE = 60  # tries a page in the short form

TEMPLATE_CODE = "{{ 7|add:7 }}"
BAD = (
    "", " ", "x", "-1", "0", "1e309", "NaN", "99999999999999999999", "²", "２", "0x10", "true", "null", "[]", "{}",
    "A" * 200_000, "é" * 100_000, "🙂" * 1000, "\u202e\u0000".replace("\u0000", ""), "\x00", "a\x00b", "\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>", TEMPLATE_CODE, "' OR 1=1 --", "%", "%s", "%00", "\\", "../../etc/passwd", "\ud800".encode("utf-8", "replace").decode(),
    "2026-02-30", "9999-12-31", "00000000-0000-0000-0000-000000000000", str(uuid.UUID(int=1)), "not-a-key",
)  # fmt: skip


class Forms(HTMLParser):
    """The forms of a page, with what a browser would send, and the parameters its links carry."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.parameters: dict[str, str] = {}
        self._select = ""
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "a" and "?" in have.get("href", ""):
            self.parameters |= dict(parse_qsl(urlsplit(have["href"]).query))
        if tag == "form":
            self.forms.append(
                {"action": have.get("action", ""), "method": have.get("method", "get").lower(), "fields": {}}
            )
        if not self.forms:
            return
        fields = self.forms[-1]["fields"]
        name = have.get("name", "")
        if tag == "input" and name and have.get("type") not in ("submit", "button"):
            ticked = have.get("type") not in ("checkbox", "radio") or "checked" in have
            if ticked or name not in fields:
                fields[name] = have.get("value", "on")
        elif tag == "button" and name:
            fields.setdefault(name, have.get("value", ""))
        elif tag == "textarea" and name:
            fields[name] = ""
            self._area = name
        elif tag == "select" and name:
            fields[name] = ""
            self._select = name
        elif tag == "option" and self._select and ("selected" in have or not fields[self._select]):
            fields[self._select] = have.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1]["fields"][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""


def tries(path: str, html: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Method, address and fields of everything that is sent because of one page."""
    found = Forms(html)
    parameters = found.parameters | {"page": "1", "sort": "name", "next": "/", "unknown": "1"}
    for form in found.forms:
        if form["method"] == "get":
            parameters |= form["fields"]
    for name in parameters:
        for bad in BAD:
            yield "get", path, {name: bad}
    for form in found.forms:
        if form["method"] != "post":
            continue
        for name in [*form["fields"], "unknown"]:
            for bad in BAD:
                yield "post", form["action"] or path, {**form["fields"], name: bad}
            yield (
                "post",
                form["action"] or path,
                {key: value for key, value in form["fields"].items() if key != name},
            )
        yield "post", form["action"] or path, {}


PAGES = [url for url, method in rows() if method == "GET"]


@pytest.mark.parametrize("url", PAGES)
def test_whatever_is_sent_is_answered(cast: Cast, signed_cookies: None, url: str) -> None:  # noqa: F811
    cells = rows()[url, "GET"]
    welcome = [
        person
        for person, cell in zip(PEOPLE, cells, strict=True)
        if cell in ".>" and person != "locked_teacher"
    ]
    welcome = [person for person in welcome if not person.startswith("other_") or url not in OBJECTS] or [
        "anonymous"
    ]
    person = next((one for one in welcome if one != "anonymous"), "anonymous")
    client = client_of(cast, person)
    client.raise_request_exception = True
    path = address(url, cast)
    if url == "students:choose":
        path += "?code=WELDING"
    page = client.get(path, follow=True)
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        everything = [("get", path, {"page": bad, "unknown": bad}) for bad in BAD]
    else:
        everything = list(tries(path, page.content.decode()))
    if not LONG:
        everything = random.sample(everything, min(SAMPLE, len(everything)))
    for method, where, fields in everything:
        target = where or path
        shown = {name: value[:40] for name, value in fields.items() if name != "csrfmiddlewaretoken"}
        with transaction.atomic():
            try:
                if method == "get":
                    query = urlencode(dict(parse_qsl(urlsplit(target).query)) | fields, errors="replace")
                    response = client.get(f"{urlsplit(target).path}?{query}")
                else:
                    response = client.post(target, fields)
            except Exception as error:
                raise AssertionError(f"{method} {target} {shown} raised {error!r}") from error
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            transaction.set_rollback(True)
        assert response.status_code < 500, f"{method} {target} {shown}"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            html = response.content.decode().replace(TEMPLATE_CODE, "")  # typed, and shown as it was typed
            assert faults_of_page(html) == [], f"{method} {target} {shown}"
        client.cookies.pop("messages", None)
        if isinstance(getattr(response.wsgi_request, "user", None), AnonymousUser) and person != "anonymous":
            client = client_of(cast, person)  # a form that signs out was sent
