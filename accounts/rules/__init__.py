"""Decisions about accounts: how often one may try, from where a request comes, what proves who one is, in which language they read."""

from accounts.rules.languages import (
    help_desk_of,
    help_email_of,
    is_language,
    language_of,
    language_on_screen,
)
from accounts.rules.signing_in import (
    SIGN_IN_TRIES_OF_ACCOUNT,
    SIGN_IN_TRIES_OF_ADDRESS,
    SIGN_IN_WITHIN,
    network_of,
    why_not_try,
)

__all__ = [
    "SIGN_IN_TRIES_OF_ACCOUNT",
    "SIGN_IN_TRIES_OF_ADDRESS",
    "SIGN_IN_WITHIN",
    "help_desk_of",
    "help_email_of",
    "is_language",
    "language_of",
    "language_on_screen",
    "network_of",
    "why_not_try",
]
