"""Worksheets for ctcLink, whether what was exported is posted, and how the registrar wants it all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from grading.models import GradeChange
from organizations.models import College
from sers.lib.attachments import CSV, XLSX, attachment
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import actions, rules
from transcripts.forms import ColumnsForm, CourseIdForm, Place, PlanForm
from transcripts.models import CreditAward, WorksheetBatch

TYPES = {"csv": CSV, "xlsx": XLSX}


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def worksheets(request: SignedIn) -> HttpResponse:
    """The pre-flight of the next worksheet: what is ready, what keeps the rest out and its one remedy; earlier ones."""
    place = Place(request.GET, user=request.user)
    here = f"{reverse('transcripts:worksheets')}?{place.query}"
    refusal, form = None, None
    if request.method == "POST":
        if place.college is None or not place.may_act:
            raise PermissionDenied("The registrar of the college makes its worksheets.")
        act = request.POST.get("act", "")
        if act == "course":
            form = CourseIdForm(request.POST, college=place.college)
            if form.is_valid():
                code = form.save(by=request.user)
                messages.success(request, f"{code}: the Course ID is saved.")
                return redirect(here)
        elif act == "active":
            count = actions.say_active(college=place.college, year=place.year, by=request.user)
            messages.success(request, f"{count:,} college IDs are taken for active in the term.")
            return redirect(here)
        else:
            try:
                batch = actions.make_worksheet(college=place.college, year=place.year, by=request.user)
            except Refused as refused:
                refusal = refused.refusal
            else:
                messages.success(request, f"Worksheet {batch.number} is made. Take it below.")
                return redirect("transcripts:worksheet", batch.public_id)
    asked = request.GET.get("obstacle", "")
    obstacle = asked if asked in rules.Obstacle.values else ""
    flight = rules.preflight(place.college, place.year, obstacle=obstacle)
    page = page_of(flight.kept_out, request.GET.get("page", ""))
    disclose(request, Disclosure.What.RUN, [UUID(row.student_key) for row in page])
    return render(
        request,
        "transcripts/worksheets.html",
        {
            "place": place,
            "flight": flight,
            "obstacle": obstacle,
            "page": page,
            "batches": rules.batches_of(
                WorksheetBatch.objects.visible_to(request.user), place.college, place.year
            ),
            "reposts": len(
                rules.to_repost(GradeChange.objects.visible_to(request.user), place.college, request.user)
            ),
            "refusal": refusal,
            "form": form,
            "query": changed(request.GET, page=None),
        },
        status=409 if refusal else 422 if form is not None and form.errors else 200,
    )


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def worksheet(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One worksheet as it was made: its rows, its fingerprint, who took it away."""
    batch = get_object_or_404(WorksheetBatch.objects.visible_to(request.user).listed(), public_id=public_id)
    page = page_of(batch.rows.listed(), request.GET.get("page", ""), count=batch.size)
    disclose(request, Disclosure.What.RUN, [row["student_public_id"] for row in page])
    return render(
        request,
        "transcripts/worksheet.html",
        {
            "batch": batch,
            "page": page,
            "downloads": rules.downloads_of(batch),
            "may_act": rules.can_export(request.user, batch.college_id),
            "notice": rules.NOTICE,
        },
    )


@for_roles(Role.REGISTRAR)
@never_cache
@require_POST
def take_worksheet(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The worksheet as a file; who took it and when is written down."""
    batch = get_object_or_404(WorksheetBatch.objects.visible_to(request.user).listed(), public_id=public_id)
    form = request.POST.get("form", "")
    form = form if form in TYPES else "csv"
    try:
        content = actions.take_worksheet(
            batch=batch, form=form, by=request.user, session=request.session.session_key
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("transcripts:worksheet", public_id)
    return attachment(content, name=f"{batch.file_name}.{form}", mime=TYPES[form])


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def reconciliation(request: SignedIn) -> HttpResponse:
    """Exported against posted: totals that must agree, each difference with its one action."""
    place = Place(request.GET, user=request.user)
    if request.method == "POST":
        if place.college is None or not place.may_act:
            raise PermissionDenied("The registrar of the college reconciles its credit.")
        messages.success(request, settle(request, place.college))
        return redirect(f"{reverse('transcripts:reconciliation')}?{changed(request.GET)}")
    asked = request.GET.get("difference", "")
    difference = asked if asked in rules.Difference.values else ""
    account = rules.reconcile(place.college, place.year) if place.college else rules.Account((), ())
    page = page_of(account.differing(difference), request.GET.get("page", ""))
    disclose(request, Disclosure.What.RUN, [UUID(row.student_key) for row in page])
    return render(
        request,
        "transcripts/reconciliation.html",
        {
            "place": place,
            "account": account,
            "difference": difference,
            "kinds": [(one.value, one.label, count) for one, count in account.by_difference.items()],
            "page": page,
            "query": changed(request.GET, page=None),
        },
    )


def settle(request: SignedIn, college: College) -> str:
    """Do what was pressed beside a difference; the sentence that tells what came of it."""
    if request.POST.get("act") == "match":
        count = actions.match_again(college=college, by=request.user)
        return f"{count:,} line{'' if count == 1 else 's'} fit{'s' if count == 1 else ''} a worksheet now."
    visible = CreditAward.objects.visible_to(request.user)
    awards = visible.at_college(college).linked(request.POST.get("award", ""))
    if request.POST.get("act") == "removed":
        if actions.say_removed(awards=awards, by=request.user):
            return "Written down: it is deleted in ctcLink."
        return "Nothing is written down: nothing was taken back here, or you have said so today."
    if actions.export_again(awards=awards, by=request.user):
        return "The credit goes into the next worksheet."
    return "Nothing is changed: the credit goes into the next worksheet already, or was never exported."


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def reposts(request: SignedIn) -> HttpResponse:
    """Grade Changes after credit was awarded: the registrar lets the record follow, one by one."""
    place = Place(request.GET, user=request.user)
    visible = GradeChange.objects.visible_to(request.user)
    if request.method == "POST":
        if not place.may_act:
            raise PermissionDenied("The registrar of the college corrects awarded credit.")
        change = get_object_or_404(visible, reference=request.POST.get("change", ""))
        try:
            corrected = actions.repost_change(change=change, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                f"{len(corrected)} award{'' if len(corrected) == 1 else 's'} corrected. "
                "The next worksheet holds what has to be posted again.",
            )
        return redirect(f"{reverse('transcripts:reposts')}?{place.query}")
    waiting = rules.to_repost(visible, place.college, request.user)
    disclose(request, Disclosure.What.RUN, [one.change.registration.student for one in waiting])
    return render(request, "transcripts/reposts.html", {"place": place, "waiting": waiting})


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: SignedIn) -> HttpResponse:
    """What the registrar sets for a year: the day of the run, college IDs, the term in ctcLink."""
    place = Place(request.GET, user=request.user)
    terms = rules.terms_of_run(place.college, place.year) if place.college else None
    form = PlanForm(request.POST if request.method == "POST" else None, college_year=terms) if terms else None
    if form is not None and form.is_bound and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The plan of {place.year} is saved.")
            return redirect(f"{reverse('transcripts:plan')}?{place.query}")
    return render(
        request,
        "transcripts/plan.html",
        {
            "place": place,
            "form": form,
            "plan": rules.plan_of(terms),
            "left": rules.ids_left(rules.plan_of(terms)) if terms else None,
            "warning": rules.planned_too_early(rules.plan_of(terms), place.college, place.year)
            if terms
            else None,
        },
        status=422 if form is not None and form.errors else 200,
    )


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedIn) -> HttpResponse:
    """How a college wants its worksheets: which columns, in which order, under which heads."""
    place = Place(request.GET, user=request.user)
    if place.college is None:
        raise PermissionDenied("The registrar of a college sets its columns.")
    form: Any = ColumnsForm(request.POST if request.method == "POST" else None, college=place.college)
    if form.is_bound and form.is_valid():
        form.save(by=request.user)
        messages.success(request, "The columns are saved. The next worksheet has them.")
        return redirect(f"{reverse('transcripts:columns')}?{place.query}")
    return render(
        request,
        "transcripts/columns.html",
        {"place": place, "columns": form},
        status=422 if form.errors else 200,
    )
