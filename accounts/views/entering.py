"""Entering, whichever way a person proved who they are; and where a request comes from and goes to next."""

import time
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts import actions, rules
from accounts.access import Origin
from accounts.models import User
from accounts.session_store import FACTOR, SessionStore

#: In the session: who gave the right password and owes a second factor.
HALF_IN: Final = "half_in"
#: In the session: when it was last proved who it is, in POSIX time.
PROVED_AT: Final = "proved_at"
#: In the session: with what, in the order it was proved.
BY_WHAT: Final = "by_what"
#: In the session: a sign-in elsewhere that is bound to no account yet.
NOT_CONNECTED: Final = "not_connected"


def enter(
    request: HttpRequest, user: User, *, after: str, factor: rules.Factor | None = None
) -> HttpResponse:
    """The person proved who they are by one thing. Who registered a second factor is asked for it, unless what
    they used is one."""
    if factor is None and rules.has_factor(user):
        request.session.cycle_key()
        request.session[HALF_IN] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "after": after,
            "at": time.time(),
        }
        return redirect("accounts:second_step")
    return let_in(request, user, after=after, factor=factor)


def half_in(request: HttpRequest) -> User | None:
    """Who gave the right password in this session and owes the second factor, for ten minutes."""
    half: dict[str, Any] | None = request.session.get(HALF_IN)
    if half is None or not rules.is_still(half["at"], rules.HALF_IN_FOR):
        return None
    user = User.objects.active(half["user"])
    return user if user is not None and user.get_session_auth_hash() == half["hash"] else None


def let_in(
    request: HttpRequest, user: User, *, after: str, factor: rules.Factor | None = None
) -> HttpResponse:
    """The session is theirs from here: new key, both limits, noted from where."""
    half = request.session.pop(HALF_IN, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if factor is not None:
        request.session[FACTOR] = factor.value
    request.session[PROVED_AT] = time.time()
    if isinstance(request.session, SessionStore):
        request.session.describe(agent=request.headers.get("User-Agent", ""), network=address_of(request))
    by_what = (["password"] if half is not None or factor is None else []) + (
        [factor.value] if factor else []
    )
    request.session[BY_WHAT] = by_what
    actions.record_sign_in(user=user, by_what=by_what)
    if NOT_CONNECTED in request.session:
        return redirect(f"{reverse('accounts:connect')}?{urlencode({'next': after})}")
    return redirect(after)


def next_of(request: HttpRequest) -> str:
    """Where to go after signing in: the page that was asked for, if it is one of ours, else home."""
    return own_page(request, request.GET.get("next", ""))


def own_page(request: HttpRequest, asked: str) -> str:
    """An address that came with the request, if it is a page of ours, else home."""
    if asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return resolve_url("reports:home")


def origin_of(request: HttpRequest) -> Origin:
    """From which network a request comes, and how its person signed in: `password and app`."""
    proved: list[str] = request.session.get(BY_WHAT) or ["password"]
    return Origin(address_of(request), " and ".join(proved))


def address_of(request: HttpRequest) -> str:
    """The network the request comes from."""
    return rules.network_of(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        behind_proxy=settings.BEHIND_PROXY,
    )
