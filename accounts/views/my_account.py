"""My Account: what a person sees and changes of their own account, whatever their seats."""

from typing import Final

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import rules
from accounts.access import SignedIn, for_any_seat
from accounts.forms import AccountForm, ChangePasswordForm
from accounts.views.entering import address_of
from sers.lib.refusal import Refused

OWN: Final = "one's own account"


@for_any_seat(OWN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request: SignedIn) -> HttpResponse:
    """My Account: contact data to save here, and the way to everything else that is one's own."""
    form = AccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Your account is saved."))
        return redirect("accounts:my_account")
    context = {"form": form, "standing": rules.account_standing(request.user)}
    return render(request, "accounts/my_account.html", context, status=422 if form.is_bound else 200)


@for_any_seat(OWN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: SignedIn) -> HttpResponse:
    """A new password: the present one is asked, every other session ends, this one stays."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if form.save(keep=request.session.session_key, address=address_of(request)):
                update_session_auth_hash(request, request.user)
                messages.success(request, _("Your password is changed. Every other browser is signed out."))
                return redirect("accounts:my_account")
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
    return render(request, "accounts/change_password.html", {"form": form}, status=status)
