"""Rules and dates: what a consortium asks of students before credit is given."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from organizations.models import Consortium
from organizations.views.years import year_asked
from sers.lib.keys import read_number
from sers.lib.refusal import Refused
from students import actions
from students.forms.terms import TermsPage


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Form, guardian's signature, fee and further things of a year: with a look at what changes, and with a history."""
    consortium = get_object_or_404(Consortium.objects.read_by(request.user), public_id=public_id)
    year = year_asked(request)
    act = next((one for one in ("save", "add", "end", "look") if one in request.POST), "look")
    page = TermsPage(
        consortium, year, request.user, data=request.POST if request.method == "POST" else None, act=act
    )
    here = f"{reverse('students:terms', args=[public_id])}?year={year.first_year}"
    refusal, status = None, 200
    if request.method == "POST":
        if not page.may_set:
            raise PermissionDenied("Staff of the consortium set what it asks.")
        status = 422
        try:
            if act == "end" and (ask := page.ask_of(request.POST["end"])) is not None:
                actions.end_ask(ask=ask, lift="lift" in request.POST, by=request.user)
                messages.success(request, f"{ask.names['en']} is asked no more.")
                return redirect(here)
            if act == "add" and page.stands is not None and page.ask_form.is_valid():
                ask = page.ask_form.save(terms=page.stands, by=request.user)
                messages.success(request, f"{ask.names['en']} is asked of who registers from now on.")
                return redirect(here)
            if act in ("look", "save") and page.form.is_valid():
                status = 200
                if act == "save":
                    page.form.save(seen=read_number(request.POST.get("seen", "")), by=request.user)
                    messages.success(request, f"What {consortium} asks in {year} is saved.")
                    return redirect(here)
        except Refused as refused:
            refusal, status = refused.refusal, 409
    return render(
        request,
        "students/terms.html",
        {
            "page": page,
            "form": page.bound,
            "refusal": refusal,
            "looked": page.form.is_bound and status == 200,
        },
        status=status,
    )
