"""Records for other colleges: PESC XML to take, and the Acknowledgment that comes back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Role, SignedIn, for_roles
from sers.lib.attachments import ZIP, attachment
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import actions
from transcripts.forms import AcknowledgmentForm
from transcripts.models import Transcript, TranscriptionRun


@for_roles(Role.REGISTRAR)
@never_cache
@require_POST
def pesc(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One transcript as PESC XML; who takes it is written down."""
    visible = Transcript.objects.visible_to(request.user).with_history()
    found = get_object_or_404(visible, public_id=public_id)
    try:
        xml = actions.export_pesc(transcript=found, by=request.user, session=request.session.session_key)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("transcripts:document", public_id)
    return attachment(xml, name=f"transcript-{found.code}.xml", mime="application/xml")


@for_roles(Role.REGISTRAR)
@never_cache
@require_POST
def pesc_batch(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Every transcript of a run as PESC XML in one ZIP file; who takes it is written down."""
    visible = TranscriptionRun.objects.visible_to(request.user).with_names()
    found = get_object_or_404(visible, public_id=public_id)
    try:
        batch = actions.export_pesc_of_run(run=found, by=request.user, session=request.session.session_key)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("transcripts:run", public_id)
    return attachment(batch, name=f"transcripts-{found.year}.zip", mime=ZIP)


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Hand in the Acknowledgment of the college that got the XML."""
    visible = Transcript.objects.visible_to(request.user).with_history()
    found = get_object_or_404(visible, public_id=public_id)
    disclose(request, Disclosure.What.TRANSCRIPT, [found.student])
    form = AcknowledgmentForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        try:
            form.save(transcript=found, by=request.user)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, "The Acknowledgment is kept.")
            return redirect("transcripts:document", public_id)
    context = {"transcript": found, "form": form}
    return render(request, "transcripts/acknowledge.html", context, status=422 if form.is_bound else 200)
