"""Texts that students and guardians agree to: the versions there were, and a new one, looked at before it is published."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from organizations.models import Consortium
from organizations.views.years import year_asked
from sers.lib.refusal import Refused
from students import rules
from students.forms.consents import ConsentForm, GuardianTextPage
from students.models import ConsentText


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD"])
def consents(request: SignedIn) -> HttpResponse:
    """The versions of the State's text for students, or for guardians, the one in force first, and how many agreed to
    each."""
    audience = _audience(request)
    return render(
        request,
        "students/consents.html",
        {
            "audience": audience,
            "name": NAMES[audience],
            "texts": ConsentText.objects.with_use(audience),
            "may_publish": rules.can_publish(request.user),
            "consortia": Consortium.objects.staffed_by(request.user),
        },
    )


@for_roles(Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_consent(request: SignedIn) -> HttpResponse:
    """A new version of a text of the State, begun from the one in force; with a look before it is published."""
    audience = _audience(request)
    form = ConsentForm(request.POST if request.method == "POST" else None, audience=audience)
    refusal = None
    if form.is_bound and form.is_valid() and "publish" in request.POST:
        try:
            text = form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(
                request, f"Version {text.version} is in force. Who {READS[audience]} from now on reads it."
            )
            return redirect(f"{reverse('students:consents')}?for={audience}")
    return render(
        request,
        "students/new_consent.html",
        {
            "audience": audience,
            "name": NAMES[audience],
            "form": form,
            "refusal": refusal,
            "looked": form.is_bound and form.is_valid(),
        },
        status=409 if refusal else 422 if form.errors else 200,
    )


#: What the texts of each kind are called.
NAMES = {
    ConsentText.Audience.STUDENT: "Consent text", ConsentText.Audience.GUARDIAN: "Text for parents and guardians",
    ConsentText.Audience.NOTICE: "Annual notice of rights",
}  # fmt: skip
#: What somebody does who reads a text.
READS = {
    ConsentText.Audience.STUDENT: "registers", ConsentText.Audience.GUARDIAN: "signs",
    ConsentText.Audience.NOTICE: "is told of their rights",
}  # fmt: skip


def _audience(request: HttpRequest) -> ConsentText.Audience:
    """Whose text the address asks for; the students' when it names none."""
    asked = request.GET.get("for", "")
    return (
        ConsentText.Audience(asked) if asked in ConsentText.Audience.values else ConsentText.Audience.STUDENT
    )


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_text(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The text parents and guardians sign in a consortium and year: its versions with their signatures, and a new one,
    looked at before it is published."""
    consortium = get_object_or_404(Consortium.objects.read_by(request.user), public_id=public_id)
    year = year_asked(request)
    page = GuardianTextPage(
        consortium, year, request.user, data=request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and not page.may_publish:
        raise PermissionDenied("Staff of the consortium write its text, for this school year or the next.")
    refusal = None
    if page.form.is_bound and page.form.is_valid() and "publish" in request.POST:
        try:
            text = page.form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, f"Text {text.version} is in force. Who signs from now on reads it.")
            return redirect(f"{reverse('students:guardian_text', args=[public_id])}?year={year.first_year}")
    return render(
        request,
        "students/guardian_text.html",
        {
            "page": page,
            "form": page.form,
            "refusal": refusal,
            "looked": page.form.is_bound and page.form.is_valid(),
        },
        status=409 if refusal else 422 if page.form.errors else 200,
    )
