"""Open sessions: one a browser somebody signed in from, with what its person may know of it."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models.people import User


class OpenSessionQuerySet(models.QuerySet["OpenSession"]):
    def open_at(self, moment: datetime) -> "OpenSessionQuerySet":
        """Sessions that have not ended by then."""
        return self.filter(expire_date__gt=moment)

    def from_networks(self, moment: datetime, number: int) -> models.QuerySet[Any]:
        """People who are signed in from so many networks or more, the most first."""
        return (
            self.open_at(moment)
            .exclude(user=None)
            .order_by()
            .values("user__username", "user__first_name", "user__last_name")
            .annotate(networks=models.Count("network", distinct=True))
            .filter(networks__gte=number)
            .order_by("-networks", "user__username")
        )

    def of(self, user: User) -> "OpenSessionQuerySet":
        """A person's sessions, the one used last first."""
        return self.filter(user=user).order_by("-seen_at", "session_key")


class OpenSession(AbstractBaseSession):
    """What Django keeps of a session, and whose it is, since when, from where. It ends with its row.

    `expire_date` carries both limits: so long after the last page, and never longer than so long after sign-in.
    """

    public_fields: ClassVar = {"public_id", "user", "expire_date", "begun_at", "seen_at"}
    private_fields: ClassVar = {"session_key", "session_data", "agent", "network"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="sessions")
    begun_at = models.DateTimeField("begun at", default=timezone.now)
    seen_at = models.DateTimeField("seen at", default=timezone.now)
    agent = models.CharField("browser", max_length=400, blank=True)
    network = models.CharField("network", max_length=50, blank=True)

    objects: ClassVar = OpenSessionQuerySet.as_manager()  # type: ignore[assignment]  # Django's own manager only adds encode()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        ordering = ("-seen_at",)
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return f"session of {self.user_id}"

    @property
    def browser(self) -> str:
        """`Firefox on Windows`; what the browser says of itself is believed, it is there to tell one's own apart."""
        from ua_parser import parse  # its lists take a moment to load, and one page in a thousand asks

        told = parse(self.agent)
        browser = told.user_agent.family if told.user_agent else ""
        system = told.os.family if told.os else ""
        return _("%(browser)s on %(system)s") % {
            "browser": browser or _("A browser"), "system": system or _("an unknown system"),
        }  # fmt: skip
