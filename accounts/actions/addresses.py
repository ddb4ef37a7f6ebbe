"""E-mail addresses of an account: changed, confirmed from the new one, approved by a second person.

`User.email` is the one address of an account; whoever changes it comes through here.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.limits import count_try
from accounts.actions.links import LINK_IS_OVER, end_links, use_link
from accounts.actions.notices import mail_link, tell_everywhere
from accounts.actions.passwords import LEADS_IN
from accounts.models import EmailChange, MailedLink, User
from sers.lib.refusal import Refused

CONFIRM = MailedLink.Purpose.CONFIRM_EMAIL
Which = EmailChange.Which


def change_email(
    *, user: User, email: str, by: User, which: EmailChange.Which = Which.MAIN
) -> EmailChange | None:
    """Ask for a new address: it is mailed a link that confirms it, the addresses on file are told, and nothing
    changes until the link is opened. A change asked for before that waits still is ended.

    By somebody else it holds Reset Account for 72 hours (`why_not_reset`). None when it is the address already.
    """
    refusal = rules.why_not_change_email(user, by, email)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        end_email_change(user=user, which=which, by=by)
        old = user.email if which == Which.MAIN else user.second_email
        if email == old and (which == Which.MAIN or user.second_email_confirmed_at is not None):
            return None
        now = timezone.now()
        change = EmailChange.objects.create(
            user=user,
            which=which,
            old_address=old,
            old_confirmed_at=user.email_confirmed_at
            if which == Which.MAIN
            else user.second_email_confirmed_at,
            new_address=email,
            asked_at=now,
            by=by,
            hold_until=None if by.pk == user.pk else now + EmailChange.HOLD,
        )
        record_event(
            by=by, kind="accounts.email_change_asked", subject=user, data={"change": str(change.public_id)}
        )
        mail_link(user=user, purpose=CONFIRM, address=email, asked_by=None if by.pk == user.pk else by)
        tell_everywhere(
            user=user,
            template="accounts/email_asked" if which == Which.MAIN else "accounts/second_email_asked",
            key=str(change.public_id),
            by_person=by.pk == user.pk,
            address=email,
        )
    return change


def count_change_of_email(*, user: User, address: str) -> None:
    """Count one more new address asked for; Refused after too many in an hour: mail must not go out at will."""
    for what in (f"new address of {user.pk}", f"new address from {address}"):
        limit = count_try(what=what, within=rules.REQUESTS_WITHIN)
        most = rules.REQUESTS_OF_ACCOUNT if what.endswith(f"of {user.pk}") else rules.REQUESTS_OF_NETWORK
        refusal = rules.why_too_many(limit, most, _("You asked for too many new addresses."))
        if refusal is not None:
            raise Refused(refusal)


def end_email_change(*, user: User, which: EmailChange.Which = Which.MAIN, by: User) -> bool:
    """A change of address that nobody has confirmed yet is taken back; its link opens nothing. False when there was
    none. What a staff member asked for, a person ends only by asking for another address."""
    with transaction.atomic():
        change = EmailChange.objects.select_for_update().waiting().filter(user=user, which=which).first()
        if change is None:
            return False
        change.ended_at = timezone.now()
        change.save(update_fields=["ended_at"])
        end_links(user=user, purpose=CONFIRM, address=change.new_address)
        record_event(by=by, kind="accounts.email_change_ended", subject=user)
    return True


def confirm_email(*, token: str) -> User:
    """The mailed link, pressed: the new address takes its place, or the one on file is known to reach its person.

    Once; of two at once, and of a link to an address that nobody wants any more, Refused.
    """
    with transaction.atomic():
        link = use_link(token=token, purpose=CONFIRM)
        user: User = User.objects.select_for_update().get(pk=link.user_id)
        now = timezone.now()
        waiting = EmailChange.objects.select_for_update().waiting()
        change = waiting.filter(user=user, new_address=link.address).first()
        before = tuple(user.addresses)
        if change is None and link.address != user.email:
            raise Refused(LINK_IS_OVER)
        if change is None or change.which == Which.MAIN:
            user.email, user.email_confirmed_at = link.address, now
        else:
            user.second_email, user.second_email_confirmed_at = link.address, now
        user.save(update_fields=["email", "email_confirmed_at", "second_email", "second_email_confirmed_at"])
        record_event(by=user, kind="accounts.email_confirmed", subject=user)
        if change is not None:
            change.confirmed_at = now
            change.save(update_fields=["confirmed_at"])
            if change.which == Which.MAIN:
                end_ways_in(user=user, address=change.old_address)
            tell_everywhere(
                user=user,
                template="accounts/email_changed"
                if change.which == Which.MAIN
                else "accounts/second_email_changed",
                key=str(change.public_id),
                besides=before,
                address=link.address,
            )
    return user


def end_ways_in(*, user: User, address: str) -> None:
    """Links mailed to an address that is on file no more lead into the account no more."""
    if address and address not in user.addresses:
        for purpose in LEADS_IN:
            end_links(user=user, purpose=purpose, address=address)


def remove_second_email(*, user: User) -> None:
    """The second recovery address goes; both addresses are told. A change of it that waits is ended."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        end_email_change(user=user, which=Which.SECOND, by=user)
        if not user.second_email:
            return
        before = tuple(user.addresses)
        user.second_email, user.second_email_confirmed_at = "", None
        user.save(update_fields=["second_email", "second_email_confirmed_at"])
        event = record_event(by=user, kind="accounts.second_email_removed", subject=user)
        tell_everywhere(
            user=user, template="accounts/second_email_removed", key=str(event.pk), besides=before
        )


def approve_email_change(*, change: EmailChange, by: User) -> None:
    """A second person saw that the change is right: Reset Account waits no longer."""
    with transaction.atomic():
        change = undecided(change=change, by=by)
        change.approved_by, change.approved_at = by, timezone.now()
        change.save(update_fields=["approved_by", "approved_at"])
        record_event(by=by, kind="accounts.email_change_approved", subject=change.user)


def refuse_email_change(*, change: EmailChange, by: User) -> None:
    """A second person saw that the change is wrong: it ends, and the former address is back if the new one had taken
    its place. Links mailed to the new one open nothing more; the former address is told."""
    with transaction.atomic():
        change = undecided(change=change, by=by)
        user, now = change.user, timezone.now()
        change.refused_by, change.refused_at = by, now
        if change.confirmed_at is None:
            change.ended_at = now
            end_links(user=user, purpose=CONFIRM, address=change.new_address)
        elif change.which == Which.MAIN and user.email == change.new_address:
            user.email, user.email_confirmed_at = former_address(change)
        elif change.which == Which.SECOND and user.second_email == change.new_address:
            user.second_email, user.second_email_confirmed_at = former_address(change)
        change.save(update_fields=["refused_by", "refused_at", "ended_at"])
        user.save(update_fields=["email", "email_confirmed_at", "second_email", "second_email_confirmed_at"])
        end_ways_in(user=user, address=change.new_address)
        record_event(by=by, kind="accounts.email_change_refused", subject=user)
        tell_everywhere(
            user=user,
            template="accounts/email_refused",
            key=str(change.public_id),
            address=change.new_address,
        )


def former_address(change: EmailChange) -> tuple[str, datetime | None]:
    """The address before a change, and since when it was confirmed; one that a refused change had put there is gone
    over, so that of two wrong changes neither comes back, whichever is refused first."""
    refused = EmailChange.objects.filter(
        user=change.user, which=change.which, confirmed_at__isnull=False, refused_at__isnull=False
    )
    before: EmailChange | None = change
    while before is not None:
        change = before
        before = refused.filter(new_address=change.old_address, asked_at__lt=change.asked_at).first()
    return change.old_address, change.old_confirmed_at


def undecided(*, change: EmailChange, by: User) -> EmailChange:
    """The change and its account, locked, while this person may still decide it; of two who decide at once one is
    Refused."""
    user = User.objects.select_for_update().get(pk=change.user_id)
    change = EmailChange.objects.select_for_update().get(pk=change.pk)
    change.user = user
    refusal = rules.why_not_approve(change, by, timezone.now())
    if refusal is not None:
        raise Refused(refusal)
    return change
