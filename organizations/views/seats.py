"""A seat: given, changed, ended; and which seat a person works as."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedIn, all_seats, for_any_seat, for_roles
from accounts.middleware import HAT_SESSION_KEY
from organizations import rules
from organizations.forms.people import NewSeatForm
from organizations.forms.seats import EndSeatForm, SeatForm
from organizations.models import AcademicYear, Seat, classes_of_seat
from organizations.views.people import person_or_404
from sers.lib.refusal import Refused


@for_any_seat("it narrows what a person sees to one of their own seats")
@require_POST
def choose_seat(request: HttpRequest) -> HttpResponse:
    """Work as one seat held today, or as all of them; a seat of somebody else is not there."""
    chosen = request.POST.get("seat", "")
    if not chosen:
        request.session.pop(HAT_SESSION_KEY, None)
        return redirect("reports:home")
    held = {str(seat.id): seat.id for seat in all_seats(request.user)}
    if chosen not in held:
        raise Http404
    request.session[HAT_SESSION_KEY] = held[chosen]
    return redirect("reports:home")


@for_roles(*rules.GRANTS)
@require_http_methods(["GET", "POST"])
def new_seat(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Give somebody who is in SERS a further seat."""
    person = person_or_404(request, public_id)
    reach = rules.reach_of(request.user)
    form = NewSeatForm(request.POST if request.method == "POST" else None, reach=reach, person=person)
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
                messages.success(
                    request, f"{person.name} has a further seat: {given.seat.title}. A mail says so."
                )
                return redirect("organizations:person", public_id=person.public_id)
    context = {"form": form, "person": person, "words": rules.grants_in_words(reach)}
    return render(request, "organizations/new_seat.html", context, status=status)


def seat_or_404(request: SignedIn, public_id: UUID) -> Seat:
    """A seat within one's reach, in full."""
    return get_object_or_404(Seat.objects.visible_to(request.user).staff().in_full(), public_id=public_id)


@for_roles(*rules.GRANTS)
@require_http_methods(["GET", "POST"])
def seat(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One seat: extend it, give it a last day, say as what its holder signs."""
    one = seat_or_404(request, public_id)
    today = timezone.localdate()
    reach = rules.reach_of(request.user)
    refusal = rules.why_not_change(reach, one, on=today)
    form = SeatForm(request.POST if request.method == "POST" else None, seat=one, reach=reach)
    status = 200
    if form.is_bound and refusal is not None:
        status = 409
    elif form.is_bound:
        status = 422
        if form.is_valid():
            try:
                changes = form.save()
            except Refused as refused:
                form.refuse(refused.refusal)
                status = 409
            else:
                messages.success(request, "The seat is changed." if changes else "Nothing was changed.")
                return redirect("organizations:person", public_id=one.user.public_id)
    context = {
        "seat": one,
        "row": rules.seat_row(one, on=today),
        "form": form,
        "refusal": refusal,
        "classes": _classes(one),
    }
    return render(request, "organizations/seat.html", context, status=status)


@for_roles(*rules.GRANTS)
@require_http_methods(["GET", "POST"])
def end_seat(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Ask before a seat ends at once, and say what stays behind."""
    one = seat_or_404(request, public_id)
    reach = rules.reach_of(request.user)
    refusal = rules.why_not_change(reach, one, on=timezone.localdate())
    form = EndSeatForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and refusal is not None:
        status = 409
    elif form.is_bound:
        status = 422
        if form.is_valid():
            try:
                ended = form.save(seat=one, reach=reach)
            except Refused as refused:
                refusal, status = refused.refusal, 409
            else:
                messages.success(
                    request,
                    f"The seat of {ended.user.name} has ended: {ended.title}. Its pages do not open any more.",
                )
                return redirect("organizations:person", public_id=one.user.public_id)
    context = {"seat": one, "form": form, "refusal": refusal, "classes": _classes(one)}
    return render(request, "organizations/end_seat.html", context, status=status)


def _classes(one: Seat) -> list[dict[str, object]]:
    """The classes this seat teaches this year and later."""
    return classes_of_seat(one, AcademicYear.objects.current().first_year)
