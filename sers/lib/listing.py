"""Long lists: the page and the order that are asked for, and the address of the same list changed a little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

#: Puts found rows in the order and the columns of a list.
Listed: TypeAlias = Callable[[Any], Any]

#: Rows on one page of every long list.
ROWS = 50


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # no class to subscript at run time
    """A paginator that was told how many rows there are, counted without the columns of the list."""

    def __init__(self, rows: Any, per_page: int, count: int | None) -> None:
        super().__init__(rows, per_page)
        self._told = count

    @cached_property
    def count(self) -> int:
        return super().count if self._told is None else self._told


def page_of(rows: Any, asked: str, *, per_page: int = ROWS, count: int | None = None) -> Page[Any]:
    """The page that is asked for; the first when there is no such page."""
    pages = CountedPaginator(rows, per_page, count)
    try:
        return pages.page(asked or 1)
    except InvalidPage:
        return pages.page(1)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # as above
    """Finds `most` rows and no further: beyond it a list says "more than" and asks for another search term.

    What the rows are found by is asked once, unordered. Only the rows of the page are then read in full and in
    order; a planner that is asked for both at once walks the order and tries every row.
    """

    def __init__(self, found: QuerySet[Any], listed: Listed, per_page: int, *, most: int) -> None:
        self._ids = list(found.order_by().values_list("pk", flat=True)[: most + 1])
        self.is_more = len(self._ids) > most  # more rows than the pages show
        self.most = most
        shown = found if self.is_more else found.model._default_manager.filter(pk__in=self._ids)
        super().__init__(listed(shown), per_page)

    @cached_property
    def count(self) -> int:
        return min(len(self._ids), self.most)


def bounded_page_of(
    found: QuerySet[Any], listed: Listed, asked: str, *, per_page: int = ROWS, most: int = 1000
) -> Page[Any]:
    """The page that is asked for of rows that may be very many; `listed` says their order and columns."""
    pages = BoundedPaginator(found, listed, per_page, most=most)
    try:
        return pages.page(asked or 1)
    except InvalidPage:
        return pages.page(1)


def sort_of(asked: str, columns: Mapping[str, Any], usual: str) -> str:
    """The order that is asked for, a column or a column with a minus; the usual one when there is none such."""
    return asked if asked.removeprefix("-") in columns else usual


def heads(query: QueryDict, columns: Mapping[str, tuple[Any, bool]], sort: str) -> list[dict[str, Any]]:
    """Head cells that sort, for components/sort_head.html. `columns`: name to (label, holds numbers)."""
    return [
        {
            "label": label,
            "url": "?" + changed(query, sort=f"-{name}" if sort == name else name, page=None, open=None),
            "direction": {name: "ascending", f"-{name}": "descending"}.get(sort, ""),
            "number": number,
        }
        for name, (label, number) in columns.items()
    ]


def changed(query: QueryDict, **changes: str | None) -> str:
    """The query string with these values in place of its own; None takes one away."""
    copy = query.copy()
    for name, value in changes.items():
        if value is None:
            copy.pop(name, None)
        else:
            copy[name] = value
    return copy.urlencode()


def chips_of(query: QueryDict, in_use: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of each filter (field, what it keeps) what it keeps, and the query string of the first page without it."""
    return [(kept, changed(query, **{name: None, "page": None})) for name, kept in in_use]
