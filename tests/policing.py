"""What no page, query or template may do, whichever test meets it first. conftest.py switches it all on.

Each rule here makes a mistake loud that would otherwise wait for a user: a template variable that does not exist,
a list whose order nobody asked for, a page the content security policy would break, a form without its token.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpResponse
from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.template.defaulttags import ForNode
from django.test import Client, TestCase


class Shuffle(Random):
    """`RANDOM()` that a GROUP BY leaves alone."""

    def get_group_by_cols(self) -> list[Any]:
        return []


def shuffle_unordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that nobody ordered come in a different order each time, as they may in production."""
    in_order = SQLCompiler._order_by_pairs

    def order_by_pairs(self: SQLCompiler) -> Iterator[tuple[Any, bool]]:
        asked = list(in_order(self))
        yield from asked
        query = self.query
        if not asked and not query.subquery and not query.distinct and not query.combinator:
            yield OrderBy(Shuffle()), False

    monkeypatch.setattr(SQLCompiler, "_order_by_pairs", order_by_pairs)


def note_no_slow_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine any page takes a second: what a test reads and writes does not depend on that."""
    from reports.models import SlowPage

    monkeypatch.setattr(SlowPage, "SLOW", 10**9)


class Undefined(str):
    """Stands where a template variable was not there. Django formats it with the variable's name: that fails the test."""

    __slots__ = ()

    def __mod__(self, variable: Any) -> str:
        pytest.fail(f"The template variable {variable} does not exist.")


def fail_undefined(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is drawn, passed on or looped over must exist. `{% if x %}` and `|default` may ask for more."""
    from django.template import engines

    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))
    resolve, render = FilterExpression.resolve, ForNode.render

    def resolve_or_fail(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        has_default = any(function.__name__ in ("default", "default_if_none") for function, _ in self.filters)
        return resolve(self, context, ignore_failures=ignore_failures or has_default)

    def loop_or_fail(self: ForNode, context: Any) -> Any:
        if isinstance(self.sequence.var, Variable):
            try:
                self.sequence.var.resolve(context)
            except VariableDoesNotExist:
                pytest.fail(f"The template loops over {self.sequence.var}, which does not exist.")
        return render(self, context)

    monkeypatch.setattr(FilterExpression, "resolve", resolve_or_fail)
    monkeypatch.setattr(ForNode, "render", loop_or_fail)


def refuse_moments_for_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """A datetime put into a date column loses its zone in silence: Seattle's evening is London's next day."""
    prepare = models.DateField.get_prep_value

    def prepare_day(self: Any, value: Any) -> Any:
        if type(self) is models.DateField and isinstance(value, datetime.datetime):
            pytest.fail(f"{self} was given the datetime {value!r}; give it a date in Pacific time.")
        return prepare(self, value)

    monkeypatch.setattr(models.DateField, "get_prep_value", prepare_day)


TAG = re.compile(r"<[a-zA-Z][^>]*>")
FORBIDDEN = {
    "an inline event handler": re.compile(r"""\son[a-z]+\s*="""),
    "an inline style": re.compile(r"""\sstyle\s*="""),
    "a javascript: address": re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE),
    "a <style> element": re.compile(r"""^<style\b"""),
    "an inline script": re.compile(r"""^<script\b(?![^>]*\ssrc=)(?![^>]*application/(ld\+)?json)"""),
}
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
SUMMARY = re.compile(r"""<div class="s-errors"(.*?)</div>""", re.DOTALL)
LINK = re.compile(r"""\shref=["']#([^"']+)["']""")
ID = re.compile(r"""\sid=["']([^"']+)["']""")


def faults_of_page(html: str) -> list[str]:
    """What is wrong with a page whatever it is about."""
    faults = [f"a template tag that was not rendered: {sign}" for sign in ("{{", "{%", "{#") if sign in html]
    tags = TAG.findall(html)
    for tag in tags:
        faults += [f"{name}: {tag[:200]}" for name, pattern in FORBIDDEN.items() if pattern.search(tag)]
    twice = Counter(found for tag in tags for found in ID.findall(tag))
    faults += [f"the id {found!r} {count} times" for found, count in twice.items() if count > 1]
    summary = SUMMARY.search(html)
    led_to = LINK.findall(summary[1]) if summary else []
    faults += [f"an error that leads to {one!r}, which is not there" for one in led_to if one not in twice]
    for attributes, body in FORM.findall(html):
        posts = re.search(r"""method=["']?post""", attributes, re.IGNORECASE)
        if posts and "csrfmiddlewaretoken" not in body:
            faults.append(f"a POST form without its token: <form{attributes}>")
        if not posts and "csrfmiddlewaretoken" in body:
            faults.append(f"a GET form that shows its token in the address: <form{attributes}>")
    return faults


class PolicingClient(Client):
    """Django's client; every page it receives is checked, and what waits for the commit is run."""

    def request(self, **request: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            response: HttpResponse = super().request(**request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            html = response.content.decode()
            faults = faults_of_page(html)
            if response.status_code == 422 and not SUMMARY.search(html):
                faults.append("an answer of 422 that does not begin with what is wrong")
            if faults:
                pytest.fail(f"{request.get('PATH_INFO')} has " + "; ".join(faults))
        return response
