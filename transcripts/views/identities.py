"""College IDs: those that stand, those a person must decide, and the sheets they come by."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose
from transcripts import actions, rules
from transcripts.forms import DecideForm, EnterSidForm, FindForm, Place, SheetForm
from transcripts.models import CollegeIdentity, IdentityConflict, SheetImport

#: The words of the search box stay in the session: names and IDs have no place in an address.
TERMS = "transcripts.identities"
#: What stands after a decision, by whether the ID is nobody's, and what can still be done.
DECIDED = {
    False: "Decided: {sid}. It can be undone under College IDs until it stands in a worksheet or on a document.",
    True: "Decided: {sid} is none of them. No sheet asks about these students again. If it is one of theirs after all, "
    "enter it under College IDs.",
}


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def identities(request: SignedIn) -> HttpResponse:
    """The college IDs of a college's students, the latest first; one can be entered by hand and undone."""
    place = Place(request.GET, user=request.user)
    here = f"{reverse('transcripts:identities')}?{place.query}"
    find = FindForm(request.POST if "find" in request.POST else {"words": request.session.get(TERMS, "")})
    if "find" in request.POST and find.is_valid():
        request.session[TERMS] = find.cleaned_data["words"]
        return redirect(here)
    sid_form, refusal = None, None
    if place.college is not None and place.may_act:
        sid_form = EnterSidForm(
            request.POST if request.method == "POST" and "find" not in request.POST else None,
            college=place.college,
            user=request.user,
        )
    elif request.method == "POST" and "find" not in request.POST:
        raise PermissionDenied("The registrar of the college enters its college IDs.")
    if sid_form is not None and sid_form.is_bound and sid_form.is_valid():
        try:
            sid_form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(
                request,
                "The college ID is entered. You can undo it until it stands in a worksheet or on a document.",
            )
            return redirect(here)
    words = find.cleaned_data["words"].strip() if find.is_valid() else ""
    visible = CollegeIdentity.objects.visible_to(request.user)
    found = rules.identities_of(visible, place.college, words)
    page = page_of(found.listed(), request.GET.get("page", ""))
    disclose(request, Disclosure.What.RUN, [row["student_public_id"] for row in page])
    return render(
        request,
        "transcripts/identities.html",
        {
            "place": place,
            "find": find,
            "form": sid_form if sid_form is not None and sid_form.errors else find,
            "enter": sid_form,
            "refusal": refusal,
            "words": words,
            "page": page,
            "figures": rules.identity_figures(place.college, place.year) if place.college else [],
            "query": changed(request.GET, page=None),
            "sources": CollegeIdentity.Source,
        },
        status=409 if refusal else 422 if find.errors or (sid_form is not None and sid_form.errors) else 200,
    )


@for_roles(Role.REGISTRAR)
@require_POST
def undo_identity(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Undo a college ID that is wrong."""
    identity = get_object_or_404(CollegeIdentity.objects.visible_to(request.user), public_id=public_id)
    try:
        actions.undo_identity(identity=identity, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The college ID is undone. The row stays in the list and says so.")
    return redirect("transcripts:identities")


@for_roles(Role.REGISTRAR, Role.STATE)
@require_safe
def conflicts(request: SignedIn) -> HttpResponse:
    """College IDs that wait for a person's decision, the oldest first; and what was decided, by whom."""
    place = Place(request.GET, user=request.user)
    visible = IdentityConflict.objects.visible_to(request.user)
    show_decided = request.GET.get("show") == "decided"
    rows = visible.decided().log() if show_decided else visible.open().listed()
    page = page_of(rows, request.GET.get("page", ""))
    if show_decided:
        disclose(
            request,
            Disclosure.What.RUN,
            [row["student_public_id"] for row in page if row["student_public_id"]],
        )
    return render(
        request,
        "transcripts/conflicts.html",
        {
            "place": place,
            "show_decided": show_decided,
            "page": page,
            "query": changed(request.GET, page=None),
        },
    )


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One college ID beside the students it may belong to; decided side by side."""
    found = get_object_or_404(
        IdentityConflict.objects.visible_to(request.user).in_full(), public_id=public_id
    )
    disclose(request, Disclosure.What.RUN, [one.student for one in found.candidates.all()])
    may_act = rules.can_keep_identities(request.user, found.college_id) and not found.decision
    form = DecideForm(request.POST if request.method == "POST" else None, conflict=found)
    refusal = None
    if form.is_bound:
        if not rules.can_keep_identities(request.user, found.college_id):
            raise PermissionDenied("The registrar of the college decides whose a college ID is.")
        if form.is_valid():
            try:
                form.save(by=request.user)
            except Refused as refused:
                refusal = refused.refusal
            else:
                messages.success(request, DECIDED[form.chosen is None].format(sid=found.sid))
                return redirect("transcripts:conflicts")
    return render(
        request,
        "transcripts/conflict.html",
        {
            "conflict": found,
            "sides": rules.sides_of(found),
            "form": form,
            "may_act": may_act,
            "refusal": refusal,
        },
        status=409 if refusal else 422 if form.errors else 200,
    )


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedIn) -> HttpResponse:
    """Hand in a sheet, with its columns documented; sheets handed in before."""
    place = Place(request.GET, user=request.user)
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        college=place.college,
    )
    if form.is_bound:
        if not place.may_act:
            raise PermissionDenied("The registrar of the college hands in its sheets.")
        if form.is_valid() and (kept := form.save(by=request.user)) is not None:
            return redirect("transcripts:sheet", kept.public_id)
    kind = request.POST.get("kind", request.GET.get("kind", ""))
    return render(
        request,
        "transcripts/imports.html",
        {
            "place": place,
            "form": form,
            "kind": kind,
            "documented": [(value, label, rules.COLUMNS[value]) for value, label in SheetImport.Kind.choices],
            "page": page_of(
                SheetImport.objects.visible_to(request.user).listed(), request.GET.get("page", "")
            ),
            "query": changed(request.GET, page=None),
        },
        status=422 if form.errors else 200,
    )


@for_roles(Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One sheet: what applying it would do, row by row; apply it whole, or drop it."""
    found = get_object_or_404(SheetImport.objects.visible_to(request.user).listed(), public_id=public_id)
    refusal = None
    if request.method == "POST":
        refusal = _decide_sheet(request, found)
        if refusal is None:
            return redirect("transcripts:sheet", public_id)
    look = rules.look_at(found) if found.is_waiting else rules.Look(())
    page = page_of(look.faults or look.shown, request.GET.get("page", ""))
    disclose(request, Disclosure.What.RUN, rules.students_of(page))
    return render(
        request,
        "transcripts/sheet.html",
        {
            "sheet": found,
            "look": look,
            "page": page,
            "refusal": refusal,
            "may_act": rules.can_keep_identities(request.user, found.college_id) and found.is_waiting,
        },
        status=409 if refusal else 200,
    )


def _decide_sheet(request: SignedIn, found: SheetImport) -> Any:
    """Apply or drop it; the refusal when a rule says no."""
    if not rules.can_keep_identities(request.user, found.college_id):
        raise PermissionDenied("The registrar of the college applies its sheets.")
    if request.POST.get("act") == "drop":
        actions.drop_import(sheet=found, by=request.user)
        messages.success(request, "The sheet is dropped. Nothing of it counts.")
        return None
    try:
        look = actions.apply_import(sheet=found, by=request.user)
    except Refused as refused:
        return refused.refusal
    messages.success(
        request, f"Applied: {look.added:,} new, {look.known:,} known already, {look.kept:,} to look at."
    )
    return None
