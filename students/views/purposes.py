"""The question that stands before students' records for people of the State."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from accounts.views.entering import own_page
from students.forms.purposes import PurposeForm
from students.models import StatedPurpose


@for_roles(Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: SignedIn) -> HttpResponse:
    """What students' records are read for today; then on to the page that would show one."""
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save(by=request.user)
        return redirect(own_page(request, request.GET.get("next", "")))
    context = {"form": form, "standing": StatedPurpose.objects.standing(request.user)}
    return render(request, "students/purpose.html", context, status=422 if form.is_bound else 200)
