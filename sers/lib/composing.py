"""Queries that are composed once: Django takes longer to write a small query than PostgreSQL to answer it.

    _HELD = Composed(lambda: Seat.objects.filter(user=Slot("user")).values_list("id", "role"))
    _HELD.rows(user=7)

For the few queries that every page asks. The query is Django's own and says what it says anywhere else; what
differs from one time to the next is a `Slot` in it.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db import connection, models


class Slot(models.Expression):
    """A value that is told each time the query is asked; stands wherever a value may."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Stands among the parameters as itself; `Composed.rows` puts the value in its place."""
        return "%s", [self]


class Composed:
    """A query of plain values (`values_list`), written when it is first asked. JSON in it comes as text."""

    def __init__(self, make: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._make = make

    @cached_property
    def _written(self) -> tuple[str, Sequence[Any]]:
        sql, parameters = self._make().query.sql_with_params()
        return sql, parameters

    def rows(self, **told: Any) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        sql, parameters = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [told[one.name] if isinstance(one, Slot) else one for one in parameters])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
