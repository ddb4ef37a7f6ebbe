"""One's own sessions: which are open, ending them, and staying signed in."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import SignedIn, for_any_seat
from accounts.models import OpenSession
from accounts.session_store import SessionStore


@for_any_seat("one's own sessions")
@never_cache
@require_http_methods(["GET", "POST"])
def sessions(request: SignedIn) -> HttpResponse:
    """Where you are signed in: each browser, since when, and a button to end it; or all others at once."""
    if request.method == "POST":
        if "others" in request.POST:
            ended = actions.end_other_sessions(
                user=request.user, keep=request.session.session_key, by=request.user
            )
            messages.success(
                request,
                ngettext("One other session is ended.", "{number} other sessions are ended.", ended).format(
                    number=ended
                )
                if ended
                else _("There was no other session to end."),
            )
        elif actions.end_session(session=_uuid(request.POST.get("session", "")), by=request.user):
            messages.success(request, _("The session is ended. That browser has to sign in again."))
        else:
            messages.warning(request, _("That session is over already."))
        return redirect("accounts:sessions")
    found = OpenSession.objects.of(request.user).open_at(timezone.now())
    context = {"sessions": found, "this": request.session.session_key}
    return render(request, "accounts/sessions.html", context)


@for_any_seat("it tells and prolongs one's own session")
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: SignedIn) -> HttpResponse:
    """For the script that warns two minutes before the end: GET tells, POST prolongs."""
    session = cast(SessionStore, request.session)
    if request.method == "POST":
        session.save()
    return JsonResponse(session.seconds_left())


def _uuid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.UUID(int=0)
