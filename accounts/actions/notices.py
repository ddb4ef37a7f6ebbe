"""Mail about an account itself: its links, and what was changed, to every address on file."""

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.urls import reverse

from accounts.actions.links import new_link
from accounts.actions.outbox import queue_mail
from accounts.models import EmailChange, MailedLink, User
from sers.lib.moments import day, moment

Purpose = MailedLink.Purpose

#: The letter each kind of link is mailed in.
LETTERS: Final = {
    Purpose.ACTIVATE: "accounts/activate",
    Purpose.RECOVER: "accounts/recover",
    Purpose.RESET: "accounts/reset",
    Purpose.CONFIRM_EMAIL: "accounts/confirm_email",
}


def link_url(token: str) -> str:
    """The address of a mailed link, whatever it is for."""
    return f"{settings.PUBLIC_URL}{reverse('accounts:link', args=[token])}"


def mail_link(
    *, user: User, purpose: MailedLink.Purpose, address: str = "", asked_by: User | None = None
) -> None:
    """Make a new link and mail it to the address on file, or to another one that is to be confirmed."""
    address = address or user.email
    token = new_link(user=user, purpose=purpose, address=address, asked_by=asked_by)
    queue_mail(
        key=f"link-{MailedLink.objects.newest_of(user, purpose).public_id}",
        to=address,
        person=user,
        template=LETTERS[purpose],
        context={"first_name": user.first_name, "username": user.username, "url": link_url(token)},
    )


def tell_everywhere(
    *, user: User, template: str, key: str, besides: tuple[str, ...] = (), **values: object
) -> None:
    """Tell every address on file what was done with the account, in the transaction it was done in. `besides` are
    addresses that were on file a moment ago."""
    for number, address in enumerate(dict.fromkeys((*user.addresses, *besides))):
        queue_mail(
            key=f"{template}-{key}-{number}",
            to=address,
            person=user,
            template=template,
            context={
                "first_name": user.first_name,
                "url": f"{settings.PUBLIC_URL}{reverse('accounts:forgot_password')}",
                **values,
            },
        )


def mail_user_names(*, users: Sequence[User], address: str, key: str) -> None:
    """Tell somebody the user name they asked for; of all their accounts, should there be several."""
    queue_mail(
        key=f"user-name-{key}",
        to=address,
        person=users[0],
        template="accounts/user_name",
        context={
            "first_name": users[0].first_name,
            "usernames": [user.username for user in users],
            "url": f"{settings.PUBLIC_URL}{reverse('accounts:sign_in')}",
        },
    )


def mail_held(*, user: User, change: EmailChange, key: str) -> None:
    """Say why no link comes: a staff member put this address there, and recovery by it waits."""
    queue_mail(
        key=f"held-{key}",
        to=user.email,
        person=user,
        template="accounts/held",
        context={
            "first_name": user.first_name,
            "day": day(change.asked_at),
            "until": moment(change.hold_until),
        },
    )
