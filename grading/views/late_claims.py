"""Late claims: the queue of the consortium, and the page where one is decided."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles, has_role
from grading.forms.late_claims import SHOWS, DecidePage
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from students.forms.late_claims import STATE_TAG
from students.forms.queue import FindForm
from students.models import Disclosure, LateClaim
from students.views.disclosing import disclose

READERS: Final = (Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
#: The words of the search box stay in the session: names and IDs have no place in an address.
TERMS: Final = "grading.late_claims"


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def late_claims(request: SignedIn) -> HttpResponse:
    """Late claims within reach: those that wait for the consortium, for the student, and decided ones; searched by name,
    ID or reference."""
    show = request.GET.get("show", "asked")
    show = show if show in SHOWS else "asked"
    find = FindForm(request.POST if request.method == "POST" else {"words": request.session.get(TERMS, "")})
    if request.method == "POST" and find.is_valid():
        request.session[TERMS] = find.cleaned_data["words"]
        return redirect(f"{reverse('grading:late_claims')}?show={show}")
    words = find.cleaned_data["words"] if find.is_valid() else ""
    visible = LateClaim.objects.visible_to(request.user)
    found = visible.found_by(words) if words else visible
    counts = found.tally()
    rows = found.standing(show)
    page = page_of(
        rows.latest_first() if show == "decided" else rows.oldest_first(),
        request.GET.get("page", ""),
        count=counts[show],
    )
    disclose(request, Disclosure.What.GRADES, [one.student for one in page])
    context = {
        "show": show,
        "shows": [(name, label, counts[name]) for name, label in SHOWS.items()],
        "find": find,
        "words": words,
        "page": page,
        "rows": [(one, STATE_TAG[LateClaim.State(one.state)]) for one in page.object_list],
        "query": f"show={show}",
        "decides": has_role(request.user, Role.CONSORTIUM),
    }
    return render(request, "grading/late_claims.html", context, status=422 if find.errors else 200)


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def late_claim(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One claim: its transcript, the college's rule, and accept, ask back or refuse; who comes second is told what stands."""
    visible = LateClaim.objects.visible_to(request.user).in_full()
    found = get_object_or_404(visible, public_id=public_id)
    disclose(request, Disclosure.What.GRADES, [found.student])
    if request.method != "POST":
        return render(
            request, "grading/late_claim.html", {"page": DecidePage(found, request.user), "refusal": None}
        )
    if not has_role(request.user, Role.CONSORTIUM):
        raise PermissionDenied("Staff of the consortium decide a late claim.")
    act = request.POST.get("chosen", "")
    page = DecidePage(found, request.user, act=act, data=request.POST)
    refusal, status = page.refusal, 409
    if page.sent is not None:
        status = 422
        try:
            said = page.decide(by=request.user) if page.sent.is_valid() else ""
        except Refused as refused:
            refusal, status = refused.refusal, 409
            page = DecidePage(get_object_or_404(visible, public_id=public_id), request.user)
        else:
            if said:
                messages.success(request, said)
                return redirect("grading:late_claim", public_id=public_id)
    elif act not in ("accept", "ask", "refuse"):
        raise Http404
    return render(request, "grading/late_claim.html", {"page": page, "refusal": refusal}, status=status)
