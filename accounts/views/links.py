"""Where a mailed link lands, and what it opens first: Security Information, a confirmed address."""

import time
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, rules
from accounts.access import SignedIn, for_any_seat, for_anyone
from accounts.forms import AccountForm, SecurityForm
from accounts.models import MailedLink
from accounts.views.entering import enter
from sers.lib.refusal import Refused

Purpose = MailedLink.Purpose

#: In the session: the token of the link that was opened, and when.
OPENED: Final = "opened_link"
#: The page each link leads to.
LEADS_TO: Final = {
    Purpose.ACTIVATE: "accounts:security",
    Purpose.RESET: "accounts:security",
    Purpose.RECOVER: "accounts:recover",
    Purpose.CONFIRM_EMAIL: "accounts:confirm_email",
}


@for_anyone("the mailed link is opened on any device, signed in or not")
@sensitive_variables("token")
@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it uses nothing up, because mail scanners open links; the token goes into the session
    and out of the address, where histories, printouts and other pages would see it."""
    found = actions.look_at_link(token)
    if found is None:
        return nothing_opens(request)
    if not request.user.is_authenticated:
        request.session.cycle_key()  # nobody who put a session into this browser before holds the token now
    request.session[OPENED] = {"token": token, "at": time.time()}
    answer = redirect(LEADS_TO[Purpose(found.purpose)])
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def opened(request: HttpRequest, *purposes: MailedLink.Purpose) -> tuple[MailedLink, str] | None:
    """The link this browser opened within the last hour, with its token, if it still opens a page of this purpose."""
    held = request.session.get(OPENED)
    if held is None or not rules.is_still(held["at"], rules.OPENED_FOR):
        return None
    found = actions.look_at_link(held["token"])
    return (found, held["token"]) if found is not None and found.purpose in purposes else None


def nothing_opens(request: HttpRequest) -> HttpResponse:
    """Used, too old, replaced by a newer one, cut short in the mail, or never sent: the same page for all."""
    request.session.pop(OPENED, None)
    return render(request, "accounts/link.html", status=404)


@for_anyone("the mailed link stands for the sign-in")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: HttpRequest) -> HttpResponse:
    """Security Information: password and three questions, by the link that activates an account or resets it."""
    found = opened(request, Purpose.ACTIVATE, Purpose.RESET)
    if found is None:
        return nothing_opens(request)
    link, token = found
    form = SecurityForm(request.POST if request.method == "POST" else None, user=link.user)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            user = form.save(token=token, purpose=Purpose(link.purpose))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            del request.session[OPENED]
            return enter(request, user, after=resolve_url("accounts:security_saved"))
    return render(request, "accounts/security.html", {"form": form, "link": link}, status=status)


@for_any_seat("it says what one has just done with one's own account")
@never_cache
@require_safe
def security_saved(request: SignedIn) -> HttpResponse:
    """The confirmation after Security Information, with Continue."""
    return render(request, "accounts/security_saved.html")


@for_any_seat("one's own account")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: SignedIn) -> HttpResponse:
    """The last step of a first sign-in: is what stands in the account right? Save Account leads home."""
    form = AccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Your account is saved."))
        return redirect("reports:home")
    return render(request, "accounts/verify.html", {"form": form}, status=422 if form.is_bound else 200)


@for_anyone("the mailed link is opened on any device, signed in or not")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest) -> HttpResponse:
    """Confirm an e-mail address: the link shows it, the button confirms it."""
    found = opened(request, Purpose.CONFIRM_EMAIL)
    if found is None:
        return nothing_opens(request)
    link, token = found
    if request.method == "POST":
        try:
            actions.confirm_email(token=token)
        except Refused:
            return nothing_opens(request)
        del request.session[OPENED]
        messages.success(request, _("Your e-mail {address} is confirmed.").format(address=link.address))
        return redirect("reports:home")
    return render(request, "accounts/confirm_email.html", {"link": link})
