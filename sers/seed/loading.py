"""Constraints and indexes of large tables, taken off while rows are copied and put back as they were."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

#: Triggers ask these for every row: without them each row would walk through a table.
ASKED_BY_TRIGGERS = ("student_merged_away",)


@contextmanager
def taken_off(tables: Sequence[type[models.Model]], tell: Callable[[str], None]) -> Iterator[None]:
    """Fill these tables without checking row by row; afterwards everything stands again and every row is checked.

    Foreign keys, unique and exclusion constraints and secondary indexes go; primary keys, checks and triggers stay, and
    the indexes those lean on.
    All in the caller's transaction: an error leaves the tables as they were.
    """
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        # Rows written before wait for the end of the transaction to be checked; that has to be now.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            """
            SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
            FROM pg_constraint
            WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('f', 'u', 'x')
            ORDER BY contype = 'f', conname
            """,
            [names],
        )
        constraints = cursor.fetchall()
        for table, name, _ in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(
            """
            SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = ANY (%s::regclass[]) AND NOT indisprimary AND relname <> ALL (%s) ORDER BY 1
            """,
            [names, list(ASKED_BY_TRIGGERS)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tell(f"Checking every row: {len(indexes)} indexes, {len(constraints)} constraints.")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:  # foreign keys last: they lean on the others' indexes
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
