"""Signing in and out."""

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, rules
from accounts.access import for_anyone
from accounts.forms import SignInForm
from accounts.views.entering import address_of, enter, next_of
from sers.lib.refusal import Refused

#: Heading and first sentence of each door. Behind every door is the same form, for every account.
DOORS: Final = {
    "student": (_("Student Log In"), _("Register for classes, follow your credit, get your transcript.")),
    "teacher": (_("Teacher Log In"), _("Class rosters and grades of your classes.")),
    "district": (_("District User"), _("Students and classes of your district.")),
    "registrar": (_("Registrar"), _("The summer transcription of your college.")),
    "consortium": (_("Consortium"), _("Agreements, classes, forms and fees of your consortium.")),
    "staff": (_("Staff Log In"), _("For counselors, college faculty and state staff.")),
}
ANY_DOOR: Final = (_("Log In"), _("One account opens every part of SERS that is yours."))


@for_anyone("one signs in here")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. A door changes its heading only; where a person lands is their own home."""
    after = next_of(request)
    if request.user.is_authenticated:
        return redirect(after)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = form.save(address=address_of(request))
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 429
            else:
                if user is not None:
                    return enter(request, user, after=after)
    door = request.GET.get("door", "")
    heading, intro = DOORS.get(door, ANY_DOOR)
    context = {
        "form": form,
        "heading": heading,
        "intro": intro,
        "student_door": door == "student",
        "after": after,
        "providers": actions.providers(),
        "passkey_host": rules.passkey_host(request.get_host()),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


@for_anyone("who is signed out already loses nothing by it")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; on shared computers the browser forgets the pages too."""
    logout(request)
    messages.success(request, _("You are logged out."))
    response = redirect("reports:home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
