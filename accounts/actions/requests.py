"""I forgot my user name, I forgot my password: asked for on a page, answered by a worker.

The page does the same for everybody, whether there is an account or not: it counts, writes a row and a job. Who reads
the page, its headers or the clock learns nothing; the mail goes to the address on file alone.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules
from accounts.actions.limits import count_try
from accounts.actions.notices import mail_held, mail_link, mail_user_names
from accounts.actions.outbox import queue_job, work_on
from accounts.models import MailedLink, RecoveryRequest, User
from sers.lib.folding import fold
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused

ANSWER_REQUEST_TASK = "accounts.answer_request"


def ask_for_user_name(*, first_name: str, last_name: str, email: str, address: str) -> None:
    """Ask for the user name of a person of this name and e-mail; Refused after too many from one network."""
    _count(address, f"user name of {email.casefold()}")
    _ask(RecoveryRequest(wanted="user_name", first_name=first_name, last_name=last_name, email=email))


def ask_for_password(*, username: str, email: str, address: str) -> None:
    """Ask for a link that sets a new password; Refused after too many from one network."""
    _count(address, f"password of {username.casefold()}")
    _ask(RecoveryRequest(wanted="password", username=username, email=email))


def _count(address: str, what: str) -> None:
    """Both are counted before anything is refused, whatever there is behind the name. The count of a name is one for
    each network: nobody elsewhere can keep its owner from asking."""
    limits = (
        (count_try(what=f"recovery from {address}", within=rules.REQUESTS_WITHIN), rules.REQUESTS_OF_NETWORK),
        (
            count_try(what=f"{what} from {address}", within=rules.REQUESTS_WITHIN),
            rules.REQUESTS_OF_ACCOUNT,
        ),
    )
    for limit, most in limits:
        refusal = rules.why_too_many(limit, most, _("There were too many requests from here."))
        if refusal is not None:
            raise Refused(refusal)


def _ask(asked: RecoveryRequest) -> None:
    with transaction.atomic():
        asked.save()
        queue_job(key=f"recovery-{asked.pk}", task=ANSWER_REQUEST_TASK, subject=asked)


def answer_request(*, job_id: int) -> None:
    """Look for the account somebody asked about, mail to it, and forget what was asked."""
    with work_on(job_id) as job:
        asked = RecoveryRequest.objects.filter(pk=job.subject_id).first() if job is not None else None
        if asked is None:
            return
        with transaction.atomic():
            if asked.wanted == RecoveryRequest.Wanted.USER_NAME:
                _mail_user_names(asked)
            else:
                _mail_way_in(asked)
            asked.delete()


def _mail_user_names(asked: RecoveryRequest) -> None:
    """All accounts of this name and address: twins in the record are told apart by their mails."""
    wanted = fold(f"{asked.first_name} {asked.last_name}")
    found = [one for one in User.objects.reached_by(asked.email) if fold(one.name) == wanted]
    if found and _may_mail(asked.email):
        mail_user_names(users=found, address=address_on_file(found[0], asked.email), key=str(asked.pk))


def _mail_way_in(asked: RecoveryRequest) -> None:
    """A link for a new password, or for the first one of an account nobody has taken up; or why it must wait."""
    user = User.objects.reached_by(asked.email).named(asked.username)
    if user is None:
        return
    one_at_a_time(f"recovery of {user.pk}")
    purpose = MailedLink.Purpose.RECOVER if user.activated_at else MailedLink.Purpose.ACTIVATE
    now = timezone.now()
    address = address_on_file(user, asked.email)
    # A link that was just mailed there still stands: who asks again and again cannot end it.
    just_sent = MailedLink.objects.open_at(now).filter(
        user=user, purpose=purpose, address=address, created_at__gt=now - rules.LINK_STANDS_FOR
    )
    if just_sent.exists() or not _may_mail(address):
        return
    held = rules.held_address(user, address, now)
    if held is not None:
        mail_held(user=user, change=held, key=str(asked.pk))
        return
    mail_link(user=user, purpose=purpose, address=address)


def address_on_file(user: User, typed: str) -> str:
    """The address as it stands on file, not as it was typed: letters that look alike are not the same address."""
    return next((one for one in user.addresses if one.lower() == typed.lower()), user.email)


def _may_mail(address: str) -> bool:
    limit = count_try(what=f"recovery mail to {address.casefold()}", within=rules.MAILS_WITHIN)
    return limit.tries <= rules.MAILS_OF_ADDRESS


def forget_old_requests() -> int:
    """What was typed a day ago is kept no longer, should no worker have got to it. How many."""
    return RecoveryRequest.objects.filter(asked_at__lt=timezone.now() - timedelta(days=1)).delete()[0]
