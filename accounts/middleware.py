"""What every request passes through: the language they read, the hat a person wears, what no browser keeps, input no screen can read."""

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts import rules
from accounts.access import is_english
from accounts.rules import is_language
from accounts.session_store import FACTOR, SessionStore

HAT_SESSION_KEY = "hat"
#: A NUL, and half a character, which only a client sends that names an encoding other than UTF-8.
NOT_KEPT = re.compile("[\x00\ud800-\udfff]")


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Every screen asks for sign-in unless it says otherwise; whose session ended is told, and led back.

    A form that came too late leads back to the page it stood on, since its own address may answer to a button
    alone; a part of a page that reads itself again loads the whole page, which then asks for sign-in.
    """

    # Django promises a redirect; its caller takes any answer.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        kept = request.method == "POST" and keep_typed(request, view_func)
        if request.headers.get("HX-Request"):
            return HttpResponse(
                status=204, headers={"HX-Refresh": "true", **({"X-Kept": "1"} if kept else {})}
            )
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request,
            _(
                "Your session ended before SERS got this. What you typed is kept for you, and nothing of it is saved "
                "yet. Sign in to go on."
            )
            if kept
            else _(
                "Your session ended before SERS got this. Nothing of it is saved. Sign in and do it again."
            ),
        )
        came_from = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(
            came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl())


class LanguageMiddleware(LocaleMiddleware):
    """Answers in the language the person chose: on their account, else in this browser, else the browser's own.

    The account comes first because of shared computers: who signed in after somebody else reads their own language.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.user.is_authenticated and is_language(request.user.language):
            translation.activate(request.user.language)
        else:
            translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What this thread answers next begins in no language of somebody before."""
        answer = super().process_response(request, response)
        translation.deactivate()
        return answer

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *args: object) -> None:
        """Pages that only staff may open are written in English alone: half a page in another language helps nobody."""
        if is_english(view, request.user):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE


def keep_typed(request: HttpRequest, view_func: Callable[..., Any]) -> bool:
    """Let a screen that knows the writer of a late form keep what it holds (`accounts.access.kept_for_later`)."""
    keep = getattr(view_func, "keep", None)
    if keep is None or request.resolver_match is None or holds_what_cannot_be_kept(request):
        return False
    return bool(keep(request.POST, **request.resolver_match.kwargs))


def holds_what_cannot_be_kept(request: HttpRequest) -> bool:
    """Is there a sign in the form or the address that no database and no page can hold?"""
    sent = [*request.GET.lists(), *(request.POST.lists() if request.method == "POST" else ())]
    return NOT_KEPT.search("".join(part for name, values in sent for part in (name, *values))) is not None


class HatMiddleware:
    """Puts the chosen seat on the user, so that rules and `visible_to` read it without a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hat = request.session.get(HAT_SESSION_KEY)
        if hat is not None and request.user.is_authenticated:
            request.user.hat = hat
        return self.get_response(request)


class SecondFactorMiddleware:
    """A seat that needs a second factor opens no page without: first it is asked for, or registered."""

    #: What stays open meanwhile: proving oneself, registering a factor, leaving.
    OPEN: ClassVar = frozenset(
        f"accounts:{name}"
        for name in (
            "second_step",
            "passkey",
            "prove",
            "second_factor",
            "new_app",
            "new_passkey",
            "session",
            "sign_out",
        )
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Ask each request: a seat may have come to the person since they signed in."""
        user = request.user
        if not (settings.SECOND_FACTOR_REQUIRED and user.is_authenticated) or FACTOR in request.session:
            return None
        match = request.resolver_match
        if match is None or match.view_name in self.OPEN or not rules.needs_factor(user):
            return None
        if rules.has_factor(user):
            after = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
            return redirect(f"{reverse('accounts:second_step')}?{after}")
        messages.warning(
            request, _("Your seat needs a second factor. Add an authenticator app or a passkey to go on.")
        )
        return redirect("accounts:second_factor")


class SessionLifeMiddleware:
    """Every page a person asks for keeps their session; a page that reads itself again in the background does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        by_itself = request.method == "GET" and "HX-Request" in request.headers
        if request.user.is_authenticated and not by_itself and isinstance(request.session, SessionStore):
            request.session.note_a_page()
        return self.get_response(request)


class PrivatePagesMiddleware:
    """What a signed-in person sees is kept by no browser: after Log Out, Back shows nothing on a school's computer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.user.is_authenticated and not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer


class BadInputMiddleware:
    """Text no database or page can hold, or more of it than a form has, is answered with 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        """Read the form once, before the view, where what is wrong with it can be said plainly."""
        try:
            torn = holds_what_cannot_be_kept(request)
        except (RequestDataTooBig, TooManyFieldsSent):
            raise BadRequest(
                _("The form sent more than SERS can take at once. Send it in smaller parts.")
            ) from None
        if torn:
            raise BadRequest(_("The form holds a character that cannot be kept. Type the text again."))
