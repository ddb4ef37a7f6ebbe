"""The roster of one class: what its teachers type, keep and save, and what others read."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Role, SignedIn, for_roles, kept_for_later
from articulations.models import Section
from grading import rules
from grading.actions import discard_draft
from grading.forms.entries import DraftForm, RosterForm, keep_for_typist
from grading.forms.rosters import RosterPage
from grading.forms.words import saved_in_words
from grading.models import with_head
from sers.lib.moments import time_of_day
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose

READERS = (
    Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip


def the_class(request: SignedIn, public_id: UUID) -> Section:
    """The class with what the head of its roster tells, if this person may see it."""
    sections = with_head(Section.objects.visible_to(request.user), request.user)
    section: Section = get_object_or_404(sections, public_id=public_id)
    return section


@kept_for_later(keep_for_typist)
@for_roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Class Roster/Assign Grades: the students of a class; its teachers enter grades, others read them."""
    section = the_class(request, public_id)
    graded = request.GET.get("graded") == "1"
    chosen = read_class(request.GET.get("class"), public_id)
    if chosen != public_id:
        return redirect(roster_address(chosen, graded))
    if request.method == "POST":
        return save(request, section, graded)
    page = RosterPage(
        section,
        request.user,
        on=timezone.localdate(),
        graded=graded,
        opened=request.GET.get("open", ""),
        told=request.GET.get("history", ""),
    )
    disclose(request, Disclosure.What.ROSTER, page.students_shown)
    return render(request, "grading/roster.html", {"page": page})


def save(request: SignedIn, section: Section, graded: bool) -> HttpResponse:
    """Save Changes: back to the roster with a receipt, or the same page where rows wait for the person."""
    form = RosterForm(request.POST)
    result, refusal, status = None, None, 422
    try:
        result = form.save(section=section, by=request.user)
    except Refused as refused:
        if refused.refusal.rule == "not_teacher":
            raise PermissionDenied(str(refused)) from None
        refusal, status = refused.refusal, 409
    if result is not None and result.is_clean:
        messages.add_message(
            request,
            messages.SUCCESS if result.receipt else messages.INFO,
            saved_in_words(result, receipts=reverse("grading:receipts", args=[section.public_id])),
        )
        return redirect(roster_address(section.public_id, graded))
    page = RosterPage(
        section,
        request.user,
        on=timezone.localdate(),
        graded=graded,
        form=form,
        result=result,
        refusal=refusal,
    )
    disclose(request, Disclosure.What.ROSTER, page.students_shown)
    return render(request, "grading/roster.html", {"page": page}, status=status)


@kept_for_later(keep_for_typist)
@for_roles(Role.TEACHER)
@require_POST
def draft(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Keep what is typed on a roster and not saved, or discard it; only the person who typed it reads it again."""
    section = the_class(request, public_id)
    if not rules.can_grade(request.user, section):
        raise PermissionDenied("Only the teachers of this class enter its grades.")
    if request.POST.get("discard"):
        discard_draft(section=section, by=request.user)
        messages.info(request, "Your unsaved changes are discarded. What was saved before stands.")
        return redirect(roster_address(section.public_id, request.GET.get("graded") == "1"))
    kept = DraftForm(request.POST).keep(section=section, by=request.user)
    return JsonResponse({"kept": time_of_day(kept) if kept else ""})


def roster_address(public_id: UUID, graded: bool) -> str:
    return reverse("grading:roster", args=[public_id]) + ("?graded=1" if graded else "")


def read_class(typed: str | None, this: UUID) -> UUID:
    """The class chosen at the top of a roster; this one when none was."""
    try:
        return UUID(typed) if typed else this
    except ValueError:
        raise Http404 from None
