"""People: who sits where, one person's page, and the accounts nobody has taken up yet."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedIn, for_any_seat, for_roles, wrong_seat
from accounts.models import User
from organizations import actions, rules
from organizations.forms.people import NewPersonForm, PeopleForm
from organizations.models import Seat, as_people, events_of, mails_of, not_activated, people_found
from sers.lib.keys import read_ids
from sers.lib.listing import bounded_page_of, page_of
from sers.lib.refusal import Refused

#: What was searched for stays in the session: names and addresses have no place in an address line.
TERMS = "organizations.people"


@for_roles(*rules.SEES_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: SignedIn) -> HttpResponse:
    """People within reach, by name; terms by POST into the session, then pages by GET."""
    if "clear" in request.POST:
        request.session.pop(TERMS, None)
        return redirect("organizations:people")
    kept = request.session.get(TERMS, {})
    form = PeopleForm(request.POST if request.method == "POST" else kept, user=request.user)
    if request.method == "POST" and form.is_valid():
        request.session[TERMS] = form.terms
        return redirect("organizations:people")
    today = timezone.localdate()
    seats = Seat.objects.visible_to(request.user).staff()
    page, rows = None, []
    if form.is_valid():
        found = people_found(seats, on=today, **form.found())
        page = bounded_page_of(found, as_people, request.GET.get("page", ""))
        rows = _rows(list(page.object_list), seats)
    elif request.method != "POST":  # kept terms that do not fit any more, a place out of reach
        request.session.pop(TERMS, None)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "searched": bool(kept),
        "words": rules.grants_in_words(rules.reach_of(request.user)),
        "gives": rules.may_give_seats(request.user),
    }
    return render(request, "organizations/people.html", context, status=422 if form.errors else 200)


def _rows(found: Sequence[User], seats: Any) -> list[dict[str, Any]]:
    """People with their seats within reach, those that stand first."""
    today = timezone.localdate()
    sits: dict[int, list[rules.SeatRow]] = {}
    for seat in seats.of_people([one.pk for one in found]).in_order():
        sits.setdefault(seat.user_id, []).append(rules.seat_row(seat, on=today))
    return [
        {
            "person": one,
            "seats": sorted(sits.get(one.pk, []), key=lambda row: row.label == "Ended"),
        }
        for one in found
    ]


def person_or_404(request: SignedIn, public_id: UUID) -> User:
    """Somebody with a seat, now or before, within one's reach."""
    seats = Seat.objects.visible_to(request.user).staff()
    return get_object_or_404(seats.people(), public_id=public_id)


@for_roles(*rules.SEES_PEOPLE)
@require_safe
def person(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One person: account, seats within reach, what was mailed, what was done."""
    one = person_or_404(request, public_id)
    today = timezone.localdate()
    reach = rules.reach_of(request.user)
    theirs = Seat.objects.staff().of_people([one.pk])
    seats = theirs.visible_to(request.user).in_order()
    rows = [rules.seat_row(seat, on=today, reach=reach) for seat in seats]
    may_change = any(row.refusal is None for row in rows)
    events = page_of(events_of(one, [seat.pk for seat in seats], rules.HISTORY), request.GET.get("page", ""))
    context = {
        "person": one,
        "rows": rows,
        "elsewhere": theirs.living(today).count() > theirs.living(today).visible_to(request.user).count(),
        "may_change": may_change,
        "may_remind": may_change and rules.why_not_remind(one) is None,
        "gives": bool(reach.roles) and one.pk != request.user.pk,
        "own": one.pk == request.user.pk,
        "mails": [
            mail | dict(zip(("tag", "word"), rules.MAIL_STATES[mail["state"]], strict=True))
            for mail in mails_of(one)
        ],
        "page": events,
        "events": [(event, *rules.history_words(event.kind, event.data)) for event in events],
    }
    return render(request, "organizations/person.html", context)


@for_roles(*rules.GRANTS)
@require_http_methods(["GET", "POST"])
def new_person(request: SignedIn) -> HttpResponse:
    """New account, with its first seat; who is here already is offered a further one."""
    reach = rules.reach_of(request.user)
    form = NewPersonForm(request.POST if request.method == "POST" else None, reach=reach)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                given = form.save()
            except Refused as refused:
                form.refuse(refused.refusal)
                status = 409
            else:
                person = given.seat.user
                done = "has an account" if given.is_new else "has a further seat"
                messages.success(
                    request, f"{person.name} {done}: {given.seat.title}. A mail to {person.email} says so."
                )
                return redirect("organizations:person", public_id=person.public_id)
    context = {"form": form, "words": rules.grants_in_words(reach)}
    return render(request, "organizations/new_person.html", context, status=status)


@for_roles(*rules.GRANTS)
@require_POST
def send_link(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Mail a person who has no password yet a new link."""
    one = person_or_404(request, public_id)
    try:
        actions.send_link(user=one, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"A new link is mailed to {one.email}. It works once, for 24 hours.")
    return redirect("organizations:person", public_id=one.public_id)


@for_roles(*rules.SEES_PEOPLE)
@require_http_methods(["GET", "POST"])
def invited(request: SignedIn) -> HttpResponse:
    """Accounts nobody has taken up yet: who, since when, when mailed last; ticked ones are mailed a new link."""
    today = timezone.localdate()
    seats = Seat.objects.visible_to(request.user).staff().living(today)
    found = not_activated(seats)
    gives = rules.may_give_seats(request.user)
    if request.method == "POST":
        if not gives:
            raise PermissionDenied(wrong_seat(rules.GRANTS))
        _remind(request, list(not_activated(seats, read_ids(request.POST.getlist("person")))))
        return redirect("organizations:invited")
    page = page_of(found, request.GET.get("page", ""))
    context = {
        "page": page,
        "rows": _rows(list(page.object_list), seats),
        "gives": gives,
        "tick_all": request.GET.get("tick") == "all",
    }
    return render(request, "organizations/invited.html", context)


def _remind(request: SignedIn, ticked: Sequence[User]) -> None:
    mailed, left_out = 0, []
    for one in ticked:
        try:
            actions.send_link(user=one, by=request.user)
            mailed += 1
        except Refused as refused:
            left_out.append(str(refused))
    if not ticked:
        messages.warning(request, "Nobody was ticked. Tick the people to remind, then press Send Reminder.")
    if mailed:
        people = "1 person was" if mailed == 1 else f"{mailed} people were"
        messages.success(request, f"{people} mailed a new link. It works once, for 24 hours.")
    for words in left_out:
        messages.warning(request, f"Left out: {words}")


@for_any_seat("one's own seats, and nobody else's")
@require_safe
def my_seats(request: SignedIn) -> HttpResponse:
    """All my seats: those held now, those to come, those that ended."""
    today = timezone.localdate()
    rows = [rules.seat_row(seat, on=today) for seat in Seat.objects.of_people([request.user.pk]).in_order()]
    return render(request, "organizations/my_seats.html", {"rows": rows})
