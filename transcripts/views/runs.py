"""The registrar's runs: what waits, the start, how far it is, stop and resume."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refusal, Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import actions, rules
from transcripts.forms import Place, StartForm
from transcripts.models import RunLine, TranscriptionRun


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: SignedIn) -> HttpResponse:
    """Summer transcription: what waits for credit, a look at what a run would do, its start, and earlier runs."""
    if request.method == "POST":
        return start(request)
    if "year" not in request.GET:
        return render(request, "transcripts/runs.html", runs_context(request))
    form = StartForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404
    return render(request, "transcripts/runs.html", runs_context(request) | preview(form))


def start(request: SignedIn) -> HttpResponse:
    """Start the summer transcription: on to the run, or back to the page with the rule that says no."""
    if not has_role(request.user, Role.REGISTRAR):
        raise PermissionDenied("The registrar of the college starts its transcription.")
    form = StartForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "transcripts/runs.html", runs_context(request) | {"form": form}, status=422)
    try:
        run = form.save(by=request.user)
    except Refused as refused:
        context = runs_context(request) | preview(form, refused.refusal)
        return render(request, "transcripts/runs.html", context, status=409)
    messages.success(request, "The summer transcription has started.")
    return redirect("transcripts:run", run.public_id)


def runs_context(request: SignedIn) -> dict[str, Any]:
    """What the page of runs shows whatever is chosen on it."""
    visible = TranscriptionRun.objects.visible_to(request.user)
    return {
        "place": Place(request.GET, user=request.user),
        "is_registrar": has_role(request.user, Role.REGISTRAR),
        "waiting": rules.waiting(rules.colleges_of(request.user)),
        "live": visible.live().listed(),
        "past": page_of(visible.finished().listed(), request.GET.get("page", "")),
        "query": changed(request.GET, page=None),
        "chosen": None,
    }


def preview(form: StartForm, refusal: Refusal | None = None) -> dict[str, Any]:
    """What a run of the chosen college and year would do, or why none can start."""
    college, year = form.cleaned_data["college"], form.cleaned_data["year"]
    refusal = refusal or rules.why_not_start_now(college, year)
    return {
        "chosen": {
            "college": college,
            "year": year,
            "is_early": timezone.localdate() <= year.ends_on,
            "grading_until": rules.grading_open_until(college, year, timezone.localdate()),
        },
        "refusal": refusal,
        "forecast": None if refusal else rules.forecast(college, year),
    }


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def run(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One run: how far it is, whether its totals agree, what is held and who can end that."""
    found = get_object_or_404(
        TranscriptionRun.objects.visible_to(request.user).with_names(), public_id=public_id
    )
    figures = rules.totals(found)
    kinds = found.lines.by_problem()
    kind = request.GET.get("problem", "")
    kind = kind if kind in kinds else ""
    page = page_of(
        found.lines.held(kind).listed(),
        request.GET.get("page", ""),
        count=kinds[kind] if kind else figures.held,
    )
    disclose(request, Disclosure.What.RUN, [row["student_public_id"] for row in page])
    heading, tag = rules.HEADINGS[found.state]
    now = timezone.now()
    context = {
        "run": found,
        "heading": heading,
        "tag": tag,
        "figures": figures,
        "now": now,
        "sentence": rules.progress_in_words(found, figures, now),
        "stages": rules.stages(found, figures),
        "problems": rules.held_classes(page.object_list),
        "kinds": [(value, RunLine.Problem(value).label, count) for value, count in kinds.items()],
        "kind": kind,
        "page": page,
        "query": changed(request.GET, page=None),
        "may_act": rules.can_run_transcription(request.user, found.college_id),
    }
    response = render(request, "transcripts/run.html", context)
    if request.headers.get("HX-Request") and not found.is_going:
        # The part that is read again and again says that it is over: read the whole page, with its buttons.
        response["HX-Refresh"] = "true"
    return response


@for_roles(Role.REGISTRAR)
@require_POST
def stop(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Stop safely, after the student in hand."""
    found = get_object_or_404(TranscriptionRun.objects.visible_to(request.user), public_id=public_id)
    act(request, actions.stop_run, found, "The transcription is stopped. What is done stays.")
    return redirect("transcripts:run", public_id)


@for_roles(Role.REGISTRAR)
@require_POST
def resume(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Go on where the run was stopped."""
    found = get_object_or_404(TranscriptionRun.objects.visible_to(request.user), public_id=public_id)
    act(request, actions.resume_run, found, "The transcription goes on.")
    return redirect("transcripts:run", public_id)


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def ledger(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Recompute the chain of a run's awards, and name the first link that does not hold."""
    found = get_object_or_404(
        TranscriptionRun.objects.visible_to(request.user).with_names(), public_id=public_id
    )
    return render(
        request,
        "transcripts/ledger.html",
        {"run": found, "checked": rules.check_ledger(found), "now": timezone.now()},
    )


def act(request: SignedIn, action: Any, found: TranscriptionRun, done: str) -> None:
    """Do it and say so; where there was nothing to do, say how the run stands."""
    try:
        changed_something = action(run=found, by=request.user)
    except Refused as refused:
        raise PermissionDenied(str(refused)) from None
    found.refresh_from_db(fields=("state",))
    if changed_something:
        messages.success(request, done)
    else:
        messages.info(
            request, f"Nothing was changed: the transcription is {found.get_state_display().lower()}."
        )
