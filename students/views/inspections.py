"""Rights in a record: a student asks to inspect it, staff write down what came by letter, and answer."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from students import actions
from students.forms.inspections import EnterInspectionForm, InspectionPage, NewInspectionForm
from students.models import Amendment, Disclosure, Inspection, Student, YearlyNotice
from students.rules import inspections as law
from students.rules.amendments import TAGS
from students.views.disclosing import disclose, record_at

#: The lists of the work list.
SHOWS: Final = ("open", "over")


@for_roles(Role.STUDENT)
@require_safe
def rights(request: SignedIn) -> HttpResponse:
    """What rights a student has in their record, and what they have asked for."""
    student = get_object_or_404(Student.objects.own(request.user))
    today = timezone.localdate()
    asked = Inspection.objects.visible_to(request.user).of(student).latest_first()
    return render(
        request,
        "students/rights.html",
        {
            "student": student,
            "rows": [(one, law.due_in(one, today)) for one in asked],
            "amendments": [
                (one, TAGS[Amendment.State(one.state)])
                for one in Amendment.objects.visible_to(request.user).of(student).latest_first()
            ],
            "told": YearlyNotice.objects.visible_to(request.user).of(student).latest_first(),
        },
    )


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_inspection(request: SignedIn) -> HttpResponse:
    """A student asks to see their record, and to have it explained."""
    student = get_object_or_404(Student.objects.own(request.user))
    form = NewInspectionForm(request.POST if request.method == "POST" else None, student=student)
    if request.method == "POST" and form.is_valid():
        asked = form.save(by=request.user)
        if asked is not None:
            messages.success(request, _("Your request is sent."))
            return redirect("students:inspection", public_id=asked.public_id)
    return render(request, "students/new_inspection.html", {"form": form}, status=422 if form.errors else 200)


@for_roles(*law.ANSWERERS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_inspection(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A request that came by letter is written down, with who asked and how that was checked."""
    student = record_at(Student.objects.within_reach(request.user, *law.ANSWERERS), public_id)
    disclose(request, Disclosure.What.PROFILE, [student])
    form = EnterInspectionForm(request.POST if request.method == "POST" else None, student=student)
    if request.method == "POST" and form.is_valid():
        entered = form.save(by=request.user)
        if entered is not None:
            messages.success(request, "The request is written down.")
            return redirect("students:inspection", public_id=entered.public_id)
    return render(
        request,
        "students/enter_inspection.html",
        {"form": form, "student": student},
        status=422 if form.errors else 200,
    )


@for_roles(*law.ANSWERERS)
@require_safe
def inspections(request: SignedIn) -> HttpResponse:
    """Requests to inspect records within reach: what is overdue first, then what is due soonest."""
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    today = timezone.localdate()
    visible = Inspection.objects.visible_to(request.user)
    tally = visible.tally(today)
    found = visible.standing(show)
    page = page_of(
        found.soonest_first() if show == "open" else found.latest_first(),
        request.GET.get("page", ""),
        count=tally[show],
    )
    disclose(request, Disclosure.What.PROFILE, [one.student for one in page])
    context = {
        "show": show,
        "shows": [("open", "Open", tally["open"]), ("over", "Answered or taken back", tally["over"])],
        "words": law.inspections_in_words(tally),
        "page": page,
        "rows": [(one, law.due_in(one, today)) for one in page.object_list],
        "query": f"show={show}",
        "reads_notice": has_role(request.user, Role.CONSORTIUM, Role.STATE),
    }
    return render(request, "students/inspections.html", context)


@for_roles(Role.STUDENT, *law.ANSWERERS)
@require_http_methods(["GET", "HEAD", "POST"])
def inspection(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One request: where it stands, and what who asked or who answers may do now."""
    visible = Inspection.objects.visible_to(request.user).in_full()
    found = get_object_or_404(visible, public_id=public_id)
    disclose(request, Disclosure.What.PROFILE, [found.student])
    if request.method != "POST":
        page = InspectionPage(found, request.user)
        return render(request, "students/inspection.html", {"page": page, "refusal": None})
    act = request.POST.get("chosen", "")
    page = InspectionPage(found, request.user, act=act, data=request.POST)
    if not page.own and not law.can_answer_inspection(request.user, found):
        raise PermissionDenied("The district, the college, the consortium or the State answers this.")
    refusal, status = None, 422
    try:
        said = _done(request, page)
    except Refused as refused:
        refusal, status = refused.refusal, 409
        page = InspectionPage(get_object_or_404(visible, public_id=public_id), request.user)
    else:
        if said:
            messages.success(request, said)
            return redirect("students:inspection", public_id=public_id)
    return render(request, "students/inspection.html", {"page": page, "refusal": refusal}, status=status)


def _done(request: SignedIn, page: InspectionPage) -> str:
    """Do what was sent, and say what now stands; nothing where words at a field say what is missing."""
    if page.own and page.act == "take_back":
        actions.take_back_inspection(inspection=page.inspection, by=request.user)
        return _("Your request is taken back.")
    if page.sent is None:
        if page.own or page.act not in ("give", "explain", "close", "take_back"):
            raise Http404
        raise Refused(law.why_not_act(page.inspection, request.user, page.act, on=timezone.localdate()))
    return page.answer(by=request.user)
