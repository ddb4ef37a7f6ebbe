"""Which seat a person works as."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import for_any_seat


@for_any_seat("everyone may narrow what they see")
@require_POST
def choose_seat(request: HttpRequest) -> HttpResponse:
    return redirect("reports:home")
