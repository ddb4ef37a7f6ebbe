"""Forms and fees: what is still Pending in a consortium, and the receipts of what was decided."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from students import rules
from students.forms.queue import MOST_SCANNED, FindForm, QueuePage, TickForm, UndoForm
from students.models import Disclosure, Receipt
from students.views.disclosing import disclose

#: The words of the search box stay in the session: names and IDs have no place in an address.
TERMS = "students.requirements"
#: The forms scanned one after the other, until the pile is processed or emptied.
PILE = "students.scanned"


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: SignedIn) -> HttpResponse:
    """The queue of pending Fees/Req of one's own consortium; the pile that was scanned; what was decided today."""
    here = f"{reverse('students:requirements')}{'?' if request.GET else ''}{request.GET.urlencode()}"
    find = FindForm(request.POST if "find" in request.POST else {"words": request.session.get(TERMS, "")})
    tick_form = TickForm(request.POST if request.method == "POST" and "find" not in request.POST else None)
    pile: list[str] = request.session.get(PILE, [])
    if "empty" in request.POST:
        request.session[PILE] = []
        return redirect("students:requirements")
    if tick_form.is_bound and tick_form.is_valid():
        messages.success(request, tick_form.save(by=request.user))
        if request.GET.get("show") == "scanned":
            request.session[PILE] = []
            return redirect("students:requirements")
        return redirect(here)
    if "find" in request.POST and find.is_valid():
        scanned = find.scanned
        if scanned is not None:
            request.session[PILE] = list(dict.fromkeys([*pile, str(scanned)]))[:MOST_SCANNED]
            return redirect(f"{reverse('students:requirements')}?show=scanned")
        request.session[TERMS] = "" if request.POST["find"] == "all" else find.cleaned_data["words"]
        return redirect(here)
    words = find.cleaned_data["words"] if find.is_valid() else ""
    page = QueuePage(request.GET, words=words, scanned=pile, user=request.user, on=timezone.localdate())
    disclose(request, Disclosure.What.FEES, [line.row["student_public_id"] for line in page.lines])
    return render(
        request,
        "students/requirements.html",
        {
            "form": tick_form if tick_form.is_bound else find,
            "find": find,
            "tick": tick_form,
            "words": words,
            "queue": page,
            "page": page.page,
            "nothing_found": f"Nothing here matches “{words}”. Press Show all, or look for something else.",
        },
        status=422 if tick_form.errors or find.errors else 200,
    )


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The receipt of one act about Fees/Req: who decided what for whom. Today it can be taken back as a whole."""
    one = get_object_or_404(Receipt.objects.visible_to(request.user).with_lines(), public_id=public_id)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        messages.success(request, form.save(receipt=one, by=request.user))
        return redirect("students:receipt", public_id=public_id)
    lines = list(one.decisions.all())
    disclose(request, Disclosure.What.FEES, [line.requirement.registration.student for line in lines])
    return render(
        request,
        "students/receipt.html",
        {"receipt": one, "lines": lines, "may_undo": rules.may_undo(one, lines, on=timezone.localdate())},
    )
