"""The codes by which CEDARS knows a district and its schools."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from organizations.forms.codes import CodesForm, DistrictForm
from sers.lib.refusal import Refused


@for_roles(Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: SignedIn) -> HttpResponse:
    """Choose a district, then enter its code and those of its schools."""
    posted = request.method == "POST"
    where = DistrictForm(request.GET if request.GET or posted else None)
    if not where.is_valid():
        status = 422 if where.is_bound else 200
        return render(request, "organizations/codes.html", {"where": where, "form": None}, status=status)
    district = where.chosen()
    form = CodesForm(request.POST if posted else None, district=district)
    refusal, changed = None, None
    if form.is_bound and form.is_valid():
        try:
            changed = form.save(by=request.user)
        except Refused as refused:
            form, refusal = form.once_more(), refused.refusal
    if changed is not None:
        said = "The codes are saved." if changed else "Nothing was different. Nothing was saved."
        messages.success(request, said)
        return redirect(request.get_full_path())
    status = 409 if refusal else 422 if form.errors else 200
    context = {"where": where, "district": district, "form": form, "refusal": refusal}
    return render(request, "organizations/codes.html", context, status=status)
