"""Grade Changes: asked for a class, followed and decided on a page of their own, listed for whoever is concerned."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from grading import rules
from grading.forms.changes import STATE_TAG, ChangePage, ChangesForm, NewChangeForm
from grading.models import GradeChange
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from sers.lib.uploads import download
from students.models import Disclosure, Registration
from students.views.disclosing import disclose

CONCERNED = (Role.STUDENT, Role.TEACHER, Role.COUNSELOR, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
DONE = {
    "confirm": gettext_lazy(
        "The Grade Change is confirmed. The consortium and the college have been asked to decide."
    ),
    "approve": gettext_lazy("The Grade Change is approved. The new grade stands."),
    "decline": gettext_lazy("The Grade Change is declined. The grade stays as it was."),
    "withdraw": gettext_lazy("The Grade Change is withdrawn. The grade stays as it was."),
}


@for_roles(*CONCERNED)
@require_safe
def changes(request: SignedIn) -> HttpResponse:
    """Grade Changes: those that wait for the person, those under way, those that are closed."""
    visible = GradeChange.objects.visible_to(request.user)
    waiting = rules.waiting_for(request.user, visible.open())
    show = ChangesForm(request.GET).chosen or ("waiting" if waiting.exists() else "open")
    found = {"waiting": waiting, "open": visible.open(), "closed": visible.closed()}[show]
    page = page_of(found.with_names().latest_first(), request.GET.get("page", ""))
    disclose(request, Disclosure.What.GRADES, [one.registration.student for one in page])
    context = {
        "show": show,
        "choices": ChangesForm.SHOWN,
        "page": page,
        "rows": [(change, STATE_TAG[GradeChange.State(change.state)]) for change in page.object_list],
        "query": changed(request.GET, page=None),
    }
    return render(request, "grading/changes.html", context)


@for_roles(Role.STUDENT, Role.TEACHER, Role.COUNSELOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_change(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Ask for a Grade Change: by the student, a teacher of the class, or a counselor for the student."""
    registration = get_object_or_404(
        Registration.objects.visible_to(request.user).in_full(), public_id=public_id
    )
    asked_as = rules.asks_change_as(request.user, registration)
    if asked_as is None:
        raise PermissionDenied(
            _("The student, a teacher of the class or a counselor asks for a Grade Change.")
        )
    disclose(request, Disclosure.What.GRADES, [registration.student])
    refusal = rules.why_not_ask_change_now(registration, timezone.localdate())
    posted = request.method == "POST"
    form = NewChangeForm(
        request.POST if posted else None, request.FILES if posted else None, asked_as=asked_as
    )
    if posted and refusal is None and form.is_valid():
        try:
            change = form.save(registration=registration, by=request.user)
        except Refused as refused:
            form.add_error("wanted" if refused.refusal.rule in FIELD else None, str(refused))
        else:
            messages.success(
                request,
                _("Grade Change {reference} is asked for. Follow it here.").format(
                    reference=change.reference
                ),
            )
            return redirect("grading:change", public_id=change.public_id)
    context = {
        "registration": registration,
        "own": asked_as == Role.STUDENT,
        "form": form,
        "refusal": refusal,
        "under_way": registration.grade_changes.open().first(),
        "grade": rules.current_grade(registration),
    }
    status = 409 if posted and refusal else 422 if posted and form.errors else 200
    return render(request, "grading/new_change.html", context, status=status)


#: Refusals that are about the grade that was typed.
FIELD = ("same_grade", "percent")


@for_roles(*CONCERNED)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One Grade Change: where it is, its trail, and what the person may do with it now."""
    found = get_object_or_404(GradeChange.objects.visible_to(request.user).with_names(), public_id=public_id)
    disclose(request, Disclosure.What.GRADES, [found.registration.student])
    if request.method == "POST":
        return act(request, found)
    return render(request, "grading/change.html", page_context(ChangePage(found, request.user)))


def act(request: SignedIn, found: GradeChange) -> HttpResponse:
    """Confirm, approve, decline or withdraw; who comes second is told what stands."""
    chosen = request.POST.get("chosen", "")
    if chosen not in DONE:
        raise Http404
    page = ChangePage(found, request.user, act=chosen, data=request.POST)
    form = page.sent
    refusal = None
    if form is not None and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
            if refusal.rule in FIELD and "grade" in form.fields:
                form.add_error("grade", refusal.message.rstrip("."))
                return render(request, "grading/change.html", page_context(page), status=422)
        else:
            messages.success(request, DONE[chosen])
            return redirect("grading:change", public_id=found.public_id)
    if refusal is None:
        return render(request, "grading/change.html", page_context(page), status=422)
    if refusal.rule in ("not_teacher", "not_college_side", "not_yours", "not_asker", "same_person"):
        raise PermissionDenied(str(refusal))
    fresh = get_object_or_404(
        GradeChange.objects.visible_to(request.user).with_names(), public_id=found.public_id
    )
    context = page_context(ChangePage(fresh, request.user)) | {"refusal": refusal}
    return render(request, "grading/change.html", context, status=409)


def page_context(page: ChangePage) -> dict[str, Any]:
    return {"page": page, "form": page.sent, "refusal": None}


@for_roles(*CONCERNED)
@require_safe
def change_file(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The paper handed in with a Grade Change, as a download for those who may read the change."""
    found = get_object_or_404(
        GradeChange.objects.visible_to(request.user).select_related("file", "registration__student__school"),
        public_id=public_id,
    )
    if not hasattr(found, "file"):
        raise Http404
    disclose(request, Disclosure.What.GRADES, [found.registration.student])
    return download(found.file.path, name=found.file.name, mime=found.file.mime)
