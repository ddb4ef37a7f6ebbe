"""Counting tries, exactly, however many come at once."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import RateLimit


def count_try(*, what: str, within: timedelta) -> RateLimit:
    """Count one more try of `what` and tell how many there were since its first, in one statement.

    Two at once get two numbers, so a limit that is compared with the answer holds under any load. After
    `within` from the first try the count begins again. Called outside a transaction: one that is rolled back
    would forget the try.
    """
    now = timezone.now()
    limit = RateLimit(key=salted_hmac("accounts.count_try", what, algorithm="sha256").hexdigest())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_ratelimit AS known (key, tries, ends_at) VALUES (%(key)s, 1, %(end)s)
            ON CONFLICT (key) DO UPDATE SET
                tries = CASE WHEN known.ends_at > %(now)s THEN least(known.tries + 1, 1000000) ELSE 1 END,
                ends_at = CASE WHEN known.ends_at > %(now)s THEN known.ends_at ELSE excluded.ends_at END
            RETURNING id, tries, ends_at
            """,
            {"key": limit.key, "now": now, "end": now + within},
        )
        limit.pk, limit.tries, limit.ends_at = cursor.fetchone()
    return limit


def take_back_try(limit: RateLimit) -> None:
    """A counted try turned out to be none that counts: one less, if its stretch of time still runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_ratelimit AS known (key, tries, ends_at) VALUES (%(key)s, 0, %(end)s)
            ON CONFLICT (key) DO UPDATE SET tries = greatest(known.tries - 1, 0)
            WHERE known.ends_at = excluded.ends_at
            """,
            {"key": limit.key, "end": limit.ends_at},
        )
