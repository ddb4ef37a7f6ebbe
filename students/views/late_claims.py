"""Late claims, as students make and follow them, and counselors for their students."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from sers.lib.refusal import Refused
from sers.lib.uploads import download
from students import actions
from students.forms.late_claims import ClaimPage, NewClaimPage
from students.models import ConsentText, Disclosure, LateClaim, Student
from students.views.disclosing import disclose, record_at


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: SignedIn) -> HttpResponse:
    """A student claims credit for a class of an earlier year, or after registration has closed."""
    return _new_claim(
        request, get_object_or_404(Student.objects.own(request.user)), "students/new_claim.html"
    )


@for_roles(Role.COUNSELOR)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_for(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A counselor begins a claim for a student of their school; it goes on when the student agrees."""
    student = record_at(Student.objects.within_reach(request.user, Role.COUNSELOR), public_id)
    disclose(request, Disclosure.What.PROFILE, [student])
    return _new_claim(request, student, "students/claim_for.html")


def _new_claim(request: SignedIn, student: Student, template: str) -> HttpResponse:
    posted = request.method == "POST"
    page = NewClaimPage(
        student,
        request.user,
        request.GET,
        request.POST if posted else None,
        request.FILES if posted else None,
        on=timezone.localdate(),
    )
    consent, language = ConsentText.objects.in_force(), get_language() or "en"
    if posted and page.form is not None and page.form.is_valid():
        claim = page.form.save(by=request.user, consent=consent, language=language)
        if claim is not None:
            messages.success(
                request, _("Claim {reference} is sent.").format(reference=claim.reference)
                if page.own
                else _("Claim {reference} waits for the student, who got a mail.").format(reference=claim.reference),
            )  # fmt: skip
            return redirect("students:claim", public_id=claim.public_id)
    status = 422 if page.form_with_errors is not None else 409 if posted else 200
    context = {"page": page, "student": student, "consent": consent.wording(language)}
    return render(request, template, context, status=status)


@for_roles(Role.STUDENT, Role.COUNSELOR)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One claim: where it is, what was asked and answered, and what the student or counselor may do now."""
    found = get_object_or_404(LateClaim.objects.visible_to(request.user).in_full(), public_id=public_id)
    disclose(request, Disclosure.What.GRADES, [found.student])
    posted = request.method == "POST"
    page = ClaimPage(found, request.user, request.POST if posted else None, request.FILES if posted else None)
    status = 200
    if posted:
        try:
            if "agree" in request.POST:
                actions.agree_to_claim(claim=found, by=request.user, language=get_language() or "en")
            elif "withdraw" in request.POST:
                actions.withdraw_claim(claim=found, by=request.user)
            elif page.form is None:
                raise Http404
            elif page.form.is_valid():
                page.form.save(claim=found, by=request.user)
            else:
                status = 422
        except Refused as refused:
            if refused.refusal.rule == "not_yours":
                raise PermissionDenied(str(refused)) from None
            messages.warning(request, str(refused))
        if status == 200:
            return redirect("students:claim", public_id=public_id)
    wording = ConsentText.objects.in_force().wording(get_language() or "en") if page.may_agree else None
    return render(request, "students/claim.html", {"page": page, "consent": wording}, status=status)


@for_roles(Role.STUDENT, Role.COUNSELOR, Role.REGISTRAR, Role.CONSORTIUM)
@require_safe
def claim_file(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A paper of a claim, as a download for those who may read the claim."""
    visible = LateClaim.objects.visible_to(request.user).in_full()
    found = get_object_or_404(visible.with_paper(public_id))
    disclose(request, Disclosure.What.GRADES, [found.student])
    paper = found.papers.get(public_id=public_id)
    return download(paper.path, name=paper.name, mime=paper.mime)
