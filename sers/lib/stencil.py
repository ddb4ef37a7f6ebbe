"""Rows of a table that are alike, drawn once and then filled: `{% stencil for line in page.lines %} ... {% endstencil %}`.

A template costs by its tags, whatever they say. Thirty rows of a class have three shapes: each is drawn once a page
with holes in place of what differs, and a row is then a dozen texts put together. A row says itself what differs
(`holes`) and which rows are alike (`shape`; None for one that is drawn by itself). What fills a hole is escaped there.
"""

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Protocol

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

#: Stands around the name of a hole; no text of ours and none that a database keeps holds it.
MARK = "\0"


class Row(Protocol):
    """What a stencil draws: something with items, that knows its shape and its holes."""

    holes: ClassVar[frozenset[str]]

    @property
    def shape(self) -> Hashable | None: ...

    def __getitem__(self, name: str) -> Any: ...


class _Pierced:
    """A row that gives the mark of a hole in place of what differs, and itself for the rest."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def __getitem__(self, name: str) -> Any:
        return SafeString(f"{MARK}{name}{MARK}") if name in self.row.holes else self.row[name]


class StencilNode(template.Node):
    """Rows, each shape drawn once."""

    child_nodelists = ("nodelist",)

    def __init__(self, name: str, rows: FilterExpression, nodelist: NodeList) -> None:
        self.name, self.rows, self.nodelist = name, rows, nodelist

    def render(self, context: template.Context) -> SafeString:
        drawn: dict[Hashable, list[str]] = {}
        done: list[str] = []
        for row in self.rows.resolve(context):
            shape = row.shape
            if shape is None:
                with context.push(**{self.name: row}):
                    done.append(self.nodelist.render(context))
                continue
            if shape not in drawn:
                with context.push(**{self.name: _Pierced(row)}):
                    drawn[shape] = self.nodelist.render(context).split(MARK)
            done.append(fill(drawn[shape], row))
        return SafeString("".join(done))


def fill(pieces: Sequence[str], row: Row) -> str:
    """Texts and names of holes in turn, each hole with what the row has for it."""
    filled = list(pieces)
    values: dict[str, str] = {}
    for at in range(1, len(filled), 2):
        name = filled[at]
        if name not in values:
            values[name] = conditional_escape(str_of(row[name]))
        filled[at] = values[name]
    return "".join(filled)


def str_of(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def stencil(parser: Parser, token: Token) -> StencilNode:
    """`{% stencil for line in page.lines %}`"""
    words = token.split_contents()
    if len(words) != 5 or words[1] != "for" or words[3] != "in":
        raise template.TemplateSyntaxError("A stencil reads: stencil for row in rows")
    nodelist = parser.parse(("endstencil",))
    parser.delete_first_token()
    return StencilNode(words[2], parser.compile_filter(words[4]), nodelist)
