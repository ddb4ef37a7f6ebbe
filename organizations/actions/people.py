"""Accounts of staff: made with their first seat, and reminded until they are taken up."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.access import Role
from accounts.actions import count_try, link_url, new_link, new_user_name, record_event
from accounts.models import MailedLink, User
from organizations import rules
from organizations.actions.seats import mail_about, write_seat
from organizations.models import (
    PeopleFile,
    Seat,
    not_activated,
    reminders_sent,
    staff_of_email,
)
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused

#: So many people are reminded in one sweep: the rest comes the next day.
MOST_REMINDED = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """A seat that was given, and whether an account was made for it."""

    seat: Seat
    is_new: bool


def give_access(
    *,
    wanted: rules.Wanted,
    reason: str,
    by: User,
    known: User | None = None,
    reach: rules.Reach | None = None,
    desk: rules.Desk | None = None,
) -> Given:
    """Give somebody a seat: to `known`, else to the person of the staff who has the address, else to a new account.

    One person, one account: whoever has the address already, seen or not, gets the seat there and a mail about it.
    Two people who give seats to one new address at once make one account. `reach` and `desk` are for who gives many
    seats at once and has read them already.
    """
    reach = reach or rules.reach_of(by)
    refusal = rules.why_not_give(reach, wanted, on=timezone.localdate(), to=known)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        one_at_a_time(f"account of {wanted.email.lower()}")
        user = known or staff_of_email(wanted.email)
        if user is not None and user.pk == by.pk:
            raise Refused(rules.own_seat(wanted.role, wanted.place))
        is_new = user is None
        if user is None:
            user = User.objects.create_user(
                new_user_name(wanted.first_name, wanted.last_name),
                wanted.email,
                first_name=wanted.first_name,
                last_name=wanted.last_name,
            )
            record_event(by=by, kind="organizations.account_created", subject=user, data={"reason": reason})
        seat = write_seat(user=user, wanted=wanted, reason=reason, by=by)
        desk = desk or rules.desk_of(wanted.role, wanted.place)
        if user.activated_at is None:
            _invite(seat, f"seat-{seat.public_id}", desk=desk, by=by)
        else:
            url = f"{settings.PUBLIC_URL}/"
            mail_about(
                seat, f"seat-{seat.public_id}", "organizations/further_seat", desk=desk, by=by, url=url
            )
    return Given(seat, is_new)


def _invite(seat: Seat, about: str, *, desk: rules.Desk, by: User | None, reminder: bool = False) -> None:
    """Mail a new link to choose the first password; links sent before open nothing more."""
    token = new_link(user=seat.user, purpose=MailedLink.Purpose.ACTIVATE, asked_by=by)
    mail = mail_about(
        seat, about, "organizations/invitation", desk=desk, by=by, url=link_url(token), reminder=reminder
    )
    if mail is None:  # written already: undo the link too
        raise Refused(Refusal("mailed_already", f"{seat.user.name} was mailed already.", ""))


def send_link(*, user: User, by: User) -> None:
    """Mail somebody who has not chosen a password a new link, three times a day at most.

    Refused to those who may give none of the person's seats, and once the seats are over.
    """
    seat = _seat_to_remind(user, by)
    limit = count_try(what=f"links to account {user.pk}", within=rules.LINKS_WITHIN)
    refusal = rules.why_not_another_link(user, limit)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        event = record_event(by=by, kind="organizations.link_sent", subject=user)
        desk = rules.desk_of(Role(seat.role), seat.place)
        _invite(seat, f"link-{event.pk}", desk=desk, by=by, reminder=True)


def _seat_to_remind(user: User, by: User) -> Seat:
    """The seat a link is about: the first that still stands and that this person may give."""
    refusal = rules.why_not_remind(user)
    if refusal is not None:
        raise Refused(refusal)
    reach = rules.reach_of(by)
    today = timezone.localdate()
    standing = Seat.objects.living(today).of_people([user.pk]).in_order()
    refusals = [rules.why_not_change(reach, seat, on=today) for seat in standing]
    for seat, why_not in zip(standing, refusals, strict=True):
        if why_not is None:
            return seat
    if refusals and refusals[0] is not None:
        raise Refused(refusals[0])
    raise Refused(
        Refusal(
            "no_seat_left", f"Every seat of {user.name} has ended.", "Give a new seat: that mails a link."
        )
    )


def remind_people() -> int:
    """The daily sweep: remind whoever has an account and has not taken it up, three times at most. How many.

    Safe to run twice and beside itself: a person's row is locked, and each reminder has its own key. Files of people
    that nobody saved within a week are forgotten with it.
    """
    now = timezone.now()
    PeopleFile.objects.left_lying(now - timedelta(days=7)).delete()
    seats = Seat.objects.staff().held_on(timezone.localdate())
    reminded = 0
    for user in not_activated(seats)[:MOST_REMINDED]:
        reminded += _remind(user.pk)
    return reminded


def _remind(user_id: int) -> bool:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user_id)
        seats = Seat.objects.staff().held_on(timezone.localdate())
        user = not_activated(seats).filter(pk=user_id).first()
        if user is None:
            return False
        number = rules.reminder_due(user.created_at, user.mailed_at, reminders_sent(user), now=timezone.now())
        if number is None:
            return False
        seat = seats.of_people([user.pk]).in_order()[0]
        desk = rules.desk_of(Role(seat.role), seat.place)
        _invite(seat, f"reminder-{number}", desk=desk, by=None, reminder=True)
        record_event(by=None, kind="organizations.reminded", subject=user, data={"number": number})
    return True
