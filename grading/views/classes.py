"""A whole class: grading opened again for it, and its verification sheet."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from articulations.models import Section
from grading import actions, rules
from grading.forms.classes import STATE_TAG, ExtensionPage, ReopenPage, SheetPage
from grading.models import WindowExtension, with_teachers
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A teacher asks the consortium to open grading of a class again."""
    section = get_object_or_404(with_teachers(Section.objects.visible_to(request.user)), public_id=public_id)
    if not rules.can_ask_extension(request.user, section):
        raise Http404  # a colleague's class has a page of its own elsewhere; this one is its teachers'
    posted = request.method == "POST"
    page = ReopenPage(section, request.user, on=timezone.localdate(), data=request.POST if posted else None)
    status = 409 if posted and not page.may_ask else 200
    if posted and page.may_ask:
        status = 422
        if page.form.is_valid():
            try:
                extension = page.form.save(section=section, by=request.user)
            except Refused as refused:
                page.form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(request, f"{extension.consortium.name} is asked. The answer comes by mail.")
                return redirect("grading:reopen", public_id=section.public_id)
    return render(request, "grading/reopen.html", {"page": page, "form": page.form}, status=status)


@for_roles(Role.TEACHER, Role.CONSORTIUM, Role.STATE)
@require_safe
def extensions(request: SignedIn) -> HttpResponse:
    """Requests to open grading again: those that wait, those that are decided."""
    visible = WindowExtension.objects.visible_to(request.user)
    decided = request.GET.get("show") == "decided"
    found = visible.decided() if decided else visible.open()
    page = page_of(found.with_names().latest_first(), request.GET.get("page", ""))
    context = {
        "decided": decided,
        "page": page,
        "rows": [(one, STATE_TAG[WindowExtension.State(one.state)]) for one in page.object_list],
        "query": changed(request.GET, page=None),
        "decides": has_role(request.user, Role.CONSORTIUM),
    }
    return render(request, "grading/extensions.html", context)


@for_roles(Role.TEACHER, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One request: its reason, what waits, and the consortium's answer."""
    visible = WindowExtension.objects.visible_to(request.user).with_names()
    found = get_object_or_404(visible, public_id=public_id)
    today = timezone.localdate()
    if request.method != "POST":
        page = ExtensionPage(found, request.user, on=today)
        return render(request, "grading/extension.html", {"page": page, "form": None, "refusal": None})
    act = request.POST.get("chosen", "")
    page = ExtensionPage(found, request.user, on=today, act=act, data=request.POST)
    form = page.sent
    if form is None:
        raise Http404
    refusal, status = None, 422
    if form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            if refused.refusal.rule == "not_consortium":
                raise PermissionDenied(str(refused)) from None
            if refused.refusal.rule in ("past", "far"):
                form.add_error("until", str(refused))
            else:
                refusal, status = refused.refusal, 409
                page = ExtensionPage(get_object_or_404(visible, public_id=public_id), request.user, on=today)
        else:
            messages.success(request, "The teacher is told by mail.")
            return redirect("grading:extension", public_id=public_id)
    context = {"page": page, "form": page.sent, "refusal": refusal}
    return render(request, "grading/extension.html", context, status=status)


@for_roles(Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The verification sheet of a class, to print and sign; its teacher declares the class complete here."""
    section = get_object_or_404(with_teachers(Section.objects.visible_to(request.user)), public_id=public_id)
    refusal = None
    if request.method == "POST":
        try:
            completion = actions.declare_complete(section=section, by=request.user)
        except Refused as refused:
            if refused.refusal.rule == "not_teacher":
                raise PermissionDenied(str(refused)) from None
            refusal = refused.refusal
        else:
            messages.success(request, f"The class is declared complete. Reference {completion.reference}.")
            return redirect("grading:verification", public_id=section.public_id)
    page = SheetPage(section, request.user)
    disclose(request, Disclosure.What.ROSTER, rules.whose(page.rows))
    context = {"page": page, "refusal": refusal}
    return render(request, "grading/verification.html", context, status=409 if refusal else 200)
