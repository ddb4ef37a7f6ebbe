"""What is not on the record yet and why; and the student's own request."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refusal, Refused
from students.models import Disclosure, Registration, Student
from students.views.disclosing import disclose
from transcripts import actions, rules
from transcripts.forms import Place, RequestForm
from transcripts.models import SettledRepeat, TranscriptRequest


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_safe
def not_yet(request: SignedIn) -> HttpResponse:
    """Classes of a college and year that have no credit yet, each with its reason and who can act."""
    place = Place(request.GET, user=request.user)
    asked = request.GET.get("reason", "")
    reason = asked if asked in rules.Reason.values else ""
    found = (
        rules.not_yet(Registration.objects.visible_to(request.user), place.college, place.year, reason=reason)
        if place.college
        else rules.NotYet({}, ())
    )
    page = page_of(found.rows, request.GET.get("page", ""))
    disclose(request, Disclosure.What.RUN, [row.student_id for row in page])
    return render(
        request,
        "transcripts/not_yet.html",
        {
            "place": place,
            "found": found,
            "counts": [(one.value, one.label, count) for one, count in found.counts.items()],
            "reason": reason,
            "page": page,
            "query": changed(request.GET, page=None),
        },
    )


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_safe
def eligibility(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One class, rule by rule: what is asked, how it stands, who can act."""
    registration = get_object_or_404(
        Registration.objects.visible_to(request.user).in_full(), public_id=public_id
    )
    disclose(request, Disclosure.What.RUN, [registration.student])
    return render(
        request,
        "transcripts/eligibility.html",
        {
            "explained": rules.explained(registration, on=timezone.localdate(), reader=request.user),
            "registration": registration,
            "settled": SettledRepeat.objects.of(registration),
            "may_settle": rules.can_run_transcription(request.user, registration.college_id),
        },
    )


@for_roles(Role.REGISTRAR)
@require_POST
def settle_repeat(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The registrar says of a repeat that the earlier credit stands, or takes that back."""
    registration = get_object_or_404(
        Registration.objects.visible_to(request.user).select_related("college"), public_id=public_id
    )
    try:
        if "again" in request.POST:
            actions.reopen_repeat(registration=registration, by=request.user)
            said = "The class waits again. The next run looks at it."
        else:
            actions.settle_repeat(registration=registration, by=request.user)
            said = "The earlier credit stands. The class is off the lists."
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("transcripts:eligibility", public_id)


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: SignedIn) -> HttpResponse:
    """Request transcription: what a student's classes wait for, and asking where the college waits to be asked."""
    student = get_object_or_404(Student.objects.visible_to(request.user), user=request.user)
    credit = rules.open_credit(student, on=timezone.localdate())
    open_to = [one.registration for one in credit if one.may_ask]
    form = RequestForm(request.POST if request.method == "POST" and open_to else None, open_to=open_to)
    refusal = None
    if request.method == "POST" and not open_to:
        refusal = Refusal(
            "nothing_to_ask",
            _("No class of yours can be asked for now."),
            _("What each of them waits for stands below."),
        )
    elif form.is_bound and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(
                request, _("Your request is in. You can take it back until the college awards the credit.")
            )
            return redirect("transcripts:request")
    return render(
        request,
        "transcripts/request.html",
        {
            "form": form,
            "credit": credit,
            "can_ask": [one for one in credit if one.may_ask],
            "others": [one for one in credit if not one.may_ask],
            "refusal": refusal,
        },
        status=409 if refusal else 422 if form.errors else 200,
    )


@for_roles(Role.STUDENT)
@require_POST
def withdraw_request(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Take a request back, before the credit is awarded."""
    asked = get_object_or_404(TranscriptRequest.objects.visible_to(request.user), public_id=public_id)
    try:
        actions.withdraw_request(asked=asked, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your request is taken back. Nothing goes on your college record."))
    return redirect("transcripts:request")
