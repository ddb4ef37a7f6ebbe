"""How often something was tried."""

from typing import ClassVar

from django.db import models


class RateLimit(models.Model):
    """How often one thing was tried in the stretch of time that began with its first try.

    The key is a keyed fingerprint of what is counted (an account at an address, an address), so that the
    table tells nobody who signs in from where. Rows past their end count for nothing and are swept.
    """

    public_fields: ClassVar = {"id", "key", "tries", "ends_at"}
    private_fields: ClassVar[set[str]] = set()

    key = models.CharField("key", max_length=64, unique=True)
    tries = models.PositiveIntegerField("tries")
    ends_at = models.DateTimeField("counts until", db_index=True)

    class Meta:
        ordering = ("ends_at", "id")

    def __str__(self) -> str:
        return f"{self.tries} until {self.ends_at}"
