"""Mailed single-use links: made, looked at, used once."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import MailedLink, User
from sers.lib.refusal import Refusal, Refused

LINK_IS_OVER = Refusal(
    "link_over",
    "This link does not work any more.",
    "A link works once and only for a time. Ask for a new one.",
)


def new_link(
    *, user: User, purpose: MailedLink.Purpose, address: str = "", asked_by: User | None = None
) -> str:
    """The token of a new link for this purpose; links of the same purpose sent before open nothing more.

    Only a fingerprint is kept: the token stands in the mail alone. `address` is where it is mailed, the address
    on file unless it says otherwise; each of two addresses is confirmed by a link of its own.
    """
    now = timezone.now()
    confirms = purpose == MailedLink.Purpose.CONFIRM_EMAIL
    end_links(user=user, purpose=purpose, address=(address or user.email) if confirms else "")
    token = secrets.token_urlsafe(32)
    MailedLink.objects.create(
        user=user,
        purpose=purpose,
        address=address or user.email,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=now + MailedLink.LIFETIME[purpose],
        asked_by=asked_by,
    )
    return token


def end_links(*, user: User, purpose: MailedLink.Purpose | None = None, address: str = "") -> int:
    """Links of a person that still open something open nothing more; of one purpose or to one address only, if said.
    How many."""
    now = timezone.now()
    links = MailedLink.objects.filter(user=user).open_at(now)
    if purpose is not None:
        links = links.filter(purpose=purpose)
    if address:
        links = links.filter(address=address)
    return links.update(ended_at=now)


def find_link(*, token: str, purpose: MailedLink.Purpose) -> MailedLink | None:
    """The link a token opens, with its person, if it still opens anything. Looking changes nothing: mail
    scanners look too."""
    link = look_at_link(token)
    return link if link is not None and link.purpose == purpose else None


def look_at_link(token: str) -> MailedLink | None:
    """The link a token opens, whatever it is for. Looking changes nothing."""
    links = MailedLink.objects.open_at(timezone.now()).filter(token_hash=hash_token(token))
    return links.filter(user__is_active=True).select_related("user").first()


def use_link(*, token: str, purpose: MailedLink.Purpose) -> MailedLink:
    """Use a link up, in the transaction of the act it opens: of two at once one is Refused."""
    with transaction.atomic():
        link = find_link(token=token, purpose=purpose)
        if link is None:
            raise Refused(LINK_IS_OVER)
        now = timezone.now()
        if not MailedLink.objects.open_at(now).filter(pk=link.pk).update(used_at=now):
            raise Refused(LINK_IS_OVER)
        link.used_at = now
    return link


def hash_token(token: str) -> str:
    """What is kept of a token. It is 256 random bits, so that a plain hash tells nobody what it was."""
    return hashlib.sha256(token.encode()).hexdigest()
