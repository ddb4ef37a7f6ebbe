"""What a student does: register for classes, follow them, change the teacher, withdraw."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, for_roles
from students.models import Registration

READERS = (
    Role.STUDENT, Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def register(request: HttpRequest) -> HttpResponse:
    """Register for Classes."""
    return render(request, "students/register.html")


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def choose(request: HttpRequest) -> HttpResponse:
    """Teacher and college of each class."""
    return render(request, "students/choose.html")


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def my_classes(request: HttpRequest) -> HttpResponse:
    """The student's home."""
    return render(request, "students/my_classes.html")


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD"])
def registration(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One registration."""
    one = get_object_or_404(Registration.objects.visible_to(request.user), public_id=public_id)
    return render(request, "students/registration.html", {"registration": one})


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def change_teacher(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change teacher."""
    one = get_object_or_404(Registration.objects.visible_to(request.user), public_id=public_id)
    return render(request, "students/change_teacher.html", {"registration": one})


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Withdraw from a class."""
    one = get_object_or_404(Registration.objects.visible_to(request.user), public_id=public_id)
    return render(request, "students/withdraw.html", {"registration": one})
