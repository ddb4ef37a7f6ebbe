"""How often a person may try to sign in, and from where a request comes."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import RateLimit
from sers.lib.moments import time_of_day
from sers.lib.refusal import Refusal

#: After ten wrong passwords for one account from one address that address waits. NIST SP 800-63B-4, 3.2.2,
#: allows a hundred in a row; ten at a time keep a guesser far below it and a pupil's fingers well inside.
SIGN_IN_TRIES_OF_ACCOUNT: Final = 10
#: A school stands behind one address: a whole computer room may mistype without shutting out the others.
SIGN_IN_TRIES_OF_ADDRESS: Final = 300
SIGN_IN_WITHIN: Final = timedelta(minutes=15)


def why_not_try(limit: RateLimit, most: int) -> Refusal | None:
    """A try is answered as long as it is among the first `most` of its stretch of time."""
    if limit.tries <= most:
        return None
    until = timezone.localtime(
        limit.ends_at + timedelta(seconds=59)
    )  # said in whole minutes, never too early
    return Refusal(
        "too_many_tries",
        _("There were too many tries to sign in from here."),
        _("Wait until {time}, then try again.").format(time=time_of_day(until)),
    )


def network_of(remote: str, forwarded: str, *, behind_proxy: bool) -> str:
    """The network a request comes from: an IPv4 address, or the /64 an IPv6 address is handed out of.

    Behind a proxy the last address it wrote is the one it saw; anything before that a client can make up.
    What is no address at all (a unix socket) counts as one place.
    """
    told = forwarded.rpartition(",")[2].strip() if behind_proxy and forwarded else remote
    try:
        address = ip_address(told)
    except ValueError:
        return "somewhere"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64)) + "/64"
    return str(address)
