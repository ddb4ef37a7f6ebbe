"""The screens of grading: which classes a teacher has, and the roster of one class."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, for_roles
from articulations.models import Section


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD"])
def rosters(request: HttpRequest) -> HttpResponse:
    """Assignments: the teacher's classes of a school year, and what each still needs."""
    return render(
        request, "grading/rosters.html", {"sections": Section.objects.visible_to(request.user)}
    )


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD"])
def roster(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Class Roster/Assign Grades: one class, its students and their grades."""
    section = get_object_or_404(Section.objects.visible_to(request.user), public_id=public_id)
    return render(request, "grading/roster.html", {"section": section})
