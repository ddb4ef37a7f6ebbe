"""The screens of grading: which classes a teacher has, and the roster of one class."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles, school_year_of
from articulations.models import Section
from grading.forms.assignments import AssignmentsPage
from grading.forms.entries import RosterForm
from grading.forms.rosters import RosterPage
from grading.forms.words import saved_in_words
from grading.models import with_teachers
from sers.lib.refusal import Refused


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD"])
def rosters(request: SignedIn) -> HttpResponse:
    """Assignments: the classes a teacher has in a school year, and what each still needs."""
    today = timezone.localdate()
    page = AssignmentsPage(
        request.user, on=today, first_year=read_year(request.GET.get("year"), school_year_of(today))
    )
    return render(request, "grading/rosters.html", {"page": page})


@for_roles(Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Class Roster/Assign Grades: the students of a class; its teachers enter grades, others read them."""
    section = get_object_or_404(with_teachers(Section.objects.visible_to(request.user)), public_id=public_id)
    graded = request.GET.get("graded") == "1"
    chosen = read_class(request.GET.get("class"), public_id)
    if chosen != public_id:
        return redirect(roster_address(chosen, graded))
    if request.method == "POST":
        return save(request, section, graded)
    page = RosterPage(
        section, request.user, on=timezone.localdate(), graded=graded, opened=request.GET.get("open", "")
    )
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
            request, messages.SUCCESS if result.receipt else messages.INFO, saved_in_words(result)
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
    return render(request, "grading/roster.html", {"page": page}, status=status)


def roster_address(public_id: UUID, graded: bool) -> str:
    return reverse("grading:roster", args=[public_id]) + ("?graded=1" if graded else "")


def read_class(typed: str | None, this: UUID) -> UUID:
    """The class chosen at the top of a roster; this one when none was."""
    try:
        return UUID(typed) if typed else this
    except ValueError:
        raise Http404 from None


def read_year(typed: str | None, this: int) -> int:
    """The first calendar year of the school year chosen; this one when none was."""
    if not typed:
        return this
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
        raise Http404
    return int(typed)
