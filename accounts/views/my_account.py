"""My Account: what a person sees and changes of their own account, whatever their seats."""

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions, rules
from accounts.access import Role, SignedIn, for_any_seat, has_role
from accounts.forms import AccountForm, ChangeEmailForm, ChangePasswordForm, ChangeQuestionsForm
from accounts.models import EmailChange, Passkey
from accounts.session_store import FACTOR
from accounts.views.entering import PROVED_AT, address_of
from accounts.views.factors import lately_proved
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
    context = {
        "form": form,
        "standing": rules.account_standing(request.user),
        "is_student": has_role(request.user, Role.STUDENT),
    }
    return render(request, "accounts/my_account.html", context, status=422 if form.is_bound else 200)


@for_any_seat(OWN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: SignedIn) -> HttpResponse:
    """A new password: the present one is asked, every other session ends, this one stays.

    Who has just used a passkey has shown more than a password; who has no password shows who they are some other way.
    """
    is_proved = rules.is_still(request.session.get(PROVED_AT), rules.PROVED_FOR) and (
        request.session.get(FACTOR) == rules.Factor.PASSKEY or not request.user.has_usable_password()
    )
    if not is_proved and not request.user.has_usable_password():
        return redirect(f"{reverse('accounts:prove')}?{urlencode({'next': request.path})}")
    form = ChangePasswordForm(
        request.POST if request.method == "POST" else None, user=request.user, is_proved=is_proved
    )
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
    has_passkey = not is_proved and Passkey.objects.of(request.user).exists()
    context = {"form": form, "has_passkey": has_passkey}
    return render(request, "accounts/change_password.html", context, status=status)


@for_any_seat(OWN)
@lately_proved
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_questions(request: SignedIn) -> HttpResponse:
    """Three new security questions, by who has just proved who they are; not there where questions are switched off."""
    if not settings.SECURITY_QUESTIONS:
        raise Http404
    form = ChangeQuestionsForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Your security questions are saved."))
        return redirect("accounts:my_account")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/change_questions.html", {"form": form}, status=status)


@for_any_seat(OWN)
@lately_proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request: SignedIn) -> HttpResponse:
    """A new e-mail, or the second one: it counts when the link mailed there is opened; the old one is told."""
    if request.method == "POST" and "remove_second" in request.POST:
        actions.remove_second_email(user=request.user)
        messages.success(request, _("You have no second recovery e-mail now."))
        return redirect("accounts:my_account")
    form = ChangeEmailForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial={"which": request.GET.get("which", EmailChange.Which.MAIN)},
    )
    if form.is_bound and form.is_valid():
        try:
            change = form.save(address=address_of(request))
        except Refused as refused:
            form.add_error(None, str(refused))
            standing = rules.account_standing(request.user)
            return render(
                request, "accounts/change_email.html", {"form": form, "standing": standing}, status=429
            )
        if change is None:
            messages.success(request, _("That is your address already: nothing changes."))
        else:
            said = _("We mailed a link to {address}. Open it, and the new address counts.")
            messages.success(request, said.format(address=change.new_address))
        return redirect("accounts:my_account")
    status = 422 if form.is_bound else 200
    standing = rules.account_standing(request.user)
    return render(request, "accounts/change_email.html", {"form": form, "standing": standing}, status=status)


@for_any_seat(OWN)
@lately_proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: SignedIn) -> HttpResponse:
    """Ten new recovery codes, shown this once, to print or to copy; the ones before work no more."""
    codes: list[str] = []
    if request.method == "POST":
        codes = actions.new_recovery_codes(user=request.user, by=request.user)
    context = {"codes": codes, "standing": rules.account_standing(request.user)}
    return render(request, "accounts/recovery_codes.html", context)
