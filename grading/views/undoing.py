"""Receipts of a class: what each Save Changes saved, and its undo."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from articulations.models import Section
from grading import rules
from grading.forms.receipts import ReceiptPage, ReceiptsPage, receipt_of, undo, undone_in_words
from grading.views.entering import the_class
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose


def own_class(request: SignedIn, public_id: UUID) -> Section:
    """A class this person enters grades for; who only reads it is told so."""
    section = the_class(request, public_id)
    if not rules.can_grade(request.user, section):
        raise PermissionDenied("This page is for the teachers of this class.")
    return section


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD"])
def receipts(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Every Save Changes of a class: when, by whom, how much."""
    page = ReceiptsPage(own_class(request, public_id), request.user)
    return render(request, "grading/receipts.html", {"page": page})


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: SignedIn, public_id: UUID, reference: str) -> HttpResponse:
    """One receipt, row by row; Undo puts back what stood before."""
    section = own_class(request, public_id)
    found = receipt_of(section, reference)
    if found is None:
        raise Http404
    page = ReceiptPage(section, found, request.user, on=timezone.localdate())
    disclose(request, Disclosure.What.ROSTER, page.students_shown)
    if request.method == "POST":
        try:
            result = undo(page)
        except Refused as refused:
            errors = [{"target": "main", "message": str(refused)}]
            return render(request, "grading/receipt.html", {"page": page, "errors": errors}, status=409)
        messages.success(request, undone_in_words(result))
        return redirect("grading:receipts", public_id)
    return render(request, "grading/receipt.html", {"page": page, "errors": []})
