"""Second factors: the second step of signing in, and adding and removing what one signs in with."""

import functools
import re
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, rules
from accounts.access import SignedIn, for_any_seat, for_anyone
from accounts.forms import NewAppForm, NewPasskeyForm, ProveForm, RemoveFactorForm, SecondStepForm
from accounts.models import AuthenticatorApp, Identity, Passkey, factor_of
from accounts.session_store import FACTOR
from accounts.views.entering import PROVED_AT, address_of, enter, half_in, let_in, next_of
from sers.lib.qr import qr_picture
from sers.lib.refusal import Refused

#: In the session: the challenge a browser is answering, and the secret of an app that is being added.
CHALLENGE: Final = "passkey_challenge"
APP_SECRET: Final = "app_secret"  # noqa: S105  (the name of a place in the session)


def lately_proved(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """How one signs in is changed only by who has just proved who they are; others do so first, then come back."""

    @functools.wraps(view)
    def proved(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not rules.is_still(
            request.session.get(PROVED_AT), rules.PROVED_FOR
        ):
            return redirect(f"{reverse('accounts:prove')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return proved


# --- The second step ------------------------------------------------------------------------------------


@for_anyone("who stands here has given a password and is asked for the second factor")
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of an app, a recovery code or a passkey, after the password; also for a seat that came to need one."""
    signed_in = request.user if request.user.is_authenticated else None
    user = signed_in or half_in(request)
    if user is None:
        messages.warning(request, _("Ten minutes are over. Sign in once more."))
        return redirect("accounts:sign_in")
    if signed_in is not None and (FACTOR in request.session or not rules.has_factor(signed_in)):
        return redirect(next_of(request))
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                factor = form.save(user=user, address=address_of(request))
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 429
            else:
                if factor is not None:
                    return _through(request, user, factor)
    context = {
        "form": form,
        "has_passkey": Passkey.objects.of(user).exists(),
        "passkey_host": rules.passkey_host(request.get_host()),
    }
    return render(request, "accounts/second_step.html", context, status=status)


def _through(request: HttpRequest, user: Any, factor: rules.Factor) -> HttpResponse:
    """The second factor was right: in, or on, where the person wanted to go."""
    if request.user.is_authenticated:
        request.session[FACTOR] = factor.value
        request.session[PROVED_AT] = time.time()
        return redirect(next_of(request))
    after = request.session["half_in"]["after"]
    return let_in(request, user, after=after, factor=factor)


@for_anyone("a passkey signs in by itself, or is the second step, or proves who is signed in")
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """For the script: GET gives a challenge, POST takes the answer and says where to go."""
    host = rules.passkey_host(request.get_host())
    if host is None:
        raise Http404
    signed_in = request.user if request.user.is_authenticated else None
    user = signed_in or half_in(request)
    if request.method != "POST":
        options, challenge = actions.passkey_to_use(user=user, host=host)
        _remember(request, challenge)
        return HttpResponse(options, content_type="application/json")
    try:
        actions.count_passkey_try(address=address_of(request))
        person = actions.use_passkey(
            answer=request.POST.get("answer", ""),
            challenge=_remembered(request),
            host=host,
            origin=_origin(request),
            user=user,
        )
    except Refused as refused:
        return JsonResponse({"message": str(refused)}, status=422)
    if user is not None:
        answer = _through(request, person, rules.Factor.PASSKEY)
    else:
        answer = enter(request, person, after=next_of(request), factor=rules.Factor.PASSKEY)
    return JsonResponse({"next": answer["Location"]})


def _remember(request: HttpRequest, challenge: str) -> None:
    request.session[CHALLENGE] = [challenge, time.time()]


def _remembered(request: HttpRequest) -> str:
    """The challenge that was given, once; nothing when it is too old."""
    challenge, at = request.session.pop(CHALLENGE, ("", 0.0))
    return challenge if rules.is_still(at, rules.CHALLENGE_FOR) else ""


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@for_any_seat("one's own session proves who it is once more")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: SignedIn) -> HttpResponse:
    """The password or a passkey once more, before the ways to sign in change; a sign-in elsewhere signs in anew."""
    form = ProveForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if form.save(by=request.user, address=address_of(request)):
                    request.session[PROVED_AT] = time.time()
                    return redirect(next_of(request))
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 429
    context = {
        "form": form,
        "has_passkey": Passkey.objects.of(request.user).exists(),
        "passkey_host": rules.passkey_host(request.get_host()),
    }
    return render(request, "accounts/prove.html", context, status=status)


# --- The ways to sign in --------------------------------------------------------------------------------


@for_any_seat("one's own ways to sign in")
@never_cache
@require_safe
def second_factor(request: SignedIn) -> HttpResponse:
    """How you sign in: password, authenticator apps, passkeys, sign-ins elsewhere."""
    names = {one.issuer: one.name for one in actions.providers()}
    identities = list(Identity.objects.of(request.user))
    connected = {one.issuer for one in identities}
    context = {
        "apps": AuthenticatorApp.objects.of(request.user),
        "passkeys": Passkey.objects.of(request.user),
        "identities": [(one, names.get(one.issuer, one.issuer)) for one in identities],
        "providers": [one for one in actions.providers() if one.issuer not in connected],
        "is_needed": rules.needs_factor(request.user),
        "has_factor": rules.has_factor(request.user),
    }
    return render(request, "accounts/second_factor.html", context)


@for_any_seat("one adds an authenticator app to one's own account")
@lately_proved
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def new_app(request: SignedIn) -> HttpResponse:
    """Scan the code, type what the app shows: the app is registered when both agree."""
    secret = request.session.get(APP_SECRET)
    if secret is None or request.method != "POST":
        secret = request.session[APP_SECRET] = actions.new_app_secret()
    form = NewAppForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            forgive = actions.count_factor_try(user=request.user, address=address_of(request))
            form.save(secret=secret, by=request.user)
            forgive()
        except Refused as refused:
            form.add_error("code" if refused.refusal.rule == "wrong_code" else None, str(refused))
        else:
            del request.session[APP_SECRET]
            request.session[FACTOR] = rules.Factor.APP.value
            messages.success(
                request, _("The app is added. From now on you are asked for its code when you sign in.")
            )
            return redirect("accounts:second_factor")
    context = {
        "form": form,
        "secret": " ".join(re.findall("....", secret)),
        "picture": qr_picture(actions.app_address(user=request.user, secret=secret)),
    }
    return render(request, "accounts/new_app.html", context, status=status)


@for_any_seat("one adds a passkey to one's own account")
@lately_proved
@never_cache
@require_http_methods(["GET", "POST"])
def new_passkey(request: SignedIn) -> HttpResponse:
    """The browser makes a passkey for this site; without a script, or at an address without a name, it cannot."""
    host = rules.passkey_host(request.get_host())
    form = NewPasskeyForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and host is not None and form.is_valid():
        try:
            form.save(challenge=_remembered(request), host=host, origin=_origin(request), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            request.session[FACTOR] = rules.Factor.PASSKEY.value
            messages.success(request, _("The passkey is added. You can sign in with it from now on."))
            return redirect("accounts:second_factor")
    options = ""
    if host is not None:
        options, challenge = actions.passkey_to_make(user=request.user, host=host)
        _remember(request, challenge)
    context = {"form": form, "options": options, "host": host}
    return render(request, "accounts/new_passkey.html", context, status=status)


@for_any_seat("one removes what is one's own; another's is not there")
@lately_proved
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def remove_factor(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Asks before a way to sign in goes; the last second factor asks for the password that is to stand alone."""
    factor = factor_of(request.user, public_id)
    if factor is None:
        raise Http404
    asks = not isinstance(factor, Identity) and rules.asks_password_to_remove(
        request.user, left=actions.others_left(user=request.user, factor=public_id)
    )
    form = RemoveFactorForm(request.POST if request.method == "POST" else None, asks=asks)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if form.save(factor=public_id, by=request.user, address=address_of(request)):
                messages.success(request, _("It is removed. It does not sign you in any more."))
                return redirect("accounts:second_factor")
        except Refused as refused:
            refusal = str(refused)
    context = {"name": str(factor), "form": form, "refusal": refusal}
    return render(request, "accounts/remove_factor.html", context, status=status)
