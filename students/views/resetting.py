"""Reset Account, pressed by staff for a student."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import SignedIn, for_roles
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Disclosure, Student
from students.views.disclosing import disclose, record_at


@for_roles(*rules.RESETTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reset_account(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Ask before an account is reset: whose, where the letter goes, what happens; then what happened, what is next.

    Where the address was never confirmed, the link that confirms it is sent from here instead.
    """
    reached = Student.objects.within_reach(request.user, *rules.RESETTERS)
    one = record_at(reached, public_id)
    disclose(request, Disclosure.What.PROFILE, [one])
    refusal, status = None, 200
    if request.method == "POST":
        try:
            if request.POST.get("act") == "confirm":
                actions.send_link(student=one, by=request.user)
                messages.success(request, f"The link that confirms the e-mail was mailed to {one.name}.")
            else:
                actions.reset_account(student=one, by=request.user)
                messages.success(request, f"A link was mailed to {one.name}.")
            return redirect("students:reset_account", public_id=public_id)
        except Refused as refused:
            refusal, status = refused.refusal, 429 if refused.refusal.rule == "too_many_tries" else 409
    now = timezone.now()
    standing = rules.reset_standing(one, now)
    change = rules.newest_change(one)
    return render(
        request,
        "students/reset_account.html",
        {
            "student": one,
            "standing": standing,
            "refusal": refusal or standing.refusal,
            "decide": change if rules.offers_decision(request.user, change, one, now) else None,
            "changed_by": change.by.name if change and rules.is_held(change, now) else "",
        },
        status=status,
    )
