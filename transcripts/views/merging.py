"""Two records of one person: the log of merges, the preview of one, and its undo."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_roles
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from students.forms.fields import read_id
from students.models import Disclosure, Merge, Student
from students.views.disclosing import disclose
from transcripts import rules
from transcripts.forms import MergeForm, TwoRecordsForm, UndoMergeForm


@for_roles(*rules.MERGERS)
@require_safe
def merges(request: SignedIn) -> HttpResponse:
    """The log of merges within reach: which record into which, by whom, when and why, and which were undone."""
    page = page_of(Merge.objects.visible_to(request.user).listed(), request.GET.get("page", ""))
    disclose(request, Disclosure.What.TWINS, [student for one in page for student in one.records])
    return render(request, "transcripts/merges.html", {"page": page})


@for_roles(*rules.MERGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_merge(request: SignedIn) -> HttpResponse:
    """Two records by their IDs; then what a merge would do, before anything is done."""
    keys = [read_id(request.GET.get(name, "")) for name in ("stands", "gone")]
    if None in keys:
        ids = TwoRecordsForm(request.POST if request.method == "POST" else None, user=request.user)
        if ids.is_bound and ids.is_valid():
            return redirect(_preview(ids.cleaned_data["stands"], ids.cleaned_data["gone"]))
        status = 422 if ids.errors else 200
        return render(request, "transcripts/new_merge.html", {"form": ids}, status=status)
    seen = Student.objects.visible_to(request.user).in_full()
    stands, gone = (get_object_or_404(seen, public_id=key) for key in keys)
    disclose(request, Disclosure.What.TWINS, [stands, gone])
    form = MergeForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            merge = form.save(stands=stands, gone=gone, by=request.user)
            messages.success(request, "They are one record now. Mail tells both addresses.")
            return redirect("transcripts:merge", public_id=merge.public_id)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "transcripts/new_merge.html",
        {
            "form": form,
            "refusal": refusal,
            "preview": rules.preview_of(request.user, stands, gone),
            "other_way": _preview(gone, stands),
        },
        status=422 if form.errors else 409 if refusal else 200,
    )


def _preview(stands: Student, gone: Student) -> str:
    query = urlencode({"stands": str(stands.public_id), "gone": str(gone.public_id)})
    return f"{reverse('transcripts:new_merge')}?{query}"


@for_roles(*rules.MERGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One merge: what was merged, by whom and why; what an undo gives back and what stays; and the undo."""
    found = get_object_or_404(Merge.objects.visible_to(request.user).in_full(), public_id=public_id)
    disclose(request, Disclosure.What.TWINS, found.records)
    form = UndoMergeForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            form.undo(merge=found, by=request.user)
            messages.success(request, "The merge is undone. Both records stand for themselves again.")
            return redirect("transcripts:merge", public_id=public_id)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "transcripts/merge.html",
        {
            "merge": found,
            "form": form,
            "refusal": refusal,
            "undoing": rules.undoing_of(request.user, found),
        },
        status=422 if form.errors else 409 if refusal else 200,
    )
