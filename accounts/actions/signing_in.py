"""Recognizing who signs in, and the names they sign in by."""

import logging
from collections.abc import Sequence

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.limits import count_try
from accounts.actions.passwords import even_out
from accounts.models import RateLimit, User
from sers.lib.folding import fold
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused

logger = logging.getLogger(__name__)


def recognize(*, username: str, password: str, address: str) -> User | None:
    """The person whose user name and password these are, or None; Refused after too many tries.

    A try is counted before the password is looked at, so that many at once cannot slip past the limit, and
    is taken back when it was right. What is refused tells nothing about the password. The limit on an
    account counts per address: nobody elsewhere can keep its owner out.
    """
    where = f"sign-in from {address}"
    who = f"sign-in as {username.casefold()} from {address}"
    limits = [
        (count_try(what=what, within=rules.SIGN_IN_WITHIN), most)
        for what, most in ((where, rules.SIGN_IN_TRIES_OF_ADDRESS), (who, rules.SIGN_IN_TRIES_OF_ACCOUNT))
    ]
    for limit, most in limits:
        refusal = rules.why_not_try(limit, most)
        if refusal is not None:
            logger.warning("Sign-in refused: more than %s tries", most)
            if limit.tries == most + 1:  # once for each limit and hour: the State looks how many there are
                record_event(by=None, kind="accounts.sign_in_refused", subject=limit)
            raise Refused(refusal)
    user = authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        even_out(username=username, password=password)
        return None
    with transaction.atomic():
        (of_address, _), (of_account, _) = limits
        RateLimit.objects.filter(pk=of_address.pk, tries__gt=0).update(tries=F("tries") - 1)
        RateLimit.objects.filter(pk=of_account.pk).delete()
    return user


def check_password(*, user: User, password: str, address: str) -> bool:
    """Is this the password of the person who is signed in already? Counted like a try to sign in."""
    return recognize(username=user.username, password=password, address=address) == user


def record_sign_in(*, user: User, by_what: Sequence[str]) -> None:
    """Write down that a person signed in, and by what: password, app, passkey, recovery code, elsewhere."""
    record_event(by=user, kind="accounts.signed_in", subject=user, data={"by": list(by_what)})


def new_user_name(first_name: str, last_name: str) -> str:
    """A user name made from the name, never changed later: `marisol.vega`, `marisol.vega2`, ...

    Holds a lock per base name until the transaction ends, so that two people at once get two names.
    """
    base = ".".join(fold(f"{first_name} {last_name}").split())[:60] or "user"
    one_at_a_time(f"user name {base}")
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    taken = {name.casefold() for name in taken}
    number = 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}{number}"
    return name
