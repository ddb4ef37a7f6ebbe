"""Several writes in one statement: one round trip to the database where there would be five."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db import connection, models
from django.db.models.sql import InsertQuery, UpdateQuery

#: A statement as Django wrote it: SQL and parameters.
Statement: TypeAlias = tuple[str, Sequence[Any]]


def inserting(rows: Sequence[models.Model]) -> list[Statement]:
    """New rows of one table, as `bulk_create` would write them; nothing for none. Their ids stay unknown."""
    if not rows:
        return []
    meta = rows[0]._meta
    query = InsertQuery(type(rows[0]))
    query.insert_values([field for field in meta.concrete_fields if not field.primary_key], list(rows))
    return [tuple(one) for one in query.get_compiler(connection=connection).as_sql()]


def updating(which: models.QuerySet[Any], /, **values: Any) -> list[Statement]:
    """These rows of one table changed, as `update` would write it."""
    query: Any = which.query.chain(UpdateQuery)
    query.add_update_values(values)
    return [query.get_compiler(connection=connection).as_sql()]


def write_together(statements: Iterable[Statement]) -> None:
    """Write all of it at once, in no order: none of the statements sees what another one writes.

    PostgreSQL runs each statement of a WITH that changes data exactly once, whatever is made of its result.
    """
    together = list(statements)
    if not together:
        return
    *before, (last, last_parameters) = together
    named = ", ".join(f"w{number} AS ({sql})" for number, (sql, _) in enumerate(before))
    parameters = [value for _, values in before for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {last}" if before else last, [*parameters, *last_parameters])
