"""What is kept about people's accounts beside their seats: what was done and mailed."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Lower

from accounts.models import Event, Mail, MailedLink, User, folded_name
from organizations.models.seats import Place, Seat, SeatQuerySet
from sers.lib.folding import fold


def staff_of_emails(emails: Collection[str]) -> models.QuerySet[User]:
    """The people of the staff, of now or of before, who have one of these addresses, whatever their case."""
    low = {email.strip().lower() for email in emails}
    return Seat.objects.staff().people().alias(low=Lower("email")).filter(low__in=low)


def staff_of_email(email: str) -> User | None:
    """The person of the staff who has this address; of two, one who may sign in, the first."""
    return staff_of_emails([email]).order_by("-is_active", "id").first()


def people_found(
    seats: SeatQuerySet,
    *,
    on: date,
    name: str = "",
    email: str = "",
    role: str = "",
    place: Place | None = None,
    state: str = "",
) -> models.QuerySet[User]:
    """People who hold one of these seats and for whom every term holds; unless the state says otherwise, people with
    a seat now or later."""
    if role:
        seats = seats.filter(role=role)
    if place is not None:
        seats = seats.on(place)
    found = (seats if state == "ended" else seats.living(on)).people()
    if state == "ended":
        found = found.exclude(Exists(seats.living(on).filter(user=OuterRef("pk"))))
    elif state:
        found = found.filter(activated_at__isnull=state == "invited")
    for word in fold(name).split():
        found = found.filter(folded__contains=f" {word}")
    if email:
        found = found.alias(low=Lower("email")).filter(low__startswith=email.strip().lower())
    return found


def as_people(found: models.QuerySet[User]) -> models.QuerySet[User]:
    """People in the order of a list."""
    return found.order_by("folded", "id")


def namesakes(seats: SeatQuerySet, first_name: str, last_name: str) -> list[User]:
    """People who hold one of these seats and have this name, accents and case apart."""
    return list(seats.people().filter(folded=folded_name(first_name, last_name)).order_by("id")[:10])


def not_activated(seats: SeatQuerySet, keys: Collection[UUID] | None = None) -> models.QuerySet[Any]:
    """People who hold one of these seats and have not chosen a password yet, and when a link was last mailed; of
    these people (public ids) alone, if given."""
    links = MailedLink.objects.filter(user=OuterRef("pk"), purpose=MailedLink.Purpose.ACTIVATE)
    people = seats.people() if keys is None else seats.people().filter(public_id__in=keys)
    return (
        people.filter(activated_at__isnull=True, is_active=True)
        .annotate(mailed_at=Subquery(links.order_by("-created_at").values("created_at")[:1]))
        .order_by("folded", "id")
    )


def events_of(user: User, seats: Collection[int], kinds: Collection[str]) -> models.QuerySet[Event]:
    """What was done with a person's account and these seats (ids), the newest first."""
    about_account = Q(subject_type="accounts.user", subject_id=user.pk)
    about_seats = Q(subject_type="organizations.seat", subject_id__in=seats)
    return (
        Event.objects.filter(about_account | about_seats, kind__in=kinds)
        .select_related("actor")
        .order_by("-at", "-id")
    )


def mails_of(user: User) -> list[dict[str, Any]]:
    """The mails SERS wrote to a person about account and seats, the newest first: what, when, and what came of it."""
    rows = Mail.objects.filter(person=user, key__startswith=mail_key(user, "")).order_by("-created_at", "-id")
    return list(rows.values("subject", "to", "state", "created_at", "done_at")[:20])


def mail_key(user: User, about: str) -> str:
    """The key of a mail about a person's account."""
    return f"account-{user.public_id}-{about}"


def reminders_sent(user: User) -> int:
    """How many reminders SERS sent to this person by itself."""
    return Mail.objects.filter(key__startswith=mail_key(user, "reminder-")).count()
