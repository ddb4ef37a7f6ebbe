"""Long lists: the page that is asked for, and the address of the same list changed a little."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import QueryDict

#: Rows on one page of every long list.
ROWS = 50


def page_of(rows: Any, asked: str, *, per_page: int = ROWS) -> Page[Any]:
    """The page that is asked for; the first when there is no such page."""
    pages = Paginator(rows, per_page)
    try:
        return pages.page(asked or 1)
    except InvalidPage:
        return pages.page(1)


def changed(query: QueryDict, **changes: str | None) -> str:
    """The query string with these values in place of its own; None takes one away."""
    copy = query.copy()
    for name, value in changes.items():
        if value is None:
            copy.pop(name, None)
        else:
            copy[name] = value
    return copy.urlencode()
