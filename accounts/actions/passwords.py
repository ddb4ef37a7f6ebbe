"""Passwords: set, changed, and never told apart by the clock."""

from typing import Final

from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db import transaction

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.links import end_links
from accounts.actions.notices import tell_everywhere
from accounts.actions.sessions import end_other_sessions
from accounts.models import MailedLink, User
from sers.lib.folding import same_letters
from sers.lib.refusal import Refused

#: Links that let somebody choose a password; an address may still be confirmed after one was chosen.
LEADS_IN: Final = (MailedLink.Purpose.ACTIVATE, MailedLink.Purpose.RECOVER, MailedLink.Purpose.RESET)

#: The letter that tells of a new password, by how it came to be.
TOLD: Final = {
    "changed": "accounts/password_changed",
    "recovered": "accounts/password_recovered",
    "activated": "accounts/password_activated",
    "reset": "accounts/password_reset",
}


def set_password(*, user: User, password: str, keep: str | None, by: User, how: str) -> None:
    """A person's own new password: every other session ends, mailed links open nothing more, each address is told.

    `keep` is the key of the session it is done in; `how` goes into the event: "changed", "recovered", "activated",
    "reset". Refused when the password will not do, whatever the form said.
    """
    refusals = rules.why_not_password(password, user)
    if refusals:
        raise Refused(refusals[0])
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        end_other_sessions(user=user, keep=keep, by=by)
        for purpose in LEADS_IN:
            end_links(user=user, purpose=purpose)
        event = record_event(by=by, kind=f"accounts.password_{how}", subject=user)
        tell_everywhere(user=user, template=TOLD[how], key=str(event.pk))


def even_out(*, username: str, password: str) -> None:
    """Spend on a wrong password what it would have cost on any other account.

    Django hashes once for a name nobody has, a closed account and one without a password, as for everybody whose
    hash is of today. While some account still has a hash from before Argon2, the clock would tell which: then each
    wrong password costs both hashers, Argon2 first (`User.check_password` sees to it where the hash is old).
    """
    if not User.objects.with_old_hash().exists():
        return
    password = same_letters(password)
    before = get_hasher("pbkdf2_sha256")
    account = User.objects.with_old_hash().named(username)
    if account is None:
        before.encode(password, before.salt())
        return
    identify_hasher(account.password).harden_runtime(password, account.password)
