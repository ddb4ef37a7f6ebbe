"""A record is put right: a student asks, or staff write down a letter; its holder decides."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from sers.lib.listing import page_of
from sers.lib.refusal import Refusal, Refused
from students import actions
from students.forms.amendments import AmendmentForm, AmendmentPage, EnterAmendmentForm
from students.models import Amendment, Disclosure, Student
from students.rules import amendments as law
from students.rules.inspections import ANSWERERS
from students.views.disclosing import disclose, record_at

ACTS = ("review", "amend", "refuse", "heard_amend", "heard_refuse")


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_amendment(request: SignedIn) -> HttpResponse:
    """A student asks to have something in their record put right."""
    student = get_object_or_404(Student.objects.own(request.user))
    form = AmendmentForm(
        request.POST if request.method == "POST" else None, student=student, user=request.user
    )
    if request.method == "POST" and form.is_valid():
        asked = form.save(by=request.user)
        if asked is not None:
            messages.success(request, _("Your request is sent."))
            return redirect("students:amendment", public_id=asked.public_id)
    return render(request, "students/new_amendment.html", {"form": form}, status=422 if form.errors else 200)


@for_roles(*ANSWERERS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_amendment(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A request to amend that came by letter is written down."""
    student = record_at(Student.objects.within_reach(request.user, *ANSWERERS), public_id)
    disclose(request, Disclosure.What.HISTORY, [student])
    form = EnterAmendmentForm(
        request.POST if request.method == "POST" else None, student=student, user=request.user
    )
    if request.method == "POST" and form.is_valid():
        entered = form.save(by=request.user)
        if entered is not None:
            messages.success(request, "The request is written down.")
            return redirect("students:amendment", public_id=entered.public_id)
    context = {"form": form, "student": student}
    return render(request, "students/enter_amendment.html", context, status=422 if form.errors else 200)


@for_roles(*ANSWERERS)
@require_safe
def amendments(request: SignedIn) -> HttpResponse:
    """Requests to amend records within reach: open ones, the oldest first, of them those that wait for this person, and
    decided ones."""
    show = request.GET.get("show", "open")
    show = show if show in ("mine", "open", "over") else "open"
    visible, mine = Amendment.objects.visible_to(request.user), law.amendments_that_wait_for(request.user)
    tally = visible.tally()
    shows = [("open", "Open", tally["open"]), ("over", "Decided or taken back", tally["over"])]
    if has_role(request.user, *law.DECIDERS):
        tally["mine"] = mine.count()
        shows.insert(0, ("mine", "Wait for you", tally["mine"]))
    elif show == "mine":
        show = "open"
    found = mine if show == "mine" else visible.standing(show)
    page = page_of(
        found.latest_first() if show == "over" else found.oldest_first(),
        request.GET.get("page", ""),
        count=tally[show],
    )
    disclose(request, Disclosure.What.GRADES, [one.student for one in page])
    context = {
        "show": show,
        "shows": shows,
        "page": page,
        "rows": [(one, law.TAGS[Amendment.State(one.state)]) for one in page.object_list],
        "query": f"show={show}",
    }
    return render(request, "students/amendments.html", context)


@for_roles(Role.STUDENT, *ANSWERERS)
@require_http_methods(["GET", "HEAD", "POST"])
def amendment(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One request: what was asked, decided and heard, and what who asked or who decides may do now."""
    visible = Amendment.objects.visible_to(request.user).in_full()
    found = get_object_or_404(visible, public_id=public_id)
    disclose(request, Disclosure.What.GRADES, [found.student])
    if request.method != "POST":
        context = {"page": AmendmentPage(found, request.user), "refusal": None}
        return render(request, "students/amendment.html", context)
    page = AmendmentPage(found, request.user, act=request.POST.get("chosen", ""), data=request.POST)
    refusal, status = None, 422
    try:
        said = _done(request, page)
    except Refused as refused:
        refusal, status = refused.refusal, 409
        page = AmendmentPage(get_object_or_404(visible, public_id=public_id), request.user)
    else:
        if said:
            messages.success(request, said)
            return redirect("students:amendment", public_id=public_id)
    return render(request, "students/amendment.html", {"page": page, "refusal": refusal}, status=status)


def _done(request: SignedIn, page: AmendmentPage) -> str:
    """Do what was sent, and say what now stands; nothing where words at a field say what is missing."""
    if page.act == "take_back":
        actions.take_back_amendment(amendment=page.amendment, by=request.user)
        return (
            _("Your request is taken back.") if page.own else "It is noted that the request was taken back."
        )
    if page.act == "hearing":
        actions.ask_for_hearing(amendment=page.amendment, by=request.user)
        return _("You asked for a hearing.") if page.own else "It is noted that a hearing was asked for."
    if page.own or page.act not in ACTS:
        raise Http404
    if page.sent is None:
        if not law.can_decide_amendment(request.user, page.amendment) and not has_role(
            request.user, Role.STATE
        ):
            raise PermissionDenied(f"{page.amendment.holder_name} decides this.")
        stands = Refusal(
            "stands_so", f"This stands as {page.amendment.get_state_display()}.", "Look at it again."
        )
        raise Refused(page.interested or stands)
    return page.answer(by=request.user)
