"""Rows on their way into an empty database: keys of their own, written by COPY, the same every time."""

import functools
import json
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from io import StringIO
from random import Random
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def as_copied(value: Any) -> str:
    """One value as COPY's text format takes it."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True).translate(_ESCAPES)
    return str(value)


@functools.cache
def columns(model: type[models.Model]) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


@functools.cache
def _never_left_out(model: type[models.Model]) -> frozenset[str]:
    """Fields whose default is another one each time (now, random letters): the seed must say their value."""
    return frozenset(
        field.name
        for field in columns(model)
        if (field.has_db_default() and not field.has_default())
        or getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
        or (callable(field.default) and field.default not in (dict, models.NOT_PROVIDED))
    )


class Book:
    """Rows that refer to each other by keys given here, kept until `write` copies them all at once.

    Keys, public ids and codes come from one seeded generator and from counting, never from the clock or the
    system's randomness: the same seed in an empty database gives the same rows.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self._rows: dict[type[models.Model], list[models.Model]] = {}
        self._last: dict[type[models.Model], int] = {}

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def letters(self, alphabet: str, length: int) -> str:
        return "".join(self.random.choices(alphabet, k=length))

    def next_key(self, model: type[models.Model]) -> int:
        """The key of the next row: one more than the last of this book, or of the table."""
        last = self._last.get(model)
        if last is None:
            last = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        self._last[model] = last + 1
        return last + 1

    def add(self, model: type[Row], **values: Any) -> Row:
        """One row more. Whatever would be left to the clock or to chance must be given."""
        if "public_id" in _never_left_out(model) and "public_id" not in values:
            values["public_id"] = self.uuid()
        left_out = _never_left_out(model) - values.keys()
        if left_out:
            raise TypeError(f"{model.__name__}: {', '.join(sorted(left_out))} must be given")
        row = model(pk=self.next_key(model), **values)
        self._rows.setdefault(model, []).append(row)
        return row

    def rows(self, model: type[Row]) -> list[Row]:
        """What was added of this model since the last `write`."""
        return self._rows.get(model, [])  # type: ignore[return-value]

    def write(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """Copy every row into its table and set the tables' sequences behind them.

        The order does not matter: foreign keys are checked at the end of the transaction.
        """
        tell(f"Writing {sum(map(len, self._rows.values())):,} rows into {len(self._rows)} tables ...")
        for model, rows in self._rows.items():
            fields = columns(model)
            lines = StringIO()
            for row in rows:
                values = (as_copied(field.get_prep_value(getattr(row, field.attname))) for field in fields)
                lines.write("\t".join(values))
                lines.write("\n")
            lines.seek(0)
            copy(model, [str(field.column) for field in fields], lines)
            set_sequence(model)
        self._rows.clear()


def copy(model: type[models.Model], names: Iterable[str], lines: StringIO) -> None:
    """COPY tab-separated lines into these columns of a table."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN", lines)


def set_sequence(model: type[models.Model]) -> None:
    """The table's next key of its own follows the last one that was copied; a sequence never goes back.

    It is outside of transactions: a seed that was undone must not leave it before rows that stand.
    """
    last = model._base_manager.aggregate(last=models.Max("pk"))["last"]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT setval(%s, GREATEST(%s, nextval(%s)))", [sequence, last, sequence])
