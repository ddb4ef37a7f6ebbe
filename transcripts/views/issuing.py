"""The registrar's documents: what was issued, one of them, a new issue, a revocation, and what stops mail."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from organizations.models import College
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from sers.lib.seals import is_demo_certificate
from students.models import Disclosure
from students.rules import can_choose_paper, can_note_death
from students.views.disclosing import disclose
from transcripts import actions, rules
from transcripts.forms import PaperForm, Place, ReissueForm, RevokeForm
from transcripts.models import Transcript


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def issued(request: SignedIn) -> HttpResponse:
    """Every transcript a college has issued, with its letter; looked for by name, ID or college ID."""
    words = request.GET.get("words", "").strip()[:100]
    visible = Transcript.objects.visible_to(request.user)
    page = page_of((visible.named(words) if words else visible).listed(), request.GET.get("page", ""))
    disclose(request, Disclosure.What.TRANSCRIPT, [row["student_public_id"] for row in page.object_list])
    context = {
        "words": words,
        "page": page,
        "rows": rules.issued_rows(list(page.object_list)),
        "query": changed(request.GET, page=None),
        "colleges": College.objects.in_bulk(list(rules.colleges_of(request.user))).values(),
    }
    return render(request, "transcripts/issued.html", context)


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def document(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One transcript and its letter: what they say, how they stand, what can be done with them."""
    found = find(request, public_id)
    disclose(request, Disclosure.What.TRANSCRIPT, [found.student])
    may_issue = rules.can_issue(request.user, found.college_id)
    parked = rules.is_parked(found.reissue_key)
    context = {
        "transcript": found,
        "standing": rules.standing_of(found),
        "is_demo_seal": is_demo_certificate(found.certificate),
        "issues": Transcript.objects.visible_to(request.user).of(found.student).of_college(found.college),
        "may_issue": may_issue,
        "may_reissue": may_issue and rules.why_not_reissue(found) is None,
        "is_parked": found.waits_for_new_issue and parked,
        "may_try_again": may_issue and rules.why_not_try_reissue(found, parked=parked) is None,
        "may_revoke": may_issue and rules.why_not_revoke(found) is None,
        "pesc_version": settings.PESC_VERSION,
        "not_exported": rules.why_not_export(found),
        "pesc_check": ""
        if settings.PESC_SCHEMA_DIR
        else "It is checked for its structure only: PESC’s schema is not installed here.",
        "may_choose_paper": can_choose_paper(request.user, found.student),
    }
    return render(request, "transcripts/document.html", context)


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Issue a transcript and its letter anew, with a reason."""
    found = find(request, public_id)
    form = ReissueForm(request.POST if request.method == "POST" else None, transcript=found)
    done = "A new issue is being made. The student is told."
    refusal = rules.why_not_reissue(found, parked=rules.is_parked(found.reissue_key))
    return decide(request, found, form, refusal, "transcripts/reissue.html", done)


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Take a transcript and its letter back, for good, with a reason."""
    found = find(request, public_id)
    form = RevokeForm(request.POST if request.method == "POST" else None, transcript=found)
    done = "The transcript is revoked. Whoever checks it reads so; the student is told."
    return decide(request, found, form, rules.why_not_revoke(found), "transcripts/revoke.html", done)


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_ids(request: SignedIn) -> HttpResponse:
    """Transcripts issued without the college ID that stands now: whose, and all of them issued anew by one act."""
    place = Place(request.GET, user=request.user)
    refusal = None
    if request.method == "POST":
        if place.college is None:
            raise PermissionDenied("The registrar of the college issues its documents.")
        try:
            count = actions.issue_new_ids(college=place.college, by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(
                request, f"New issues asked for: {count:,}. The students are told as each is made."
            )
            return redirect("transcripts:issued")
    visible = Transcript.objects.visible_to(request.user)
    found = rules.with_another_id(visible.of_college(place.college) if place.college else visible.none())
    page = page_of(found.listed("sid_now"), request.GET.get("page", ""))
    disclose(request, Disclosure.What.TRANSCRIPT, [row["student_public_id"] for row in page.object_list])
    context = {"place": place, "page": page, "query": changed(request.GET, page=None), "refusal": refusal}
    return render(request, "transcripts/new_ids.html", context, status=409 if refusal else 200)


@for_roles(Role.REGISTRAR)
@require_POST
def retry_reissue(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Set a worker again to a new issue that was given up."""
    found = find(request, public_id)
    try:
        actions.try_reissue_again(transcript=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "A worker makes the new issue now. The student is told.")
    return redirect("transcripts:document", public_id)


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_facts(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What stops letters to a student: no paper is wanted, or the student has died."""
    found = find(request, public_id)
    form = PaperForm(
        request.POST if request.method == "POST" else None, student=found.student, user=request.user
    )
    if not can_choose_paper(request.user, found.student) and not can_note_death(request.user, found.student):
        raise PermissionDenied("This is for the registrar of the college and the State.")
    disclose(request, Disclosure.What.TRANSCRIPT, [found.student])
    if form.is_bound and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            form.add_error("died_on", str(refused))
        else:
            messages.success(request, "Saved. The next mailing goes by it.")
            return redirect("transcripts:document", public_id)
    context = {"transcript": found, "form": form}
    return render(request, "transcripts/paper_facts.html", context, status=422 if form.is_bound else 200)


def find(request: SignedIn, public_id: UUID) -> Any:
    """The transcript of this address, if this person may see it."""
    visible = Transcript.objects.visible_to(request.user).with_history()
    return get_object_or_404(visible, public_id=public_id)


def decide(
    request: SignedIn, found: Transcript, form: Any, refusal: Any, template: str, done: str
) -> HttpResponse:
    """A page that asks for a reason before something that cannot be undone; the rule may say no instead."""
    disclose(request, Disclosure.What.TRANSCRIPT, [found.student])
    if form.is_bound and refusal is None and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, done)
            return redirect("transcripts:document", found.public_id)
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, template, {"transcript": found, "form": form, "refusal": refusal}, status=status)
