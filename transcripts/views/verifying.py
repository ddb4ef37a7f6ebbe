"""Anyone's check of a document: by its code, or by the file itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_anyone
from accounts.views import address_of
from articulations.models import AgreementDocument
from sers.lib.codes import read_code
from sers.lib.refusal import Refused
from sers.lib.seals import is_demo_certificate
from transcripts import rules
from transcripts.forms import CheckFileForm, VerifyForm
from transcripts.models import CreditAward, Transcript


@for_anyone("whoever holds a transcript may check that it is real")
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Check a document: the code is asked for, or the file; what a code opens is `verify_code`."""
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("transcripts:verify_code", form.cleaned_data["code"])
    context = {"form": form, "file_form": CheckFileForm()}
    return render(request, "transcripts/verify.html", context, status=422 if form.is_bound else 200)


@for_anyone("whoever holds a transcript may check that it is real")
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the document of this code must say, and whether it still counts. A code nobody has is not found."""
    typed = read_code(code)
    found = Transcript.objects.coded(typed).first()
    awards = (
        CreditAward.objects.at(found.student, found.college).standing_at(found.issued_at).with_classes()
        if found
        else ()
    )
    is_letter = found is not None and found.code != typed
    printed, added = rules.statements_on(found, is_letter=is_letter) if found else ((), ())
    context = {
        "transcript": found,
        "awards": awards,
        "printed": printed,
        "added": added,
        "is_letter": is_letter,
        "is_demo_seal": found is not None and is_demo_certificate(found.certificate),
    }
    if found is None and AgreementDocument.objects.coded(typed) is not None:
        return redirect("articulations:verify_agreement", typed)
    response = render(request, "transcripts/verify_code.html", context, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@for_anyone("whoever holds a transcript may check that it is real")
@never_cache
@require_POST
def check_file(request: HttpRequest) -> HttpResponse:
    """The file itself is checked: genuine, changed, replaced, revoked, or not ours. Nothing of it is kept."""
    form = CheckFileForm(request.POST, request.FILES)
    checked, refusal, status = None, None, 422
    if form.is_valid():
        try:
            checked, status = form.save(address=address_of(request)), 200
        except Refused as refused:
            refusal, status = refused.refusal, 429
    context = {"form": form, "checked": checked, "refusal": refusal}
    return render(request, "transcripts/check_file.html", context, status=status)
