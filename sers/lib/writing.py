"""Several writes in one statement: one round trip to the database where there would be five."""

from collections.abc import Iterable, Mapping, Sequence
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


def insert_absent(model: type[models.Model], columns: Mapping[str, Sequence[Any]], /, **same: Any) -> None:
    """New rows of one table in one statement, from columns of one length and what is the `same` in each row; a row
    that a unique constraint finds there already is left out. A field that is not named takes the database's default.

    For the many small rows a page notes: a dozen lists cost a tenth of forty objects.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in (*columns, *same)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    given = ", ".join(f"%s::{field.cast_db_type(connection)}[]" for field in fields[: len(columns)])
    more = "".join(f", %s::{field.cast_db_type(connection)}" for field in fields[len(columns) :])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names})"  # noqa: S608 - names of our own models
            f" SELECT given.*{more} FROM unnest({given}) AS given ON CONFLICT DO NOTHING",
            [*same.values(), *map(list, columns.values())],
        )
