"""Who was refused an amendment adds a statement to the record."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from students.models import Amendment, Disclosure
from students.rules import is_own
from students.rules.amendments import why_not_state
from students.rules.inspections import ANSWERERS
from students.views.disclosing import disclose
from transcripts.forms.stating import StatementForm


@for_roles(Role.STUDENT, *ANSWERERS)
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One statement, which goes with the contested item from then on; the transcripts that tell it are issued anew."""
    found = get_object_or_404(Amendment.objects.visible_to(request.user).in_full(), public_id=public_id)
    refusal = why_not_state(found, request.user, on=timezone.localdate())
    if refusal is not None:
        raise PermissionDenied(str(refusal))
    disclose(request, Disclosure.What.GRADES, [found.student])
    form = StatementForm(request.POST if request.method == "POST" else None, amendment=found)
    own = is_own(request.user, found.student)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user):
        messages.success(request, _("The statement is in the record. It goes with it from now on."))
        return redirect("students:amendment", public_id=public_id)
    context = {"form": form, "amendment": found, "own": own}
    return render(request, "transcripts/statement.html", context, status=422 if form.errors else 200)
