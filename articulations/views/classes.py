"""A class of a high school: what it is, and changing that."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_roles
from accounts.models import Event
from articulations import rules
from articulations.forms.classes import EditClassForm
from articulations.models import ArticulationCourse, HighSchoolCourse
from sers.lib.refusal import Refused


def class_of(request: SignedIn, public_id: uuid.UUID) -> HighSchoolCourse:
    """The class of an address, if this person reads it."""
    found = rules.classes_read(request.user).select_related("school__district", "cluster")
    return get_object_or_404(found, public_id=public_id)


@for_roles(*rules.READS_CLASSES)
@require_safe
def high_school_course(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What a class is: its codes and credits, its agreements, its competencies, and what changed when."""
    found = class_of(request, public_id)
    current = ArticulationCourse.objects.current_or_coming(timezone.localdate())
    context = {
        "taught": found,
        "credits": rules.class_facts(found)["high_school_credits"],
        "lines": list(current.for_class(found)),
        "prepares_for": list(found.prepares_for.in_order()),
        "history": list(Event.objects.about(found, *rules.CLASS_CHANGES).select_related("actor")),
        "keeps": rules.keeps_class(request.user, found),
    }
    return render(request, "articulations/high_school_course.html", context)


@for_roles(*rules.KEEPS_CLASSES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_class(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Change the codes, credits and competencies of a class; its school and title stay."""
    found = class_of(request, public_id)
    if not rules.keeps_class(request.user, found):
        raise Http404
    form = EditClassForm(request.POST if request.method == "POST" else None, taught=found)
    status, refusal = 422 if form.is_bound and not form.is_valid() else 200, None
    if form.is_bound and status == 200:
        try:
            changes = form.save(by=request.user)
        except Refused as refused:
            form, status, refusal = form.once_more(), 409, refused.refusal
        else:
            said = f"{found} is changed." if changes else "Nothing was different. Nothing was saved."
            messages.success(request, said)
            return redirect("articulations:high_school_course", public_id=public_id)
    context = {"taught": found, "form": form, "refusal": refusal}
    return render(request, "articulations/edit_class.html", context, status=status)
