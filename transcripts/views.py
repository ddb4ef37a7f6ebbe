"""Screens of transcription: the registrar's runs, the student's transcripts, and anyone's check of one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Role, for_anyone, for_roles
from transcripts import actions
from transcripts.models import Transcript, TranscriptionRun


@require_GET
@for_roles(Role.REGISTRAR, Role.STATE)
def runs(request: HttpRequest) -> HttpResponse:
    return render(request, "transcripts/runs.html")


@require_GET
@for_roles(Role.REGISTRAR, Role.STATE)
def run(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(TranscriptionRun.objects.visible_to(request.user), public_id=public_id)
    return render(request, "transcripts/run.html", {"run": found})


@require_POST
@for_roles(Role.REGISTRAR)
def stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(TranscriptionRun.objects.visible_to(request.user), public_id=public_id)
    actions.stop_run(run=found, by=request.user)
    return redirect("transcripts:run", public_id)


@require_POST
@for_roles(Role.REGISTRAR)
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(TranscriptionRun.objects.visible_to(request.user), public_id=public_id)
    actions.resume_run(run=found, by=request.user)
    return redirect("transcripts:run", public_id)


@require_GET
@for_roles(Role.STUDENT)
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "transcripts/mine.html")


@require_GET
@for_roles(Role.STUDENT, Role.REGISTRAR, Role.STATE)
def transcript(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(Transcript.objects.visible_to(request.user), public_id=public_id)
    return HttpResponse(bytes(found.file.pdf), content_type="application/pdf")


@require_GET
@for_anyone("whoever holds a transcript may check that it is real")
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "transcripts/verify.html")


@require_GET
@for_anyone("whoever holds a transcript may check that it is real")
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "transcripts/verify_code.html")
