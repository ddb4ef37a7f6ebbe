"""Comments on a student in a class."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from grading.forms.comments import CommentsPage
from sers.lib.refusal import Refused
from students.models import Disclosure, Registration
from students.views.disclosing import disclose


@for_roles(Role.TEACHER, Role.COUNSELOR, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What programme staff and teachers have remarked on a student in a class; a correction keeps what it corrects."""
    registration = get_object_or_404(
        Registration.objects.visible_to(request.user).in_full(), public_id=public_id
    )
    disclose(request, Disclosure.What.GRADES, [registration.student])
    posted = request.method == "POST"
    page = CommentsPage(
        registration,
        request.user,
        corrects=(request.POST if posted else request.GET).get("corrects", ""),
        data=request.POST if posted else None,
    )
    if page.is_lost:
        raise Http404
    status = 200
    if posted:
        if page.form is None:
            raise PermissionDenied("Teachers of this class and the consortium write comments.")
        status = 422
        if page.form.is_valid():
            try:
                page.form.save(registration=registration, by=request.user)
            except Refused as refused:
                page.form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(
                    request,
                    "The comment is corrected. What stood before is kept."
                    if page.corrects
                    else "The comment is saved.",
                )
                return redirect("grading:comments", public_id=registration.public_id)
    return render(request, "grading/comments.html", {"page": page, "form": page.form}, status=status)
