"""The way back in: I forgot my user name, I forgot my password, and what follows the mailed link."""

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rules
from accounts.access import for_anyone
from accounts.forms import ForgotPasswordForm, ForgotUserNameForm, ProofForm, RecoverPasswordForm
from accounts.models import MailedLink
from accounts.views.entering import address_of
from accounts.views.links import OPENED, nothing_opens, opened
from sers.lib.refusal import Refused

RECOVER: Final = MailedLink.Purpose.RECOVER
#: In the session: the link beside which its person has proved themselves.
PROVED: Final = "proved_link"


# --- Asking ---------------------------------------------------------------------------------------------


@for_anyone("who forgot their user name cannot sign in")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_user_name(request: HttpRequest) -> HttpResponse:
    """I forgot my user name: name and e-mail. The answer is the same whether or not there is an account."""
    form = ForgotUserNameForm(request.POST if request.method == "POST" else None)
    return _asked(request, form, "accounts/forgot_user_name.html")


@for_anyone("who forgot their password cannot sign in")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    """I forgot my password: user name and e-mail. The answer is the same whether or not there is an account."""
    form = ForgotPasswordForm(request.POST if request.method == "POST" else None)
    return _asked(request, form, "accounts/forgot_password.html")


def _asked(
    request: HttpRequest, form: ForgotUserNameForm | ForgotPasswordForm, template: str
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            form.save(address=address_of(request))
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            return redirect("accounts:mail_sent")
    return render(request, template, {"form": form}, status=status)


@for_anyone("it says the same to everybody, whether there is an account or not")
@never_cache
@require_safe
def mail_sent(request: HttpRequest) -> HttpResponse:
    """Check your e-mail: if there is an account, a mail is on its way."""
    return render(request, "accounts/mail_sent.html")


# --- After the mailed link ------------------------------------------------------------------------------


@for_anyone("the mailed link stands for the sign-in")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """One question, a saved code or the second factor, beside the mailed link."""
    found = opened(request, RECOVER)
    if found is None:
        return nothing_opens(request)
    link, _token = found
    if rules.is_link_enough(link.user):
        return redirect("accounts:new_password")
    proofs = rules.proofs_of(link.user)
    if not proofs:
        refusal = rules.why_not_recover(link.user)
        return render(request, "accounts/recover.html", {"refusal": refusal, "link": link}, status=403)
    asked = request.GET.get("by", "")
    proof = rules.Proof(asked) if asked in proofs else proofs[0]
    form = ProofForm(request.POST if request.method == "POST" else None, link=link, proof=proof)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if form.save(address=address_of(request)):
                request.session[PROVED] = str(link.public_id)
                return redirect("accounts:new_password")
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
    context = {"form": form, "link": link, "others": [one.value for one in proofs if one != proof]}
    return render(request, "accounts/recover.html", context, status=status)


@for_anyone("the mailed link stands for the sign-in, with what was asked beside it")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The new password, which ends the way back in: one signs in with it, second factor and all."""
    found = opened(request, RECOVER)
    if found is None:
        return nothing_opens(request)
    link, token = found
    if request.session.get(PROVED) != str(link.public_id) and not rules.is_link_enough(link.user):
        return redirect("accounts:recover")
    form = RecoverPasswordForm(request.POST if request.method == "POST" else None, user=link.user)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            form.save(token=token)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            for key in (OPENED, PROVED):
                request.session.pop(key, None)
            logout(request)
            messages.success(request, _("Your new password is saved. Sign in with it."))
            return redirect("accounts:sign_in")
    return render(request, "accounts/new_password.html", {"form": form, "link": link}, status=status)
