"""Search for Students, the profile of one, and the Registration History."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, for_roles
from students.models import Student

SEARCHERS = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)


@for_roles(*SEARCHERS)
@require_http_methods(["GET", "HEAD"])
def search(request: HttpRequest) -> HttpResponse:
    """Search for Students."""
    return render(request, "students/search.html")


@for_roles(Role.STUDENT, *SEARCHERS)
@require_http_methods(["GET", "HEAD"])
def student(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The profile of one student."""
    one = get_object_or_404(Student.objects.visible_to(request.user), public_id=public_id)
    return render(request, "students/student.html", {"student": one})


@for_roles(Role.STUDENT, *SEARCHERS)
@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Registration History."""
    one = get_object_or_404(Student.objects.visible_to(request.user), public_id=public_id)
    return render(request, "students/history.html", {"student": one})
