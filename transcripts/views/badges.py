"""Open Badges: the student's own, and what a verifier of one asks for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_anyone, for_roles
from organizations.models import College
from sers.lib.attachments import attachment
from sers.lib.refusal import Refused
from students.models import Student
from transcripts import rules
from transcripts.documents.badges import did_document, status_list
from transcripts.forms import BadgeForm
from transcripts.models import Badge, CreditAward


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def badges(request: SignedIn) -> HttpResponse:
    """A student's courses, each with its badge or the wish for one; a badge is taken back here too."""
    student = get_object_or_404(Student.objects.own(request.user))
    awards = CreditAward.objects.visible_to(request.user).of(student).standing()
    held = Badge.objects.visible_to(request.user).of(student)
    form = BadgeForm(request.POST if request.method == "POST" else None, awards=awards, badges=held)
    if form.is_bound and form.is_valid():
        try:
            done = form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The badge is ready to download.") if done else _("The badge is taken back.")
            )
            return redirect("transcripts:badges")
    context = {"courses": rules.with_badges(awards.with_classes(), held), "form": form}
    return render(request, "transcripts/badges.html", context, status=422 if form.is_bound else 200)


@for_roles(Role.STUDENT)
@never_cache
@require_safe
def badge(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The signed credential, to keep and to hand to a wallet."""
    found = get_object_or_404(Badge.objects.visible_to(request.user), public_id=public_id)
    return attachment(found.credential, name="badge.jwt", mime="application/vc+jwt")


@for_anyone("whoever checks a badge needs the keys of its college")
@cache_control(public=True, max_age=3600)
@require_safe
def issuer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The DID document of a college: the public keys its badges are signed with."""
    college = get_object_or_404(College, public_id=public_id)
    return JsonResponse(did_document(college), content_type="application/did+json")


@for_anyone("whoever checks a badge asks whether it was taken back")
@cache_control(public=True, max_age=300)
@require_safe
def badge_status(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list of a college's revoked badges, signed; one bit each, so that nobody asks for a single one."""
    college = get_object_or_404(College, public_id=public_id)
    places = Badge.objects.revoked(college).values_list("status_place", flat=True)
    return HttpResponse(status_list(college, places), content_type="application/vc+jwt")
