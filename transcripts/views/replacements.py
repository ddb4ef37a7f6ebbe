"""College IDs that are wrong and went out: asked to be replaced, decided by a second person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import rules
from transcripts.forms import STATE_TAG, Place, ReplacementPage, ReplaceSidForm
from transcripts.models import CollegeIdentity, SidReplacement

DONE = {
    "approve": "The college ID is replaced. What carried the wrong one goes out again.",
    "decline": "The replacement is declined. The college ID stays as it was.",
    "withdraw": "The replacement is withdrawn. The college ID stays as it was.",
}


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def replace_identity(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Ask for a wrong college ID to be replaced, beside everything that carries it."""
    found = get_object_or_404(
        CollegeIdentity.objects.visible_to(request.user).select_related("student__school", "college"),
        public_id=public_id,
    )
    if not rules.can_ask_replacement(request.user, found.college_id):
        raise PermissionDenied("The registrar of the college asks for its college IDs to be replaced.")
    disclose(request, Disclosure.What.RUN, [found.student])
    refusal = rules.why_not_ask_replacement_now(found)
    form = ReplaceSidForm(request.POST if request.method == "POST" else None, identity=found)
    if form.is_bound and refusal is None and form.is_valid():
        try:
            asked = form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, "The replacement is asked for. A second person has been told.")
            return redirect("transcripts:replacement", asked.public_id)
    context = {
        "identity": found,
        "went_out": rules.went_out_with(found),
        "form": form,
        "refusal": refusal,
    }
    status = 409 if form.is_bound and refusal else 422 if form.errors else 200
    return render(request, "transcripts/replace_identity.html", context, status=status)


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def replacements(request: SignedIn) -> HttpResponse:
    """Replacements that wait for a second person, and those that are closed."""
    visible = SidReplacement.objects.visible_to(request.user)
    show_closed = request.GET.get("show") == "closed"
    found = visible.closed() if show_closed else visible.open()
    page = page_of(found.with_names().latest_first(), request.GET.get("page", ""))
    disclose(request, Disclosure.What.RUN, [one.identity.student for one in page])
    context = {
        "place": Place(request.GET, user=request.user),
        "show_closed": show_closed,
        "page": page,
        "rows": [(one, STATE_TAG[SidReplacement.State(one.state)]) for one in page.object_list],
        "query": changed(request.GET, page=None),
    }
    return render(request, "transcripts/replacements.html", context)


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def replacement(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One replacement: what it is about, what carries the wrong ID, and what the person may do with it now."""
    found = find(request, public_id)
    disclose(request, Disclosure.What.RUN, [found.identity.student])
    if request.method == "POST":
        return act(request, found)
    return render(request, "transcripts/replacement.html", page_context(ReplacementPage(found, request.user)))


def act(request: SignedIn, found: SidReplacement) -> HttpResponse:
    """Approve, decline or withdraw; who comes second is told what stands."""
    chosen = request.POST.get("chosen", "")
    if chosen not in DONE:
        raise Http404
    page = ReplacementPage(found, request.user, act=chosen, data=request.POST)
    form = page.sent
    if form is None or not form.is_valid():
        return render(request, "transcripts/replacement.html", page_context(page), status=422)
    try:
        form.save(by=request.user)
    except Refused as refused:
        if refused.refusal.rule in ("not_second", "same_person", "not_asker"):
            raise PermissionDenied(str(refused)) from None
        fresh = ReplacementPage(find(request, found.public_id), request.user)
        context = page_context(fresh) | {"refusal": refused.refusal}
        return render(request, "transcripts/replacement.html", context, status=409)
    messages.success(request, DONE[chosen])
    return redirect("transcripts:replacement", found.public_id)


def page_context(page: ReplacementPage) -> dict[str, Any]:
    return {"page": page, "form": page.sent, "refusal": None}


def find(request: SignedIn, public_id: UUID) -> Any:
    """The replacement of this address, if this person may see it."""
    return get_object_or_404(
        SidReplacement.objects.visible_to(request.user).with_names(), public_id=public_id
    )
