"""What a person changes of their own account."""

from django.db import transaction

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.passwords import set_password
from accounts.actions.signing_in import check_password
from accounts.models import User


def edit_account(*, user: User, first_name: str, last_name: str, phone: str) -> set[str]:
    """Save Account: name and phone; the user name never. What stands on a student record is left as it is.
    Returns what changed."""
    typed = {}
    if rules.may_change_own_name(user):
        typed = {"first_name": first_name, "last_name": last_name, "phone": phone}
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        was = {name: getattr(user, name) for name in typed}
        changed = {name for name, value in typed.items() if value != was[name]}
        if changed:
            for name in changed:
                setattr(user, name, typed[name])
            user.save(update_fields=sorted(changed))
            record_event(
                by=user,
                kind="accounts.edited",
                subject=user,
                data={name: [was[name], typed[name]] for name in sorted(changed)},
            )
    return changed


def change_password(
    *, user: User, present: str | None, password: str, keep: str | None, address: str
) -> bool:
    """A new password in My Account. The present one is asked for and counted like a try to sign in; False when it is
    not right. None stands for a session that has just proved itself by a passkey."""
    if present is not None and not check_password(user=user, password=present, address=address):
        return False
    set_password(user=user, password=password, keep=keep, by=user, how="changed")
    return True
