"""Who signs the agreements of a consortium and its colleges, and in which words they are written."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from articulations.forms.agreement_texts import AgreementWordingForm, PartnersForm
from organizations.models import AcademicYear, College, Consortium


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """The partners of a consortium's agreements, or of one college's; how often they are reviewed; their words."""
    consortium = get_object_or_404(Consortium.objects.staffed_by(request.user), public_id=public_id)
    colleges = list(consortium.colleges.order_by("name"))
    asked_for = request.GET.get("college", "")
    college: College | None = next((one for one in colleges if str(one.public_id) == asked_for), None)
    year = AcademicYear.objects.current()
    posted, about = request.method == "POST", request.POST.get("about", "")
    form = PartnersForm(
        request.POST if posted and about != "wording" else None,
        consortium=consortium,
        college=college,
        year=year,
    )
    wording = AgreementWordingForm(
        request.POST if posted and about == "wording" else None, consortium=consortium, college=college
    )
    sent_form = wording if about == "wording" else form
    if posted and sent_form.is_valid():
        sent_form.save(by=request.user)
        messages.success(
            request, "Saved. Agreements that are prepared or out for signature keep what they say."
        )
        return redirect(request.get_full_path())
    context = {
        "form": sent_form if posted else form,
        "partners": form,
        "wording": wording,
        "consortium": consortium,
        "colleges": colleges,
        "college": college,
        "year": year,
    }
    return render(request, "articulations/partners.html", context, status=422 if posted else 200)
