"""Locks that are no row: for what must happen one after the other before there is a row to lock."""

from django.db import connection


def one_at_a_time(key: str) -> None:
    """Wait until nobody else in the database does what this key names; let go when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
