"""Where school districts pay the fees of their students: what each owes, as an invoice to print."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from organizations.models import SchoolDistrict
from organizations.views.years import year_asked
from students import rules
from students.forms.invoices import InvoiceForm, InvoicePage, staffed
from students.models import Disclosure, fees_of_districts
from students.views.disclosing import disclose


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD"])
def invoices(request: SignedIn) -> HttpResponse:
    """What each school district pays to one's own consortium for a school year, and how much of it is open."""
    year = year_asked(request)
    rows = list(fees_of_districts(rules.consortia_of(request.user), year.first_year))
    return render(request, "students/invoices.html", {"rows": rows, "year": year, "before": year.before})


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The invoice of one district: each student's class with its fee; what the district paid is entered here."""
    consortium = get_object_or_404(staffed(request.user, request.GET.get("consortium", "")))
    district = get_object_or_404(SchoolDistrict, public_id=public_id)
    year = year_asked(request)
    page = InvoicePage(consortium, district, year.first_year)
    if not page.fees:
        raise Http404
    form = InvoiceForm(request.POST if request.method == "POST" else None, page=page)
    if form.is_bound and form.is_valid():
        payment = form.save(by=request.user)
        messages.success(request, f"The payment is entered, receipt {payment.number}.")
        here = reverse("students:invoice", args=[public_id])
        return redirect(f"{here}?consortium={consortium.public_id}&year={year.first_year}")
    disclose(request, Disclosure.What.FEES, [one.registration.student for one in page.fees])
    return render(
        request,
        "students/invoice.html",
        {"page": page, "year": year, "form": form},
        status=422 if form.errors else 200,
    )
