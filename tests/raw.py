"""Attempts against the database itself, by plain SQL, past every model, form and rule."""

import itertools
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

#: What the triggers on append-only tables say, before the name of the table.
INK = "Cannot update or delete rows from "

_ids = itertools.count(-1, -1)


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def copy(row: models.Model, **columns: Any) -> int:
    """A second row like this one, with these columns (as the database calls them) changed; its id.

    Keys nobody chose (id, public_id) are new in any case.
    """
    table = row._meta.db_table
    changes: dict[str, Any] = {"id": next(_ids)}
    if any(field.column == "public_id" for field in row._meta.concrete_fields):
        changes["public_id"] = str(uuid.uuid4())
    changes |= columns
    kept = [str(field.column) for field in row._meta.concrete_fields if not field.generated]
    columns_of = {old: ", ".join(f'{old}"{name}"' for name in kept) for old in ("", "new.")}
    run(
        f'INSERT INTO "{table}" ({columns_of[""]}) SELECT {columns_of["new."]} '
        f'FROM "{table}" AS old, jsonb_populate_record(old, %s) AS new WHERE old.id = %s',
        json.dumps(changes, default=str),
        row.pk,
    )
    return changes["id"]


def change(row: models.Model, **columns: Any) -> None:
    """Change columns of a row where it stands."""
    assignments = ", ".join(f'"{column}" = %s' for column in columns)
    run(f'UPDATE "{row._meta.db_table}" SET {assignments} WHERE id = %s', *columns.values(), row.pk)


def delete(row: models.Model) -> None:
    run(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', row.pk)


@contextmanager
def breaks(constraint: str) -> Iterator[None]:
    """What is done inside is refused, by this constraint or trigger and no other; nothing of it stays."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert constraint in str(refused.value)


@contextmanager
def stands() -> Iterator[None]:
    """What is done inside is accepted: the control beside an attempt. It is taken back."""
    with transaction.atomic():
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)
