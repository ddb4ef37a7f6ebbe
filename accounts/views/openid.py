"""Signing in by a district's or college's own sign-in (OpenID Connect)."""

import time
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, rules
from accounts.access import SignedIn, for_any_seat, for_anyone
from accounts.views.entering import NOT_CONNECTED, enter, next_of
from sers.lib.refusal import Refused

#: In the session: what was sent to the provider and must come back.
BEGUN: Final = "openid_begun"


@for_anyone("one signs in from here, or connects a sign-in to one's own account")
@never_cache
@require_safe
def openid(request: HttpRequest, provider: str) -> HttpResponse:
    """Off to the sign-in of a district or college, with what must come back remembered."""
    chosen = actions.provider_named(provider)
    if chosen is None:
        raise Http404
    try:
        address, begun = actions.begin(provider=chosen, return_url=_return_url())
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("accounts:second_factor" if request.user.is_authenticated else "accounts:sign_in")
    request.session[BEGUN] = begun | {"after": next_of(request)}
    return redirect(address)


@for_anyone("the provider sends the browser back here, signed in or not")
@never_cache
@require_safe
def openid_return(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, connected, or asked to sign in once so that the two can be connected."""
    begun: dict[str, Any] = request.session.pop(BEGUN, {})
    chosen = actions.provider_named(begun.get("provider", ""))
    signed_in = request.user.is_authenticated
    try:
        if chosen is None:
            raise Refused(actions.NOT_CONFIRMED)
        told = actions.finish(
            provider=chosen,
            remembered=begun,
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            return_url=_return_url(),
        )
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("accounts:second_factor" if signed_in else "accounts:sign_in")
    not_connected = {"issuer": told.issuer, "subject": told.subject, "name": chosen.name, "at": time.time()}
    if signed_in:
        request.session[NOT_CONNECTED] = not_connected
        return redirect("accounts:connect")
    person = actions.person_of(told=told)
    if person is not None:
        return enter(
            request,
            person,
            after=begun["after"],
            factor=rules.Factor.ELSEWHERE if told.two_factors else None,
        )
    request.session[NOT_CONNECTED] = not_connected
    messages.info(
        request,
        _(
            "Your account at {name} is not connected to SERS yet. Sign in here once with your user name and "
            "password. Then SERS connects the two."
        ).format(name=chosen.name),
    )
    return redirect("accounts:sign_in")


@for_any_seat("one connects a sign-in elsewhere to one's own account")
@never_cache
@require_http_methods(["GET", "POST"])
def connect(request: SignedIn) -> HttpResponse:
    """Asks before a sign-in elsewhere opens this account: nobody is connected by following a link."""
    waiting: dict[str, Any] | None = request.session.get(NOT_CONNECTED)
    if waiting is None or not rules.is_still(waiting["at"], rules.CONNECT_WITHIN):
        request.session.pop(NOT_CONNECTED, None)
        return redirect(next_of(request))
    if request.method == "POST":
        del request.session[NOT_CONNECTED]
        if "connect" in request.POST:
            try:
                actions.connect(issuer=waiting["issuer"], subject=waiting["subject"], by=request.user)
                messages.success(
                    request, _("From now on you can sign in with {name}.").format(name=waiting["name"])
                )
            except Refused as refused:
                messages.warning(request, str(refused))
        return redirect(next_of(request))
    return render(request, "accounts/connect.html", {"name": waiting["name"]})


def _return_url() -> str:
    return f"{settings.PUBLIC_URL}{reverse('accounts:openid_return')}"
