"""Addresses that staff changed, decided by a second person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_roles
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Disclosure
from students.views.disclosing import disclose


@for_roles(*rules.KEEPERS)
@require_safe
def addresses(request: SignedIn) -> HttpResponse:
    """Changed e-mails within one's reach that wait for a second person."""
    waiting = rules.changes_to_decide(request.user, timezone.now())
    page = page_of(waiting, request.GET.get("page", ""))
    disclose(request, Disclosure.What.SEARCH, [change.user.student for change in page])
    return render(request, "students/addresses.html", {"page": page})


@for_roles(*rules.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One changed e-mail: from what to what, by whom; approve it or refuse it."""
    now = timezone.now()
    change = get_object_or_404(rules.changes_to_decide(request.user, now), public_id=public_id)
    student = change.user.student
    disclose(request, Disclosure.What.PROFILE, [student])
    refusal = rules.why_not_decide_address(change, request.user, now)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "refuse":
                actions.refuse_address(change=change, by=request.user)
                messages.success(
                    request, f"The e-mail of {student.name} stays as it was. The student is told."
                )
            else:
                actions.approve_address(change=change, by=request.user)
                messages.success(request, f"The new e-mail of {student.name} is approved.")
            return redirect("students:student", public_id=student.public_id)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "students/address.html",
        {"change": change, "student": student, "refusal": refusal, "until": rules.held_until(change)},
        status=409 if refusal and request.method == "POST" else 200,
    )
