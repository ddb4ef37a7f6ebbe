"""Letters on paper: what is still to be mailed, one mailing, its file, and the day it was mailed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from sers.lib.attachments import PDF, attachment
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import actions, rules
from transcripts.forms import MailedForm, StartMailingForm
from transcripts.models import PaperMailing

#: Letters that changed since the file was made are named up to so many; the number says how many there are.
MOST_CHANGED = 50


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def mailings(request: SignedIn) -> HttpResponse:
    """What is to be mailed by when and how much of it is left; a mailing is started; those there are."""
    if request.method == "POST":
        if not has_role(request.user, Role.REGISTRAR):
            raise PermissionDenied("The registrar of the college starts its mailings.")
        form = StartMailingForm(request.POST, user=request.user)
        if not form.is_valid():
            return render(request, "transcripts/mailings.html", mailings_context(request, form), status=422)
        try:
            begun = form.save(by=request.user)
        except Refused as refused:
            context = mailings_context(request) | {"refusal": refused.refusal}
            return render(request, "transcripts/mailings.html", context, status=409)
        messages.success(request, "The letters are being put together.")
        return redirect("transcripts:mailing", begun.public_id)
    return render(request, "transcripts/mailings.html", mailings_context(request))


def mailings_context(request: SignedIn, form: Any = None) -> dict[str, Any]:
    """What the page of mailings shows whatever is done on it."""
    visible = PaperMailing.objects.visible_to(request.user)
    page = page_of(visible.listed(), request.GET.get("page", ""))
    return {
        "form": form,
        "is_registrar": has_role(request.user, Role.REGISTRAR),
        "deadlines": rules.deadlines(rules.colleges_of(request.user), on=timezone.localdate()),
        "page": page,
        "stopped": rules.parked_mailings(page.object_list),
        "query": changed(request.GET, page=None),
        "refusal": None,
    }


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def mailing(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One mailing: how far it is, what it holds, whom it leaves out and who can mend that."""
    return render(request, "transcripts/mailing.html", mailing_context(request, find(request, public_id)))


def mailing_context(request: SignedIn, found: PaperMailing, form: Any = None) -> dict[str, Any]:
    """What the page of one mailing shows."""
    page = page_of(found.items.out().listed(), request.GET.get("page", ""))
    disclose(
        request,
        Disclosure.What.TRANSCRIPT,
        [row["student_public_id"] for row in page.object_list],
    )
    may_act = rules.can_issue(request.user, found.college_id)
    parked = rules.is_parked(found.job_key)
    changed_since = (
        found.items.changed_since() if found.state == PaperMailing.State.READY else found.items.none()
    )
    first = list(changed_since.with_people()[:MOST_CHANGED])
    disclose(request, Disclosure.What.TRANSCRIPT, [one.transcript.student for one in first])
    return {
        "mailing": found,
        "progress": rules.mailing_progress(found),
        "page": page,
        "rows": [rules.left_out_row(row) for row in page.object_list],
        "query": changed(request.GET, page=None),
        "may_act": may_act,
        "stopped": found.state == PaperMailing.State.PREPARING and parked,
        "may_make_again": may_act and rules.why_not_make_again(found, parked=parked) is None,
        "changed": [rules.changed_row(one) for one in first],
        "changed_count": changed_since.count(),
        "form": form or (MailedForm(mailing=found) if may_act and found.state == "ready" else None),
    }


@for_roles(Role.REGISTRAR)
@require_POST
def remake_mailing(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Make a file anew by what stands now, or set the workers again to one they gave up."""
    found = find(request, public_id)
    try:
        actions.make_mailing_again(mailing=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The letters are being put together.")
    return redirect("transcripts:mailing", public_id)


@for_roles(Role.REGISTRAR)
@never_cache
@require_POST
def mailing_file(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The print-ready file; who takes it is written down."""
    found = find(request, public_id)
    file = getattr(found, "file", None)
    if file is None:
        raise Http404
    try:
        actions.note_file_taken(mailing=found, by=request.user, session=request.session.session_key)
    except Refused as refused:
        raise PermissionDenied(str(refused)) from refused
    return attachment(bytes(file.pdf), name=found.file_name, mime=PDF)


@for_roles(Role.REGISTRAR)
@require_POST
def mark_mailed(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The day a mailing went to the post office."""
    found = find(request, public_id)
    form = MailedForm(request.POST, mailing=found)
    if form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            form.add_error("on", str(refused))
        else:
            messages.success(request, "Marked as mailed.")
            return redirect("transcripts:mailing", public_id)
    context = mailing_context(request, found, form)
    return render(request, "transcripts/mailing.html", context, status=422)


def find(request: SignedIn, public_id: UUID) -> Any:
    """The mailing of this address, if this person may see it."""
    return get_object_or_404(PaperMailing.objects.visible_to(request.user).with_names(), public_id=public_id)
