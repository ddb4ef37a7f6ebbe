"""Where else a class is articulated: ranked agreements of other consortia, and the same proposed at one's own college."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_anyone, for_roles, has_role
from articulations import actions, rules
from articulations.forms.alternatives import AlternativesForm
from articulations.forms.drafts import answers_like, content_of
from articulations.forms.fields import MINE
from articulations.models import Articulation
from articulations.views.requests import asked_of
from organizations.models import Consortium
from sers.lib.refusal import Refused


@for_anyone("which classes earn college credit elsewhere is public")
@require_safe
def alternatives(request: HttpRequest) -> HttpResponse:
    """What is articulated elsewhere for a class, competencies or a CIP code, the best match first, with why."""
    own = list(Consortium.objects.of(request.user))
    asked = request.GET.copy()
    if own and "consortium" not in asked:
        asked["consortium"] = MINE
    form = AlternativesForm(asked, own=own)
    if not form.is_valid():
        refused: dict[str, Any] = {"form": form, "sought": None, "found": [], "proposes": False}
        return render(request, "articulations/alternatives.html", refused, status=422)
    sought = form.sought()
    context = {
        "form": form,
        "sought": sought,
        "found": rules.alternatives_to(sought, timezone.localdate()) if sought is not None else [],
        "proposes": has_role(request.user, *rules.ASKS),
    }
    return render(request, "articulations/alternatives.html", context)


@for_roles(*rules.READS)
@require_http_methods(["GET", "HEAD", "POST"])
def request_alternatives(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What is articulated elsewhere like a request; its mapping can be copied into it while it is being written."""
    asked = asked_of(request, public_id)
    may_copy = rules.why_not_change(request.user, asked) is None
    if request.method == "POST":
        agreement = Articulation.objects.named(request.POST.get("agreement", ""))
        if agreement is None:
            raise Http404
        try:
            actions.model_on(
                asked=asked,
                agreement=agreement,
                answers=answers_like(agreement, asked.college),
                by=request.user,
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("articulations:request", public_id=public_id)
        messages.success(
            request, f"Copied from agreement {agreement}. Pages you had begun stay as they were: check each."
        )
        return redirect("articulations:check_request", public_id=public_id)
    sought = rules.sought_by(asked, content_of(asked))
    context = {
        "asked": asked,
        "sought": sought,
        "found": rules.alternatives_to(sought, timezone.localdate()),
        "may_copy": may_copy,
        "like": urlencode(
            {
                "school": asked.school.public_id,
                "college": f"{asked.consortium.public_id}.{asked.college.public_id}",
            }
        ),
        "proposes": not may_copy and has_role(request.user, *rules.ASKS),
    }
    return render(request, "articulations/request_alternatives.html", context)
