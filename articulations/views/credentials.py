"""The State's list of industry credentials, and what a class is said to prepare for."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from articulations import rules
from articulations.forms.credentials import (
    CredentialsForm,
    EditCredentialForm,
    NewCredentialForm,
    PreparationForm,
)
from articulations.models import IndustryCredential
from articulations.views.classes import class_of
from organizations.models import AcademicYear
from sers.lib.listing import changed, chips_of, page_of
from sers.lib.refusal import Refused


@for_roles(Role.STATE)
@require_safe
def credentials(request: SignedIn) -> HttpResponse:
    """The State's list of industry credentials, with how many classes prepare for each."""
    form = CredentialsForm(request.GET)
    if not form.is_valid():
        refused = {"form": form, "page": None}
        return render(request, "articulations/credentials.html", refused, status=422)
    year = AcademicYear.objects.current()
    found = form.narrow(IndustryCredential.objects.all(), year)
    page = page_of(found.listed(), request.GET.get("page", ""), count=found.count())
    context = {
        "form": form,
        "page": page,
        "rows": [
            row | {"last_year": rules.year_in_words(row["last"]) if row["last"] else ""}
            for row in page.object_list
        ],
        "chips": chips_of(request.GET, form.in_use()),
        "query": changed(request.GET, page=None),
    }
    return render(request, "articulations/credentials.html", context)


@for_roles(Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_credential(request: SignedIn) -> HttpResponse:
    """Put an industry credential on the State's list."""
    form = NewCredentialForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        added = form.save(by=request.user)
        if added is not None:
            messages.success(request, f"{added} is on the list. Teachers can record it now.")
            return redirect("articulations:credentials")
    status = 422 if form.errors else 200
    return render(request, "articulations/new_credential.html", {"form": form}, status=status)


@for_roles(Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def credential(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """One credential of the list: correct it, or end it with a school year."""
    one = get_object_or_404(IndustryCredential.objects.in_order(), public_id=public_id)
    form = EditCredentialForm(request.POST if request.method == "POST" else None, credential=one)
    status, refusal = 200, None
    if form.is_bound and form.is_valid():
        try:
            is_changed = form.save(by=request.user)
        except Refused as refused:
            form, status, refusal = form.once_more(), 409, refused.refusal
        else:
            if is_changed is not None:
                said = "is changed." if is_changed else "was not changed: nothing was different."
                messages.success(request, f"{form.cleaned_data['title']} {said}")
                return redirect("articulations:credentials")
    if form.is_bound and status == 200:
        status = 422
    context = {"credential": one, "form": form, "refusal": refusal, "number": one.classes.count()}
    return render(request, "articulations/credential.html", context, status=status)


@for_roles(*rules.KEEPS_CLASSES)
@require_http_methods(["GET", "HEAD", "POST"])
def class_credentials(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Which industry credentials a class prepares for: said by its district and consortium, read by everybody."""
    course = class_of(request, public_id)
    if not rules.keeps_class(request.user, course):
        raise Http404
    year = AcademicYear.objects.current()
    form = PreparationForm(request.POST if request.method == "POST" else None, course=course, year=year)
    status, refusal = 422 if form.is_bound and not form.is_valid() else 200, None
    if form.is_bound and status == 200:
        try:
            is_changed = form.save(by=request.user)
        except Refused as refused:
            form, status, refusal = form.once_more(), 409, refused.refusal
        else:
            said = (
                "Saved. Everybody reads it in Search Articulations."
                if is_changed
                else "Nothing was different."
            )
            messages.success(request, said)
            return redirect("articulations:high_school_course", public_id=public_id)
    context = {
        "course": course,
        "form": form,
        "refusal": refusal,
        "now": list(course.prepares_for.in_order()),
    }
    return render(request, "articulations/class_credentials.html", context, status=status)
