"""Seats: given, changed, ended. Each asks the rule again, writes an event with its reason, and tells the person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Role
from accounts.actions import end_links, queue_mail, record_event
from accounts.models import Mail, User
from organizations import rules
from organizations.models import Seat, SignerTitle, mail_key
from sers.lib.locks import one_at_a_time
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused


def write_seat(*, user: User, wanted: rules.Wanted, reason: str, by: User) -> Seat:
    """The row of a seat and its event, in the transaction of whoever asked the rules. Refused when held already."""
    column = Seat.PLACE[wanted.role]
    try:
        with transaction.atomic():
            seat = Seat.objects.create(
                user=user,
                role=wanted.role,
                signs_as=wanted.signs_as,
                starts_on=wanted.starts_on,
                ends_on=wanted.ends_on,
                granted_by=by,
                **({column: wanted.place} if column else {}),
            )
    except IntegrityError as error:
        if "seat_once" not in str(error):
            raise
        raise Refused(
            Refusal(
                "seat_held",
                f"{user.name} holds this seat already on some of these days.",
                "Change the last day of that seat instead.",
            )
        ) from None
    data = {"reason": reason, "seat": seat.title, "starts_on": f"{seat.starts_on}"}
    if seat.ends_on:
        data["ends_on"] = f"{seat.ends_on}"
    if seat.signs_as:
        data["signs_as"] = seat.signs_as.name
    record_event(by=by, kind="organizations.seat_given", subject=seat, data=data)
    return seat


def change_seat(
    *,
    seat: Seat,
    starts_on: date,
    ends_on: date | None,
    signs_as: SignerTitle | None,
    reason: str,
    by: User,
) -> dict[str, tuple[str, str]]:
    """Extend a seat, give it a last day, move a first day that lies ahead, or say as what its holder signs.

    What changed is returned, by its words. The role and the place of a seat never change: another seat is given.
    """
    today = timezone.localdate()
    reach = rules.reach_of(by)
    with transaction.atomic():
        one_at_a_time("seats of the State")
        seat = Seat.objects.in_full().select_for_update(of=("self",)).get(pk=seat.pk)
        refusal = rules.why_not_change(reach, seat, on=today)
        if refusal is None and signs_as is not None and signs_as != seat.signs_as:
            refusal = rules.why_not_sign(reach, signs_as, Role(seat.role), seat.place)
        if refusal is None and signs_as is None and seat.signs_as is not None:
            refusal = rules.why_not_sign(reach, seat.signs_as, Role(seat.role), seat.place)
        if refusal is None and (starts_on, ends_on) != (seat.starts_on, seat.ends_on):
            refusal = rules.why_not_move(seat, starts_on, ends_on, on=today)
            if refusal is None and ends_on is not None:
                refusal = rules.why_not_end(seat, others=_other_state_seats(seat))
        if refusal is not None:
            raise Refused(refusal)
        changes = {
            name: (old, new)
            for name, old, new in (
                ("First day", day(seat.starts_on), day(starts_on)),
                ("Last day", day(seat.ends_on), day(ends_on)),
                ("Signs as", str(seat.signs_as or ""), str(signs_as or "")),
            )
            if old != new
        }
        if changes:
            seat.starts_on, seat.ends_on, seat.signs_as = starts_on, ends_on, signs_as
            seat.save(update_fields=("starts_on", "ends_on", "signs_as"))
            data: Mapping[str, Any] = {"reason": reason, "seat": seat.title, "changes": changes}
            record_event(by=by, kind="organizations.seat_changed", subject=seat, data=data)
    return changes


def end_seat(*, seat: Seat, reason: str, by: User) -> Seat:
    """End a seat at once: at the holder's next click it opens nothing more. A seat ahead never begins.

    With the last seat go the links that were mailed. Classes, grades and signatures stay where they are.
    """
    today = timezone.localdate()
    with transaction.atomic():
        one_at_a_time("seats of the State")
        seat = Seat.objects.in_full().select_for_update(of=("self",)).get(pk=seat.pk)
        refusal = rules.why_not_change(rules.reach_of(by), seat, on=today)
        if refusal is None:
            refusal = rules.why_not_end(seat, others=_other_state_seats(seat))
        if refusal is not None:
            raise Refused(refusal)
        seat.withdrawn_at = timezone.now()
        seat.ends_on = max(today, seat.starts_on)
        seat.save(update_fields=("withdrawn_at", "ends_on"))
        record_event(
            by=by, kind="organizations.seat_ended", subject=seat, data={"reason": reason, "seat": seat.title}
        )
        if not seat.user.seats.living(today).exists():
            end_links(user=seat.user)
        desk = rules.desk_of(Role(seat.role), seat.place)
        mail_about(seat, f"ended-{seat.public_id}", "organizations/seat_ended", desk=desk, by=by)
    return seat


def _other_state_seats(seat: Seat) -> int:
    """How many other seats of the State are held with no last day, by people who can sign in."""
    return Seat.objects.held_by_the_state(timezone.localdate()).exclude(pk=seat.pk).count()


def mail_about(
    seat: Seat, about: str, template: str, *, desk: rules.Desk, by: User | None, **more: Any
) -> Mail | None:
    """Write a letter about a seat to its person. Answers go to whom the letter says to ask."""
    user, today = seat.user, timezone.localdate()
    return queue_mail(
        key=mail_key(user, about),
        to=user.email,
        template=template,
        context={
            "first_name": user.first_name,
            "username": user.username,
            "giver": by.name if by else "",
            "seat": seat.title,
            "starts_on": day(seat.starts_on) if seat.starts_on > today else "",
            "ends_on": day(seat.ends_on),
            "ask": desk.words,
            **more,
        },
        person=user,
        reply_to=desk.email,
    )
