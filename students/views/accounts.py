"""A student's account: made, and its address confirmed."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_anyone, for_roles, has_role
from accounts.views import address_of
from sers.lib.refusal import Refused
from students import actions
from students.forms.accounts import NewStudentForm
from students.models import Student


@for_anyone("a student has no account before this page")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create New SERS Account. The new person is signed in; nobody learns whether there was an account before."""
    form = NewStudentForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and not form.asks_about_address():
        try:
            student = form.save(address=address_of(request))
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            if student is not None and not request.user.is_authenticated:
                login(request, student.user)
            return redirect("students:created")
    return render(request, "students/new.html", {"form": form}, status=status)


@for_anyone("it says the same to everybody, whether an account was made or not")
@never_cache
@require_http_methods(["GET", "HEAD"])
def created(request: HttpRequest) -> HttpResponse:
    """Check your e-mail: the same words for a new person and for one who has an account."""
    return render(request, "students/created.html")


@for_anyone("the mailed link is opened on any device, signed in or not")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it changes nothing, because mail scanners open links; the button confirms."""
    if request.method == "POST" and actions.confirm_email(token=token) is not None:
        messages.success(request, "Your e-mail is confirmed.")
        return redirect("reports:home" if _is_staff(request) else "students:my_classes")
    is_open = actions.is_open_link(token)
    return render(request, "students/confirm.html", {"is_open": is_open}, status=200 if is_open else 404)


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not has_role(request.user, Role.STUDENT)


@for_roles(Role.STUDENT)
@require_http_methods(["POST"])
def send_link(request: SignedIn) -> HttpResponse:
    """Send the link that confirms the e-mail once more."""
    student = get_object_or_404(Student.objects.own(request.user))
    try:
        actions.send_link(student=student, by=request.user)
        messages.success(
            request, f"We sent a new link to {student.email}. Links sent before open nothing now."
        )
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("students:my_classes")
