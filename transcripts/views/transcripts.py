"""A student's credit, transcripts and letters, and their files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from sers.lib.attachments import PDF, attachment
from sers.lib.refusal import Refused
from students.actions import choose_paper
from students.models import Disclosure, Student
from students.views.disclosing import disclose
from transcripts import rules
from transcripts.models import CreditAward, Letter, Transcript


@for_roles(Role.STUDENT)
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """A student's college credit: what it is worth, where it counts, how to use it; every document with its code."""
    student = get_object_or_404(Student.objects.own(request.user))
    colleges = rules.credit_by_college(
        CreditAward.objects.visible_to(request.user).of(student).standing().with_classes(),
        Transcript.objects.visible_to(request.user).of(student),
        rates=rules.tuition_rates(student),
    )
    context = {"student": student, "colleges": colleges, "sum": rules.sum_of(colleges)}
    return render(request, "transcripts/mine.html", context)


@for_roles(Role.STUDENT)
@require_POST
def paper(request: SignedIn) -> HttpResponse:
    """The student says whether letters come on paper."""
    student = get_object_or_404(Student.objects.own(request.user))
    wanted = request.POST.get("wanted") == "yes"
    try:
        choose_paper(student=student, wanted=wanted, by=request.user)
    except Refused as refused:
        raise PermissionDenied(str(refused)) from None
    messages.success(
        request,
        _("Your letters come by mail to the address on your record.")
        if wanted
        else _("No more letters on paper. You find them here."),
    )
    return redirect("transcripts:mine")


@for_roles(Role.STUDENT, Role.REGISTRAR, Role.STATE)
@never_cache
@require_safe
def transcript(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The PDF of a transcript, to keep."""
    found = get_object_or_404(Transcript.objects.visible_to(request.user).with_file(), public_id=public_id)
    disclose(request, Disclosure.What.TRANSCRIPT, [found.student])
    return pdf_of(found)


@for_roles(Role.STUDENT, Role.REGISTRAR, Role.STATE)
@never_cache
@require_safe
def letter(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The PDF of the letter that goes with a transcript, to keep."""
    found = get_object_or_404(
        Letter.objects.visible_to(request.user).with_file(), transcript__public_id=public_id
    )
    disclose(request, Disclosure.What.TRANSCRIPT, [found.transcript.student])
    return pdf_of(found)


def pdf_of(document: Any) -> HttpResponse:
    """A document's file as a download, never a page."""
    return attachment(bytes(document.file.pdf), name=document.file_name, mime=PDF)
