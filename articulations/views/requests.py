"""The school's side of requests to articulate: listed, begun, answered page by page, handed in, compared."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from articulations import rules
from articulations.actions import take_file_out
from articulations.forms.drafts import Draft
from articulations.forms.requests import FileForm, HandInForm, RequestsForm, StartForm
from articulations.models import ArticulationRequest, RequestFile, listed
from articulations.views.dockets import docket
from organizations.models import Consortium
from sers.lib.refusal import Refused
from sers.lib.uploads import download


@for_roles(*rules.READS)
@require_safe
def requests(request: SignedIn) -> HttpResponse:
    """Requests within reach: those that wait for the person, those that are open, those that are closed."""
    visible = ArticulationRequest.objects.visible_to(request.user)
    form = RequestsForm(request.GET, visible=visible)
    if not form.is_valid():
        return render(request, "articulations/requests.html", {"form": form, "page": None}, status=422)
    plans = has_role(request.user, Role.CONSORTIUM)
    context = docket(
        request, form,
        visible=visible, waiting=rules.waiting_for_me(request.user, visible.open()), listed=listed,
        told=lambda row: {
            "label": rules.state_in_words(row["state"], row["step_kind"], row["signs_as"]),
            "tag": rules.STATE_TAG[row["state"]],
            "kind_label": ArticulationRequest.Kind(row["kind"]).label,
        },
    )  # fmt: skip
    context |= {
        "can_start": has_role(request.user, *rules.ASKS),
        "plans": list(Consortium.objects.staffed_by(request.user)) if plans else [],
    }
    return render(request, "articulations/requests.html", context)


@for_roles(*rules.ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: SignedIn) -> HttpResponse:
    """Begin a request: of which kind, from which school to which college."""
    posted = request.method == "POST"
    form = StartForm(request.POST if posted else None, user=request.user, begins_with=request.GET)
    status = 422 if posted and not form.is_valid() else 200
    if posted and status == 200:
        try:
            asked = form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            return redirect("articulations:check_request", public_id=asked.public_id)
    return render(request, "articulations/new_request.html", {"form": form}, status=status)


def asked_of(request: SignedIn, public_id: uuid.UUID) -> ArticulationRequest:
    """The request of an address, if this person sees it."""
    found: ArticulationRequest = get_object_or_404(
        ArticulationRequest.objects.visible_to(request.user).with_names(), public_id=public_id
    )
    return found


def own_of(request: SignedIn, public_id: uuid.UUID) -> ArticulationRequest:
    """The request of an address, if this person is of its school's side."""
    asked = asked_of(request, public_id)
    if rules.changes_as(request.user, asked) is None:
        raise PermissionDenied("The school’s side and the consortium change the answers of a request.")
    return asked


@for_roles(*rules.ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: SignedIn, public_id: uuid.UUID, page: str) -> HttpResponse:
    """One page of a request: saved when it is whole, or as far as it is, to come back to."""
    asked = own_of(request, public_id)
    draft = Draft(asked)
    if page not in draft.pages:
        raise Http404
    if not asked.is_changeable:
        return redirect("articulations:request", public_id=public_id)
    if page == "files":
        return files(request, draft)
    form = draft.pages[page]
    status = 200
    if request.method == "POST":
        form = type(form)(request.POST, asked=asked)
        later = "later" in request.POST
        try:
            asked = form.save(request.POST, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("articulations:request", public_id=public_id)
        if later or form.is_valid():
            following = "" if later else Draft(asked).following(page)
            if following:
                return redirect("articulations:request_page", public_id=public_id, page=following)
            messages.success(request, "Saved. You can go on here at any time.")
            return redirect("articulations:check_request", public_id=public_id)
        status = 422
    elif form.state == "not_started":
        form = type(form)(None, asked=asked)
    context = page_context(draft, page) | {"form": form}
    return render(request, "articulations/request_page.html", context, status=status)


def page_context(draft: Draft, page: str) -> dict[str, Any]:
    names = list(draft.pages)
    return {
        "asked": draft.asked,
        "page_name": page,
        "heading": rules.PAGES[page],
        "number": names.index(page) + 1,
        "of": len(names),
        "files": None,
    }


def files(request: SignedIn, draft: Draft) -> HttpResponse:
    """The papers of a request: attached one by one, taken out again."""
    asked, page = draft.asked, draft.pages["files"]
    form = FileForm(initial={"kind": next(iter(page.missing), None)})
    status = 200
    if request.method == "POST":
        chosen = request.POST.get("chosen", "")
        if chosen == "take_out":
            out = get_object_or_404(asked.files.in_hand(), public_id=request.POST.get("file", ""))
            take_file_out(asked=asked, file=out, by=request.user)
            messages.success(request, f"{out.name} is taken out.")
            return redirect("articulations:request_page", public_id=asked.public_id, page="files")
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            kept = form.save(asked=asked, by=request.user)
            messages.success(request, f"{kept.name} is attached.")
            return redirect("articulations:request_page", public_id=asked.public_id, page="files")
        status = 422
    context = page_context(draft, "files") | {
        "form": form,
        "files": page.in_hand,
        "missing": page.missing,
        "following": draft.following("files") if page.state == "done" else "",
    }
    return render(request, "articulations/request_page.html", context, status=status)


@for_roles(*rules.ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def check_request(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """The task list of a request with all its answers, and the button that hands it in."""
    asked = own_of(request, public_id)
    if not asked.is_changeable:
        return redirect("articulations:request", public_id=public_id)
    draft = Draft(asked)
    posted = request.method == "POST"
    form = HandInForm(request.POST if posted else None, draft=draft)
    refusal, status = None, 200
    if posted and form.is_valid():
        try:
            version = form.save(by=request.user)
        except Refused as refused:
            refusal, status = refused.refusal, 409
        else:
            messages.success(
                request, f"Request {asked} is handed in, version {version.number}. Follow it here."
            )
            return redirect("articulations:request", public_id=public_id)
    elif posted:
        status = 422
    context = {
        "asked": asked,
        "draft": draft,
        "lines": rules.lines_of(draft.content()),
        "form": form,
        "refusal": refusal,
        "returned": rules.asked_back(asked),
    }
    return render(request, "articulations/check_request.html", context, status=status)


@for_roles(*rules.READS)
@require_safe
def request_versions(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What was handed in, version by version; two of them side by side."""
    asked = asked_of(request, public_id)
    versions = list(asked.versions.select_related("handed_in_by").order_by("number"))
    if not versions:
        raise Http404
    before, now = rules.two_of(versions, request.GET.get("before", ""), request.GET.get("now", ""))
    found = rules.differences(before.content, now.content) if before is not None else None
    context = {
        "asked": asked,
        "versions": versions,
        "before": before,
        "now": now,
        "differences": found,
        "changes": rules.number_changed(found),
        "lines": rules.lines_of(now.content),
    }
    return render(request, "articulations/request_versions.html", context)


@for_roles(*rules.READS)
@require_safe
def request_file(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """A paper of a request, as a download for those who may read it."""
    found = get_object_or_404(RequestFile.objects.visible_to(request.user), public_id=public_id)
    return download(found.path, name=found.name, mime=found.mime)
