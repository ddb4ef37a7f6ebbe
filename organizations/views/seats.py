"""Which seat a person works as."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import all_seats, for_any_seat
from accounts.middleware import HAT_SESSION_KEY


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
