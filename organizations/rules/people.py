"""What is asked for when somebody is to have a seat, how often one is reminded, and what a history says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from accounts.access import Role
from accounts.models import RateLimit, User
from organizations.models import Place, Seat, SignerTitle, namesakes, staff_of_email
from organizations.rules.seats import (
    Reach,
    state_of,
    why_not_change,
    why_not_days,
    why_not_grant,
    why_not_sign,
)
from sers.lib.moments import day
from sers.lib.refusal import Refusal

#: So many days after the account was made, SERS reminds whoever has not chosen a password: three times at most.
REMIND_AFTER: Final = (2, 5, 9)
#: A link is not replaced by SERS itself as long as it opens something.
LINK_LIVES: Final = timedelta(hours=24)
#: So many links are mailed to one person by hand in a day.
MOST_LINKS: Final = 3
LINKS_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat that somebody is to have: whose, as what, where, from when until when."""

    first_name: str
    last_name: str
    email: str
    role: Role
    place: Place | None
    starts_on: date
    ends_on: date | None = None
    signs_as: SignerTitle | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def why_not_give(reach: Reach, wanted: Wanted, *, on: date, to: User | None = None) -> Refusal | None:
    """Every rule of a new seat: who gives it, who says who signs, and the days."""
    refusal = why_not_grant(reach, wanted.role, wanted.place, to=to)
    if refusal is None and wanted.signs_as is not None:
        refusal = why_not_sign(reach, wanted.signs_as, wanted.role, wanted.place)
    return refusal or why_not_days(wanted.starts_on, wanted.ends_on, on=on)


def known_people(
    reach: Reach, *, first_name: str, last_name: str, email: str
) -> tuple[User | None, list[User]]:
    """Who of one's own reach has this address, and who else has this name.

    Nobody outside it is told of: who types an address learns nothing by it.
    """
    seen = Seat.objects.visible_to(reach.user).staff()
    same = staff_of_email(email)
    if same is not None and not seen.filter(user=same).exists():
        same = None
    others = [one for one in namesakes(seen, first_name, last_name) if one != same]
    return same, others


def why_not_remind(user: User) -> Refusal | None:
    """A link to choose the first password is for those who have not chosen one."""
    if user.activated_at is not None:
        return Refusal(
            "activated_already",
            f"{user.name} has chosen a password already.",
            "Who forgot it asks for a new one at Log In.",
        )
    if not user.is_active:
        return Refusal("account_locked", f"The account of {user.name} is locked.", "Ask the State Board.")
    return None


def why_not_another_link(user: User, limit: RateLimit) -> Refusal | None:
    """Three links a day to one person, whoever sends them: a mailbox is not to be filled."""
    if limit.tries <= MOST_LINKS:
        return None
    return Refusal(
        "too_many_links",
        f"{user.name} was mailed {MOST_LINKS} links in a day.",
        f"Send the next after {moment_in_words(limit.ends_at)}.",
    )


def reminder_due(created_at: datetime, mailed_at: datetime | None, sent: int, *, now: datetime) -> int | None:
    """Which reminder is due, counted from 1: two, five and nine days after the account was made, never two in a day."""
    if sent >= len(REMIND_AFTER) or (mailed_at is not None and now - mailed_at < LINK_LIVES):
        return None
    return sent + 1 if now - created_at >= timedelta(days=REMIND_AFTER[sent]) else None


def moment_in_words(moment: datetime) -> str:
    """`2:06 pm` today, `November 26, 2:06 pm` another day; in whole minutes, never too early."""
    local = timezone.localtime(moment + timedelta(seconds=59))
    clock = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    return clock if local.date() == timezone.localdate() else f"{local:%B} {local.day}, {clock}"


#: What the history of a person tells of, in words; the seat of the event stands for %(seat)s.
HISTORY: Final[Mapping[str, str]] = {
    "organizations.account_created": "Account created",
    "organizations.link_sent": "New link mailed",
    "organizations.reminded": "Reminder mailed",
    "organizations.seat_given": "Seat given: %(seat)s",
    "organizations.seat_changed": "Seat changed: %(seat)s",
    "organizations.seat_ended": "Seat ended at once: %(seat)s",
    "accounts.password_activated": "Password chosen",
    "accounts.password_reset": "Account reset",
    "accounts.email_confirmed": "E-mail confirmed",
}


def history_words(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """An event in words: what was done, and what of it changed."""
    what = HISTORY[kind] % {"seat": data.get("seat", "")}
    changes = [
        f"{name}: {old or 'none'} to {new or 'none'}" for name, (old, new) in data.get("changes", {}).items()
    ]
    return what, ". ".join(changes)


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat as a page lists it."""

    seat: Seat
    state: str
    label: str
    days: str
    #: Which rule keeps the reader from changing it; None where they may.
    refusal: Refusal | None = None


def seat_row(seat: Seat, *, on: date, reach: Reach | None = None) -> SeatRow:
    """How a seat stands on a day, and whether the reader may change it."""
    state, label = state_of(seat.user, seat, on=on)
    refusal = why_not_change(reach, seat, on=on) if reach is not None else None
    return SeatRow(seat, state, label, days_in_words(seat), refusal)


def days_in_words(seat: Seat) -> str:
    """`since September 1, 2025`, `June 1, 2026 to June 30, 2027`, `withdrawn November 3, 2026`."""
    if seat.withdrawn_at is not None:
        return f"{day(seat.starts_on)}, ended {day(seat.withdrawn_at)}"
    if seat.ends_on is not None:
        return f"{day(seat.starts_on)} to {day(seat.ends_on)}"
    return (
        f"since {day(seat.starts_on)}"
        if seat.starts_on <= timezone.localdate()
        else f"from {day(seat.starts_on)}"
    )


#: What became of a mail, by its state in the outbox: its tag and its word.
MAIL_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "queued": ("wait", "Waits to be sent"),
    "done": ("done", "Sent"),
    "parked": ("stop", "Not sent: the mail server refused it"),
}
