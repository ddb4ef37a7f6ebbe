"""Registrations on paper: the form to print and sign, the words that were agreed to, and staff who take a form in."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import SignedIn, for_roles
from sers.lib.qr import qr_picture
from students import rules
from students.forms.fields import read_ids
from students.forms.queue import TickForm
from students.models import Disclosure, Registration
from students.views.disclosing import disclose
from students.views.registering import READERS


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD"])
def registration_forms(request: SignedIn) -> HttpResponse:
    """One registration form or several, each on a sheet of its own, with a QR code that leads staff to just this form."""
    chosen = Registration.objects.visible_to(request.user).chosen(read_ids(request.GET.getlist("one")))
    registrations = list(chosen.in_full().with_consent())
    if not registrations:
        raise Http404
    disclose(request, Disclosure.What.REGISTRATION, [one.student for one in registrations])
    progress, _terms = rules.follow(registrations, on=timezone.localdate())
    sheets = [
        {
            "registration": one.registration,
            "progress": one,
            "picture": qr_picture(_intake_of(one.registration)),
        }
        for one in progress
    ]
    own = rules.can_register_for(request.user, registrations[0].student)
    return render(request, "students/registration_forms.html", {"sheets": sheets, "own": own})


def _intake_of(registration: Registration) -> str:
    return f"{settings.PUBLIC_URL}{reverse('students:take_form', args=[registration.public_id])}"


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_form(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What the QR code on a signed form opens: its Fees/Req, to be Processed. Who decides nothing sees the registration."""
    one = get_object_or_404(Registration.objects.visible_to(request.user).in_full(), public_id=public_id)
    if not rules.can_process_requirements(request.user, one):
        return redirect("students:registration", public_id=one.public_id)
    form = TickForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        messages.success(request, form.save(by=request.user))
        return redirect("students:take_form", public_id=one.public_id)
    disclose(request, Disclosure.What.FEES, [one.student])
    (progress,), _terms = rules.follow([one], on=timezone.localdate())
    return render(
        request,
        "students/take_form.html",
        {
            "registration": one,
            "progress": progress,
            "form": form,
            "fees_req_tag": rules.FEES_REQ_TAGS[Registration.FeesReq(one.fees_req)],
            "acts": rules.acts_open(progress.requirements, on=timezone.localdate()),
        },
        status=422 if form.errors else 200,
    )


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD"])
def consent(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The words a student agreed to, as they stood on the screen: version, language and day."""
    one = get_object_or_404(
        Registration.objects.visible_to(request.user).in_full().with_consent(), public_id=public_id
    )
    disclose(request, Disclosure.What.REGISTRATION, [one.student])
    own = rules.can_register_for(request.user, one.student)
    return render(
        request, "students/consent.html", {"registration": one, "wording": one.agreed_to, "own": own}
    )
