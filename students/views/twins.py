"""Likely twins: the list of pairs, and one pair side by side."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.twins import TellApartForm
from students.models import Disclosure, LikelyTwins, Registration
from students.views.disclosing import disclose


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_safe
def twins(request: SignedIn) -> HttpResponse:
    """Pairs of records within reach that look like one person's; or those that were told apart."""
    apart = request.GET.get("show") == "apart"
    seen = LikelyTwins.objects.visible_to(request.user)
    pairs = seen.told_apart() if apart else seen.undecided()
    page = page_of(pairs.listed(), request.GET.get("page", ""))
    disclose(
        request, Disclosure.What.TWINS, [student for pair in page for student in (pair.older, pair.newer)]
    )
    return render(
        request,
        "students/twins.html",
        {"page": page, "apart": apart, "query": changed(request.GET, page=None)},
    )


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def twin(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One pair side by side; told apart with a reason, or put back on the list."""
    pair = get_object_or_404(
        LikelyTwins.objects.visible_to(request.user).standing().in_full(), public_id=public_id
    )
    disclose(request, Disclosure.What.TWINS, [pair.older, pair.newer])
    if "back" in request.POST:
        if actions.put_back(pair=pair, by=request.user):
            messages.success(request, "The pair is on the list again.")
        return redirect("students:twin", public_id=public_id)
    form = TellApartForm(request.POST if request.method == "POST" else None, pair=pair)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user)
            messages.success(request, "They are two people. The pair is off the list.")
            return redirect("students:twins")
        except Refused as refused:
            refusal = refused.refusal
    counted = Registration.objects.counted_by_student([pair.older, pair.newer])
    return render(
        request,
        "students/twin.html",
        {
            "pair": pair,
            "form": form,
            "refusal": refusal,
            "rows": rules.side_by_side(pair, counted),
        },
        status=422 if form.errors else 409 if refusal else 200,
    )
