"""A student's credit and transcripts, and anyone's check of one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Role, SignedIn, for_anyone, for_roles
from students.models import Disclosure, Student
from students.views.disclosing import disclose
from transcripts import rules
from transcripts.forms import VerifyForm
from transcripts.models import CreditAward, Transcript


@for_roles(Role.STUDENT)
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """A student's college credit and transcripts, college by college."""
    student = get_object_or_404(Student.objects.visible_to(request.user), user=request.user)
    colleges = rules.credit_by_college(
        CreditAward.objects.visible_to(request.user).of(student).standing().with_classes(),
        Transcript.objects.visible_to(request.user).of(student),
    )
    return render(request, "transcripts/mine.html", {"colleges": colleges})


@for_roles(Role.STUDENT, Role.REGISTRAR, Role.STATE)
@never_cache
@require_safe
def transcript(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The PDF, to keep."""
    found = get_object_or_404(Transcript.objects.visible_to(request.user).with_file(), public_id=public_id)
    disclose(request, Disclosure.What.TRANSCRIPT, [found.student])
    response = HttpResponse(bytes(found.file.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return response


@for_anyone("whoever holds a transcript may check that it is real")
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Check a transcript: the code is asked for; what it opens is `verify_code`."""
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("transcripts:verify_code", form.cleaned_data["code"])
    return render(request, "transcripts/verify.html", {"form": form}, status=422 if form.is_bound else 200)


@for_anyone("whoever holds a transcript may check that it is real")
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the transcript of this code must say, and whether it still counts. A code nobody has is not found."""
    found = Transcript.objects.coded(rules.read_code(code)).first()
    awards = (
        CreditAward.objects.at(found.student, found.college).standing_at(found.issued_at).with_classes()
        if found
        else ()
    )
    response = render(
        request,
        "transcripts/verify_code.html",
        {"transcript": found, "awards": awards},
        status=200 if found else 404,
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
