"""Forms and fees: what is still Pending in a consortium."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, for_roles


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD"])
def requirements(request: HttpRequest) -> HttpResponse:
    """The queue of pending Fees/Req."""
    return render(request, "students/requirements.html")
