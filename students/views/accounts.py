"""A student's account: made, and its address confirmed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, for_anyone, for_roles
from students import actions


@for_anyone("a student has no account before this page")
@require_http_methods(["GET", "HEAD"])
def new(request: HttpRequest) -> HttpResponse:
    """Create New SERS Account."""
    return render(request, "students/new.html")


@for_anyone("it says the same to everybody, whether an account was made or not")
@require_http_methods(["GET", "HEAD"])
def created(request: HttpRequest) -> HttpResponse:
    """Check your e-mail: the same words for a new person and for one who has an account."""
    return render(request, "students/created.html")


@for_anyone("the mailed link is opened on any device, signed in or not")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it changes nothing, because mail scanners open links; the button confirms."""
    if request.method == "POST" and actions.confirm_email(token=token) is not None:
        return redirect("students:my_classes")
    return render(request, "students/confirm.html")


@for_roles(Role.STUDENT)
@require_http_methods(["POST"])
def send_link(request: HttpRequest) -> HttpResponse:
    """Send the link that confirms the e-mail once more."""
    return redirect("students:my_classes")
