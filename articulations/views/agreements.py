"""Agreements: one on a page of its own, and entering one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_anyone, for_roles
from articulations import rules
from articulations.forms.agreements import AgreementForm, WhereForm
from articulations.models import Articulation, open_texts_of
from articulations.views.searching import details_of
from organizations.models import AcademicYear, CollegeYear, Consortium
from sers.lib.refusal import Refused


@for_anyone("which classes earn college credit is public")
@require_safe
def articulation(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One agreement on a page of its own, in force or not."""
    found = get_object_or_404(Articulation.objects.with_names(), public_id=public_id)
    year = AcademicYear.objects.current()
    terms = {
        "articulation_id": found.pk,
        "college_id": found.college_id,
        "own_minimum": found.minimum_percent,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
    }
    state, label = rules.state_of(found, timezone.localdate())
    can_enter = rules.can_enter_articulation(request.user, found.consortium)
    is_under_way = can_enter and found.pk in open_texts_of([found.pk])
    details = details_of(terms, request.user, year, CollegeYear.objects.minimums(year))
    context = {
        "articulation": found,
        "details": details,
        "classes": rules.classes_of(request.user, details.lines),
        "state": state,
        "label": label,
        "can_enter": can_enter,
        "document": getattr(found.text, "document", None),
        "signatures": list(found.text.signatures.order_by("number")) if found.text is not None else [],
        **rules.what_may_follow(found, is_under_way=is_under_way),
    }
    return render(request, "articulations/articulation.html", context)


def asked_in(request: HttpRequest) -> QueryDict | None:
    """What a first step chose; nothing as long as it was not sent. The second step posts to the same address."""
    return request.GET if "school" in request.GET or request.method == "POST" else None


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Enter an agreement: first between whom, then what it says, then check and save."""
    consortia = list(Consortium.objects.staffed_by(request.user).prefetch_related("colleges"))
    where = WhereForm(asked_in(request), consortia=consortia)
    if not where.is_valid():
        status = 422 if where.is_bound else 200
        return render(request, "articulations/new.html", {"step": "where", "form": where}, status=status)
    consortium, college, school = where.places()
    year = AcademicYear.objects.current()
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        consortium=consortium,
        college=college,
        school=school,
        year=year,
        usual_minimum=CollegeYear.objects.minimums(year).get(college.pk),
    )
    step, status = "what", 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif "save" in request.POST:
        try:
            entered = form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, f"Agreement {entered} is saved. Now enter its classes of this year.")
            return redirect("articulations:articulation", public_id=entered.public_id)
    elif form.is_bound and "change" not in request.POST:
        step = "check"
    context = {"step": step, "form": form, "consortium": consortium, "college": college, "school": school}
    return render(request, "articulations/new.html", context, status=status)
