"""The engine of sessions: Django's, kept in a table that knows whose session it is and when it ends."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import OpenSession

#: In the session: with what it was proved besides the password (a `rules.Factor`).
FACTOR: Final = "factor"
#: A page is noted once a minute: one write, not one a page.
NOTED_EVERY: Final = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """A session of somebody who signed in ends after `SESSION_IDLE` without a page, and `SESSION_COOKIE_AGE` after
    it began whatever happens. Shared computers stand in every school."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: OpenSession | None = None
        self.agent = ""
        self.network = ""

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def _get_session_from_db(self) -> OpenSession | None:
        self.row = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        if self.row is not None:
            self.agent, self.network = self.row.agent, self.row.network
        return self.row

    def create(self) -> None:
        """A new session, and a new key of an old one, begin now: somebody has just signed in."""
        self.row = None
        super().create()

    def create_model_instance(self, data: Any) -> OpenSession:
        now = timezone.now()
        begun_at = self.row.begun_at if self.row is not None else now
        user_id = data.get(SESSION_KEY)
        most = begun_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        idle = now + timedelta(seconds=settings.SESSION_IDLE)
        row = OpenSession(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=min(idle, most) if user_id else most,
            user_id=user_id,
            begun_at=begun_at,
            seen_at=now,
            agent=self.agent,
            network=self.network,
        )
        if self.row is not None:
            row.public_id = self.row.public_id
        self.row = row
        return row

    def describe(self, *, agent: str, network: str) -> None:
        """Note from which browser and network the person signed in, so that they can tell their sessions apart."""
        self.agent, self.network = agent[:400], network[:50]
        self.modified = True

    def note_a_page(self) -> None:
        """A page was asked for: the session lives on from here."""
        if self.row is not None and timezone.now() - self.row.seen_at > NOTED_EVERY:
            self.modified = True

    def seconds_left(self) -> dict[str, int]:
        """In how many seconds it ends: `seconds` if no page is asked for any more, `most` whatever happens."""
        if self.row is None:
            return {"seconds": 0, "most": 0}
        now = timezone.now()
        latest = self.row.begun_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return {
            "seconds": max(0, int((self.row.expire_date - now).total_seconds())),
            "most": max(0, int((latest - now).total_seconds())),
        }
