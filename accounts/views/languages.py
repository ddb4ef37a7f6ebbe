"""The language chooser."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import actions, rules
from accounts.access import for_anyone
from accounts.views.entering import own_page


@for_anyone("everybody may read SERS in their own language")
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Answer in this language from now on, and go back to the same page. A language SERS is not written in is not there."""
    chosen = request.POST.get("language", "")
    if not rules.is_language(chosen):
        raise Http404
    if request.user.is_authenticated:
        actions.choose_language(user=request.user, language=chosen)
    answer = redirect(own_page(request, request.POST.get("page", "")))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer
