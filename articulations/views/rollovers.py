"""Classes rolled over to the next school year, taken back, and handed to other teachers."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from articulations import actions, rules
from articulations.forms.rollovers import HandOverPage, RollForm, RollPreview, TeachersForm
from articulations.models import Rollover, Section
from organizations.models import AcademicYear, Consortium
from sers.lib.refusal import Refused


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def roll_over(request: SignedIn) -> HttpResponse:
    """Choose whose classes, see what comes of each, change it, and make them in one act."""
    consortia = list(Consortium.objects.staffed_by(request.user))
    asked = request.GET if "of" in request.GET or request.method == "POST" else None
    form = RollForm(asked, consortia=consortia)
    if not form.is_valid():
        before = list(Rollover.objects.visible_to(request.user).latest_first()[:20])
        status = 422 if form.is_bound else 200
        return render(
            request,
            "articulations/roll_over.html",
            {"form": form, "preview": None, "rollovers": before},
            status=status,
        )
    posted = request.method == "POST"
    preview = RollPreview(form, request.POST if posted else None)
    refusal, status = None, 200
    if posted and preview.can_edit and not preview.is_valid():
        status = 422
    elif posted:
        try:
            done = preview.make(by=request.user)
        except Refused as refused:
            refusal, status = refused.refusal, 409
        else:
            return redirect("articulations:rollover", public_id=done.public_id)
    context = {"form": form, "preview": preview, "refusal": refusal}
    return render(request, "articulations/roll_over.html", context, status=status)


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def rollover(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What was rolled over, with the class codes, and Undo as long as nobody has registered."""
    found = get_object_or_404(Rollover.objects.visible_to(request.user).in_full(), public_id=public_id)
    status, refusal = 200, None
    if request.method == "POST":
        try:
            number = actions.undo_rollover(rollover=found, by=request.user)
        except Refused as refused:
            refusal, status = refused.refusal, 403 if refused.refusal.rule == "not_consortium" else 409
        else:
            messages.success(request, f"Taken back. Classes gone: {number}.")
            return redirect("articulations:rollover", public_id=public_id)
    sections = list(found.sections.listed())
    keys = [row["id"] for row in sections]
    registered, teachers = Section.objects.registered(keys), Section.objects.taught_by(keys)
    why_not = rules.why_not_undo_rollover(request.user, found, sum(registered.values()))
    context = {
        "rollover": found,
        "rows": [
            {**row, "registered": registered[row["id"]], "teachers": teachers.get(row["id"], [])}
            for row in sections
        ],
        "refusal": refusal,
        "why_not": why_not,
    }
    return render(request, "articulations/rollover.html", context, status=status)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def section_teachers(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Who teaches a class: teachers and co-teachers."""
    section = get_object_or_404(Section.objects.visible_to(request.user).in_full(), public_id=public_id)
    posted = request.method == "POST"
    form = TeachersForm(request.POST if posted else None, section=section)
    status = 200
    if posted and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, f"The teachers of {section.high_school_course} are saved.")
            return redirect("articulations:section_teachers", public_id=public_id)
    elif posted:
        status = 422
    context = {
        "section": section,
        "form": form,
        "registered": Section.objects.registered([section.pk])[section.pk],
        "left": rules.left_of(section),
    }
    return render(request, "articulations/section_teachers.html", context, status=status)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedIn) -> HttpResponse:
    """Classes whose teachers have left, given to others: one by one, or all at once."""
    today = timezone.localdate()
    year = AcademicYear.objects.current()
    alone = Section.objects.within_reach(request.user, Role.CONSORTIUM).left_alone(today, year.first_year)
    page = HandOverPage(alone.for_rolling()[:100], request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        given = page.given()
        status = 422
        if given:
            try:
                number = page.hand_over(given, by=request.user)
            except Refused as refused:
                page.error, status = str(refused), 409
            else:
                messages.success(request, rules.handed_in_words(number))
                return redirect("articulations:hand_over")
    return render(request, "articulations/hand_over.html", {"page": page}, status=status)
