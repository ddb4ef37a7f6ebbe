"""Requests to articulate are decided: followed on a page of their own, screened, reviewed, entered; and their steps set."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from accounts.views import origin_of
from articulations import actions, rules
from articulations.forms.entering import EnterForm, StepsForm
from articulations.forms.request_acts import RequestPage
from articulations.forms.reviews import Matrix, ReviewReasonForm
from articulations.models import ArticulationRequest, RequestStep, StepKind
from articulations.views.requests import asked_of
from organizations.models import AcademicYear, College, Consortium
from sers.lib.refusal import Refusal, Refused

DONE = {
    "sign": "The request is signed. Whoever comes next has been told.",
    "screen": "The request is passed on to the faculty. They have been told.",
    "return": "The school’s side is asked for more information.",
    "deny": "The request is denied. Everybody concerned has been told.",
    "withdraw": "The request is taken back. You can change it and hand it in again.",
    "write": "The message is sent.",
}
#: Refusals of who a person is; all others tell what stands now.
NOT_YOURS = (
    "not_yours",
    "not_school_side",
    "not_concerned",
    "not_college_side",
    "not_consortium",
    "own_request",
)


@for_roles(*rules.READS)
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """One request: where it is, what it says, who did what, the messages, and what the person may do with it now."""
    asked = asked_of(request, public_id)
    if request.method != "POST":
        return shown(request, RequestPage(asked, request.user))
    chosen = request.POST.get("chosen", "")
    if chosen not in DONE:
        raise Http404
    page = RequestPage(asked, request.user, act=chosen, data=request.POST)
    form = page.sent
    if form is None:
        return refused_page(request, asked, page.why_not(chosen))
    if not form.is_valid():
        return shown(request, page, status=422)
    try:
        if chosen == "sign":
            form.save(origin=origin_of(request), by=request.user)
        else:
            form.save(by=request.user)
    except Refused as refused:
        if refused.refusal.rule == "other_name":
            form.add_error("name", refused.refusal.message.rstrip("."))
            return shown(request, page, status=422)
        return refused_page(request, asked, refused.refusal)
    messages.success(request, DONE[chosen])
    return redirect("articulations:request", public_id=public_id)


def shown(
    request: SignedIn, page: RequestPage, *, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    context = {"page": page, "asked": page.asked, "form": page.sent, "refusal": refusal}
    return render(request, "articulations/request.html", context, status=status)


def refused_page(request: SignedIn, asked: ArticulationRequest, refusal: Refusal | None) -> HttpResponse:
    """403 for whom it is not; else the request as it stands now, with who was first."""
    if refusal is None:
        raise PermissionDenied
    if refusal.rule in NOT_YOURS:
        raise PermissionDenied(str(refusal))
    return shown(
        request, RequestPage(asked_of(request, asked.public_id), request.user), status=409, refusal=refusal
    )


def review_of(asked: ArticulationRequest) -> RequestStep:
    """The faculty review of the latest version; 404 where there is none yet."""
    latest = asked.latest
    if latest is None:
        raise Http404
    return get_object_or_404(RequestStep.objects.in_order(), version=latest, kind=StepKind.REVIEW)


@for_roles(*rules.READS)
@require_http_methods(["GET", "HEAD", "POST"])
def alignment(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """The alignment matrix: outcomes of the college course beside the competencies of the class; then the decision."""
    asked = asked_of(request, public_id)
    step = review_of(asked)
    posted = request.method == "POST"
    why_not = rules.why_not_decide(request.user, asked, step)
    if posted and why_not is not None:
        return refused_page(request, asked, why_not)
    matrix = Matrix(step, request.POST if posted else None, suggested=rules.matrix_begins_with(asked))
    reason = ReviewReasonForm(request.POST if posted else None)
    if not posted:
        return matrix_page(request, asked, matrix, reason, can_decide=why_not is None)
    return decide(request, asked, matrix, reason)


def decide(
    request: SignedIn, asked: ArticulationRequest, matrix: Matrix, reason: ReviewReasonForm
) -> HttpResponse:
    """Save the matrix, approve, ask for more information, or deny."""
    act, step, rows = request.POST.get("act", ""), matrix.step, matrix.rows()
    told = reason.cleaned_data["reason"] if reason.is_valid() else ""
    if act in ("return", "deny") and not told and not reason.errors:
        reason.add_error("reason", "Say why: the school’s side reads it")
    if matrix.errors or reason.errors:
        return matrix_page(request, asked, matrix, reason, can_decide=True, status=422)
    try:
        if act == "approve":
            actions.pass_review(asked=asked, step=step, rows=rows, note=told, by=request.user)
            messages.success(request, "The request is approved. Whoever comes next has been told.")
        elif act == "return":
            actions.return_step(asked=asked, step=step, reason=told, rows=rows, by=request.user)
            messages.success(request, DONE["return"])
        elif act == "deny":
            actions.deny_step(asked=asked, step=step, reason=told, rows=rows, by=request.user)
            messages.success(request, DONE["deny"])
        else:
            actions.keep_matrix(asked=asked, step=step, rows=rows, by=request.user)
            messages.success(request, "The matrix is saved. Nothing is decided yet.")
            return redirect("articulations:alignment", public_id=asked.public_id)
    except Refused as refused:
        if refused.refusal.rule in ("below_least", "no_matrix", "no_competency"):
            matrix.errors.append({"target": "matrix", "message": str(refused)})
            return matrix_page(request, asked, matrix, reason, can_decide=True, status=422)
        return refused_page(request, asked, refused.refusal)
    return redirect("articulations:request", public_id=asked.public_id)


def matrix_page(
    request: SignedIn,
    asked: ArticulationRequest,
    matrix: Matrix,
    reason: ReviewReasonForm,
    *,
    can_decide: bool,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "matrix": matrix,
        "reason": reason,
        "form": None if matrix.errors else reason,  # one summary of errors a page
        "can_decide": can_decide,
    }
    return render(request, "articulations/alignment.html", context, status=status)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_request(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What the faculty approved becomes an agreement; teachers who are new are invited."""
    asked = asked_of(request, public_id)
    refusal = rules.why_not_enter(request.user, asked)
    if refusal is not None:
        return refused_page(request, asked, refusal)
    posted = request.method == "POST"
    form = EnterForm(request.POST if posted else None, asked=asked, year=AcademicYear.objects.current())
    status = 422 if posted and not form.is_valid() else 200
    if posted and status == 200:
        try:
            written = form.prepare(by=request.user) if form.goes_out else []
            entered = [] if form.goes_out else form.save(by=request.user)
        except Refused as refused:
            if refused.refusal.rule == "not_approved":
                return refused_page(request, asked, refused.refusal)
            form.add_error(None, str(refused))
            status = 409
        else:
            if written:
                messages.success(request, "The text is written. Read it, then send it out for signature.")
                return redirect("articulations:agreement", public_id=written[0].public_id)
            numbers = ", ".join(map(str, entered))
            messages.success(request, f"Entered: {numbers}. The teachers have been told.")
            return redirect("articulations:request", public_id=public_id)
    latest = asked.latest
    context = {
        "asked": asked,
        "form": form,
        "lines": rules.lines_of(latest.content) if latest else [],
        "invited": rules.to_invite(latest.content) if latest else [],
    }
    return render(request, "articulations/enter_request.html", context, status=status)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def request_steps(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """The steps of requests in a consortium: for all its colleges, or for one that asks for something else."""
    consortium = get_object_or_404(Consortium.objects.staffed_by(request.user), public_id=public_id)
    colleges = list(consortium.colleges.order_by("name"))
    asked_for = request.GET.get("college", "")
    college: College | None = next((one for one in colleges if str(one.public_id) == asked_for), None)
    posted = request.method == "POST"
    form = StepsForm(request.POST if posted else None, consortium=consortium, college=college)
    if posted and form.is_valid():
        form.save(by=request.user)
        messages.success(request, "The steps are saved. Requests under way keep theirs.")
        return redirect(request.get_full_path())
    context = {"form": form, "consortium": consortium, "colleges": colleges, "college": college}
    return render(request, "articulations/request_steps.html", context, status=422 if posted else 200)
