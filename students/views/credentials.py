"""Industry credentials the students of a class earned."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import SignedIn, for_roles
from articulations.models import Section
from students.forms.credentials import CredentialsPage
from students.models import Disclosure
from students.rules.credentials import READS_CREDENTIALS
from students.views.disclosing import disclose


@for_roles(*READS_CREDENTIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def credentials(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The industry credentials of a class: record which students earned one, take back what was recorded in error."""
    visible = Section.objects.within_reach(request.user, *READS_CREDENTIALS).in_full()
    section = get_object_or_404(visible, public_id=public_id)
    posted = request.method == "POST"
    recording = posted and "take_back" not in request.POST
    page = CredentialsPage(
        section,
        request.user,
        request.POST if recording else None,
        take_back=(request.POST if posted else request.GET).get("take_back", ""),
    )
    here = reverse("students:credentials", args=[public_id])
    status = 200
    if posted and not page.may_record:
        raise PermissionDenied(
            "The teachers of this class, its school, district and consortium record its credentials."
        )
    if recording and "tick_all" in request.POST:
        page.tick_all()
    elif recording:
        if receipt := page.record():
            return redirect(f"{here}?receipt=R-{receipt}")
        status = 409 if page.problems else 422
    elif posted:
        if taken := page.take_back(request.POST.get("reason", "")):
            name = taken.registration.student.name
            messages.success(request, f"{taken.credential} of {name} is taken back. Both entries are kept.")
            return redirect("students:credentials", public_id=public_id)
        status = 422
    disclose(request, Disclosure.What.CREDENTIALS, page.whose)
    context = {"page": page, "section": section, "told": page.told(request.GET.get("receipt", ""))}
    return render(request, "students/credentials.html", context, status=status)
