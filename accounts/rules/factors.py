"""What proves who one is: when a second factor is asked for, and what counts as one."""

import time
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.access import Role, all_seats
from accounts.models import AuthenticatorApp, Passkey, User
from sers.lib.refusal import Refusal

#: These seats reach thousands of records or award credit: they sign in with a second factor.
FACTOR_ROLES: Final = frozenset({Role.CONSORTIUM, Role.REGISTRAR, Role.STATE})

#: Letters a password needs that stands alone, and one that is asked for together with a second factor.
LEAST_ALONE: Final = 15
LEAST_WITH_FACTOR: Final = 8

#: RFC 6238: thirty seconds a code; one before and one after are taken too, for clocks that differ.
APP_STEP: Final = 30
APP_DIGITS: Final = 6
APP_DRIFT: Final = 1

#: Wrong codes for one account: ten from one network in a quarter of an hour, a hundred in a day from anywhere.
FACTOR_TRIES: Final = 10
FACTOR_WITHIN: Final = timedelta(minutes=15)
FACTOR_TRIES_A_DAY: Final = 100
FACTOR_DAY: Final = timedelta(days=1)

#: So many of each kind one person may register: a phone, a spare, keys at home and at work.
MOST_OF_A_KIND: Final = 10

#: How long a proof of who one is lasts for changing how one signs in (OWASP ASVS 5.0 7.5.1).
PROVED_FOR: Final = timedelta(minutes=10)
#: How long the second factor may follow the password.
HALF_IN_FOR: Final = timedelta(minutes=10)
#: How long a browser may take to answer a challenge: a person looks for a key.
CHALLENGE_FOR: Final = timedelta(minutes=5)
#: How long a sign-in elsewhere waits to be connected to an account.
CONNECT_WITHIN: Final = timedelta(minutes=15)


class Factor(StrEnum):
    """With what a session was proved besides the password."""

    APP = "app"
    PASSKEY = "passkey"
    CODE = "recovery code"
    ELSEWHERE = "elsewhere"


def has_factor(user: User) -> bool:
    """Has the person registered a second factor? It is then asked at every sign-in with a password."""
    return AuthenticatorApp.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


def needs_factor(user: User) -> bool:
    """Consortium, registrar and state seats work with a second factor; every seat held counts, whatever the hat."""
    return settings.SECOND_FACTOR_REQUIRED and any(seat.role in FACTOR_ROLES for seat in all_seats(user))


def is_still(at: float | None, within: timedelta) -> bool:
    """Was that moment, a POSIX time that a session remembers, no longer ago than this? Never is not."""
    return at is not None and 0 <= time.time() - at < within.total_seconds()


def asks_password_to_remove(user: User, *, left: int) -> bool:
    """The last second factor that may go asks whether the password can stand alone, where there is one."""
    return left == 0 and not needs_factor(user) and user.has_usable_password()


def why_not_remove_factor(user: User, *, left: int, password: str | None) -> Refusal | None:
    """The last second factor goes only where none is needed, and where the password can stand alone.

    A seat that needs one would be locked at the next page. A password of fewer than fifteen letters was taken because a
    factor stood beside it (NIST SP 800-63B-4, 3.1.1.2); how long it is was not kept, so it is asked for. `password` is
    the person's password when it was typed and is right.
    """
    if left > 0:
        return None
    if needs_factor(user):
        return Refusal(
            "last_factor",
            _("This is your last second factor, and your seat needs one."),
            _("Add another one first, then remove this."),
        )
    if not asks_password_to_remove(user, left=left):
        return None
    if password is None:
        return Refusal("password_asked", _("This is your last second factor. Enter your password."))
    if len(password) < LEAST_ALONE:
        return Refusal(
            "short_password",
            _(
                "Your password has fewer than {least} characters, which is too few without a second factor."
            ).format(least=LEAST_ALONE),
            _("Choose a longer password first, then remove this."),
        )
    return None


def counts_as_factor(claims: dict[str, object]) -> bool:
    """Does a sign-in elsewhere say it took more than a password? `amr` as RFC 8176 names its values."""
    methods = claims.get("amr")
    return isinstance(methods, list) and bool(
        {"mfa", "hwk", "otp", "sc", "fpt", "face"} & set(map(str, methods))
    )


def passkey_host(host: str) -> str | None:
    """The name a passkey is bound to: the host of this page without its port; none where it is a bare number."""
    name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return name
    return None
