"""Assignments: which classes a teacher has."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles, school_year_of
from grading.forms.assignments import AssignmentsPage


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD"])
def rosters(request: SignedIn) -> HttpResponse:
    """Assignments: the classes a teacher has in a school year, and what each still needs."""
    today = timezone.localdate()
    page = AssignmentsPage(
        request.user, on=today, first_year=read_year(request.GET.get("year"), school_year_of(today))
    )
    return render(request, "grading/rosters.html", {"page": page})


def read_year(typed: str | None, this: int) -> int:
    """The first calendar year of the school year chosen; this one when none was."""
    if not typed:
        return this
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
        raise Http404
    return int(typed)
