"""Grade scales: what there are, what one says, and a new one made from it."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from organizations import rules
from organizations.forms.scales import ScaleForm
from organizations.models import College, CollegeYear, GradeScale
from sers.lib.refusal import Refused


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_safe
def scales(request: SignedIn) -> HttpResponse:
    """The scales of the colleges a person keeps the rules of; the State reads all."""
    if has_role(request.user, Role.STATE):
        colleges: QuerySet[College] = College.objects.order_by("name")
    else:
        colleges = rules.colleges_in_charge(request.user)
    found = GradeScale.objects.for_colleges(colleges.order_by().values_list("pk", flat=True)).by_college()
    context = {
        "colleges": colleges,
        "scales": found,
        "keeps": rules.colleges_in_charge(request.user).exists(),
    }
    return render(request, "organizations/scales.html", context)


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_safe
def scale(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One scale: every percent from 100 to 0, where rounding decides, and who uses it."""
    found = get_object_or_404(GradeScale.objects.with_rows(), public_id=public_id)
    rows = list(found.rows.all())
    context = {
        "scale": found,
        "preview": rules.preview_of(rows, found.rounding),
        "examples": rules.examples_of(rows, found.rounding),
        "years": CollegeYear.objects.using_scale(found),
        "keeps": rules.colleges_in_charge(request.user).exists(),
    }
    return render(request, "organizations/scale.html", context)


@for_roles(Role.REGISTRAR, Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def new_scale(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A new scale made from one that is there: typed, looked at, saved."""
    source = get_object_or_404(GradeScale.objects.with_rows(), public_id=public_id)
    posted = request.method == "POST"
    form = ScaleForm(request.POST if posted else None, source=source, user=request.user)
    is_sound = posted and form.is_valid()
    status = 200 if is_sound or not posted else 422
    if is_sound and "save" in request.POST:
        try:
            made = form.save(by=request.user)
        except Refused as refused:
            form.add_error("name" if refused.refusal.rule == "same_name" else None, str(refused))
            is_sound, status = False, 409
        else:
            messages.success(request, f"{made} is saved. Choose it on the page of the college’s year.")
            return redirect("organizations:scale", public_id=made.public_id)
    context = {"form": form, "source": source, "is_sound": is_sound}
    return render(request, "organizations/new_scale.html", context, status=status)
