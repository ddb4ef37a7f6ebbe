"""Search for Students, within one's reach and statewide."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles, has_role
from sers.lib.listing import bounded_page_of
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.records import OpenForm, SearchForm
from students.models import Disclosure, Student, StudentQuerySet
from students.rules import inspections as rights
from students.views.disclosing import disclose

SEARCHERS = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
#: What was searched for stays in the session: names and birth dates have no place in an address.
TERMS = "students.search"


@for_roles(*SEARCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SignedIn) -> HttpResponse:
    """Search for Students: terms by POST into the session, then pages by GET. Beyond one's reach only what tells who
    it may be, a few, and never how many there are."""
    if "clear" in request.POST:
        request.session.pop(TERMS, None)
        return redirect("students:search")
    kept = request.session.get(TERMS)
    form = SearchForm(request.POST if request.method == "POST" else kept, user=request.user)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if form.is_statewide:
                actions.count_statewide_search(by=request.user)
            request.session[TERMS] = form.terms
            return redirect("students:search")
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
    page, beyond = None, None
    if form.is_bound and form.is_valid():
        found = Student.objects.visible_to(request.user).matching(**form.matching)
        page = bounded_page_of(found, StudentQuerySet.as_listed, request.GET.get("page", ""))
        disclose(request, Disclosure.What.SEARCH, [row["public_id"] for row in page])
        if form.is_statewide:
            beyond = actions.search_beyond(
                terms=form.matching,
                ground=Disclosure.Ground(form.cleaned_data["ground"]),
                reason=form.cleaned_data["reason"],
                by=request.user,
                session=request.session.session_key,
            )
    return render(
        request,
        "students/search.html",
        {
            "form": form,
            "page": page,
            "beyond": beyond,
            "can_edit": rules.can_edit_students(request.user),
            "can_reset": has_role(request.user, *rules.RESETTERS),
            "can_answer": has_role(request.user, *rights.ANSWERERS),
            "can_read_claims": has_role(request.user, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE),
            "can_see_twins": rules.can_see_twins(request.user),
            "can_decide": has_role(request.user, *rules.KEEPERS),
        },
        status=422 if form.errors and status == 200 else status,
    )


@for_roles(*rules.STATEWIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def open_record(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Confirm a student found by Search Statewide by the birth date; then the record opens for thirty minutes."""
    terms = request.session.get(TERMS) or {}
    found = Disclosure.objects.found_by(request.user, timezone.localdate())
    one = get_object_or_404(Student.objects.living().shown_in(found).in_full(), public_id=public_id)
    if not terms.get("ground"):
        raise Http404
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        student=one,
        ground=terms["ground"],
        reason=terms["reason"],
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            opened = form.save(by=request.user, session=request.session.session_key)
        except Refused as refused:
            form.add_error("birth_date", str(refused))
            status = 429 if refused.refusal.rule == "too_many_dates" else 422
        else:
            messages.success(
                request, f"The record is open to you until {rules.clock(opened.opens_until)}, to read."
            )
            return redirect("students:student", public_id=public_id)
    return render(
        request,
        "students/open_record.html",
        {"form": form, "student": one, "masked": rules.masked_id(one.sers_id), "reason": terms["reason"]},
        status=status,
    )
