"""What a college's documents look like and say: its letterhead, and the words of its letters."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from organizations.models import College
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import actions, documents, rules
from transcripts.forms import LetterheadForm, WordingForm
from transcripts.models import Letterhead, LetterWording


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Name, address, phone, signer and logo of a college's documents."""
    college = own_college(request, public_id)
    head = Letterhead.objects.of(college)
    post = request.method == "POST"
    form = LetterheadForm(
        request.POST if post else None, request.FILES if post else None, college=college, letterhead=head
    )
    if form.is_bound and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            raise PermissionDenied(str(refused)) from None
        messages.success(request, "The letterhead is saved. Documents issued from now on carry it.")
        return redirect("transcripts:letterhead", public_id)
    context = {"college": college, "letterhead": head, "form": form, "languages": documents.LANGUAGES.items()}
    return render(request, "transcripts/letterhead.html", context, status=422 if form.is_bound else 200)


@for_roles(Role.REGISTRAR)
@require_safe
def logo(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The logo as documents show it."""
    head = Letterhead.objects.of(own_college(request, public_id))
    if head is None or not head.logo:
        raise Http404
    return HttpResponse(bytes(head.logo), content_type=head.LOGO_KIND)


@for_roles(Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What a college's letters say in one language: written, looked at with a real student's values, kept."""
    college = own_college(request, public_id)
    language = request.GET.get("language", documents.ENGLISH)
    if language not in documents.LANGUAGES:
        raise Http404
    latest = LetterWording.objects.latest_of(college, language)
    form = WordingForm(
        request.POST if request.method == "POST" else None, college=college, language=language, latest=latest
    )
    valid = form.is_bound and form.is_valid()
    if valid and "save" in request.POST:
        saved = form.save(by=request.user)
        messages.success(request, f"Version {saved.number} is saved. Letters written from now on say it.")
        return redirect(f"{request.path}?language={language}")
    words = form.words if valid else actions.words_of(latest, language)
    preview = actions.preview_letter(college=college, language=language, wording=words, by=request.user)
    disclose(request, Disclosure.What.TRANSCRIPT, preview["shown"])
    context = {
        "college": college,
        "language": language,
        "language_name": documents.LANGUAGES[language],
        "languages": documents.LANGUAGES.items(),
        "form": form,
        "fields": documents.FIELDS.items(),
        "latest": latest,
        "versions": LetterWording.objects.history_of(college, language),
        "preview": preview,
        "is_preview": valid,
    }
    status = 422 if form.is_bound and not valid else 200
    return render(request, "transcripts/wording.html", context, status=status)


def own_college(request: SignedIn, public_id: UUID) -> College:
    """The college of this address, if this person is its registrar."""
    return get_object_or_404(College, public_id=public_id, pk__in=rules.colleges_of(request.user))
