"""People who sign in, what was done by whom, and the outbox: mail and jobs as rows."""

from accounts.models.events import Event
from accounts.models.factors import AuthenticatorApp, Identity, Passkey, factor_of
from accounts.models.limits import RateLimit
from accounts.models.links import MailedLink, MailedLinkQuerySet
from accounts.models.outbox import Job, Mail, MailQuerySet, MailState, Outbox, OutboxQuerySet, OutboxState
from accounts.models.people import User, UserManager, folded_name
from accounts.models.recovery import EmailChange, Question, RecoveryCode, RecoveryRequest, SecurityAnswer
from accounts.models.sessions import OpenSession

__all__ = [
    "AuthenticatorApp",
    "EmailChange",
    "Event",
    "Identity",
    "Job",
    "Mail",
    "MailQuerySet",
    "MailState",
    "MailedLink",
    "MailedLinkQuerySet",
    "OpenSession",
    "Outbox",
    "OutboxQuerySet",
    "OutboxState",
    "Passkey",
    "Question",
    "RateLimit",
    "RecoveryCode",
    "RecoveryRequest",
    "SecurityAnswer",
    "User",
    "UserManager",
    "factor_of",
    "folded_name",
]
