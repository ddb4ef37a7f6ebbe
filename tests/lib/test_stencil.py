"""Rows that are alike are drawn once and filled, and look as if each had been drawn."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from django.template import Context, Template, TemplateSyntaxError

LOOP = """{% for row in rows %}<tr id="{{ row.n }}"{% if row.is_late %} class="late"{% endif %}>{% with name=row.name %}
    <td>{{ name }} {{ name }}</td><td>{{ row.note }}</td>{% endwith %}{% if staff %}<td>{{ row.n }}</td>{% endif %}</tr>{% endfor %}"""
STENCIL = LOOP.replace("{% for row in rows %}", "{% stencil for row in rows %}").replace(
    "endfor", "endstencil"
)


@dataclass
class Row:
    n: int
    name: Any
    is_late: bool = False
    note: str = ""
    alone: bool = False
    asked: int = 0

    holes: ClassVar = frozenset({"n", "name"})

    @property
    def shape(self) -> bool | None:
        self.asked += 1
        return None if self.alone or self.note else self.is_late

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


ROWS = [
    Row(1, "Ana"), Row(2, "<b>Bo</b> & co"), Row(3, "Cy", is_late=True), Row(4, "Di", note="<i>ill</i>"),
    Row(5, "{{ n }}", alone=True), Row(6, ""), Row(7, None), Row(8, "Zoë", is_late=True),
]  # fmt: skip


@pytest.mark.parametrize("staff", [True, False])
def test_a_stencil_draws_what_a_loop_draws(staff: bool) -> None:
    context = {"rows": ROWS, "staff": staff}
    drawn = Template(STENCIL).render(Context(context))
    assert drawn == Template(LOOP).render(Context(context))
    assert "&lt;b&gt;Bo&lt;/b&gt; &amp; co" in drawn


def test_each_shape_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    class Counted(Row):
        @property
        def is_told(self) -> str:
            drawn.append(self.n)
            return "told"

    rows = [Counted(n, f"Name {n}") for n in range(30)]
    text = Template("{% stencil for row in rows %}{{ row.is_told }} {{ row.name }};{% endstencil %}").render(
        Context({"rows": rows})
    )
    assert drawn == [0]
    assert text == "".join(f"told Name {n};" for n in range(30))


def test_no_rows_no_text() -> None:
    assert Template(STENCIL).render(Context({"rows": [], "staff": False})) == ""


def test_a_stencil_says_what_it_loops_over() -> None:
    for wrong in ("{% stencil %}{% endstencil %}", "{% stencil row in rows %}{% endstencil %}"):
        with pytest.raises(TemplateSyntaxError):
            Template(wrong)
