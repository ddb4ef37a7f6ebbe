"""Texts of agreements: listed, prepared, followed on a page of their own, signed, put right; and agreements taken over."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from accounts.views import origin_of
from articulations import rules
from articulations.forms.agreement_acts import AgreementPage, TerminateForm
from articulations.forms.agreement_texts import TextForm, TextsForm, typed_of_agreement, typed_of_text
from articulations.forms.agreements import WhereForm
from articulations.models import AgreementText, Articulation, open_texts_of
from articulations.views.agreements import asked_in
from articulations.views.dockets import docket
from organizations.models import Consortium
from sers.lib.refusal import Refusal, Refused

DONE = {
    "send": "The agreement is out for signature. Its partners have been told.",
    "sign": "You have signed. The agreement is in force when every partner has.",
    "decline": "You have declined. Every partner and the consortium have been told.",
    "call_back": "The text is called back. Nobody signs it any more.",
    "link": "A new link is on its way. The one before opens nothing more.",
}
#: Refusals of who a person is; all others tell what stands now.
NOT_YOURS = ("not_yours", "not_consortium")


@for_roles(*rules.READS_TEXTS)
@require_safe
def agreements(request: SignedIn) -> HttpResponse:
    """Texts within reach: those that wait for the person, those that are open, those that are closed."""
    visible = AgreementText.objects.visible_to(request.user)
    form = TextsForm(request.GET, visible=visible)
    if not form.is_valid():
        return render(request, "articulations/agreements.html", {"form": form, "page": None}, status=422)
    prepares = has_role(request.user, Role.CONSORTIUM)
    context = docket(
        request, form,
        visible=visible, waiting=rules.texts_for_me(request.user, visible.open()), listed=lambda rows: rows.listed(),
        told=lambda row: {
            "label": rules.text_in_words(row["state"], row["signed"], row["partners"]),
            "tag": rules.TEXT_TAG[row["state"]],
            "kind_label": AgreementText.Kind(row["kind"]).label,
        },
    )  # fmt: skip
    context |= {
        "reads_reviews": has_role(request.user, *rules.READS_REVIEWS),
        "keeps_courses": has_role(request.user, *rules.KEEPS_COURSES),
        "consortia": list(Consortium.objects.staffed_by(request.user)) if prepares else [],
    }
    return render(request, "articulations/agreements.html", context)


def text_of(request: SignedIn, public_id: uuid.UUID) -> AgreementText:
    """The text of an address, if this person sees it."""
    found: AgreementText = get_object_or_404(
        AgreementText.objects.visible_to(request.user).with_names(), public_id=public_id
    )
    return found


@for_roles(*rules.READS_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """One text: what it says, what has changed, who has signed, and what the person may do with it now."""
    text = text_of(request, public_id)
    if request.method != "POST":
        return shown(request, AgreementPage(text, request.user))
    chosen = request.POST.get("chosen", "")
    if chosen not in DONE:
        raise Http404
    page = AgreementPage(text, request.user, act=chosen, data=request.POST)
    form = page.sent
    if form is None:
        return refused_page(request, text, page.why_not(chosen))
    if not form.is_valid():
        return shown(request, page, status=422)
    try:
        form.save(origin=origin_of(request), by=request.user)
    except Refused as refused:
        if refused.refusal.rule == "other_name":
            form.add_error("name", refused.refusal.message.rstrip("."))
            return shown(request, page, status=422)
        return refused_page(request, text, refused.refusal)
    messages.success(request, DONE[chosen])
    return redirect("articulations:agreement", public_id=public_id)


def shown(
    request: SignedIn, page: AgreementPage, *, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    context = {"page": page, "text": page.text, "form": page.sent, "refusal": refusal}
    return render(request, "articulations/agreement.html", context, status=status)


def refused_page(request: SignedIn, text: AgreementText, refusal: Refusal | None) -> HttpResponse:
    """403 for whom it is not; else the text as it stands now, with who was first."""
    if refusal is None or refusal.rule in NOT_YOURS:
        raise PermissionDenied(str(refusal or ""))
    page = AgreementPage(text_of(request, text.public_id), request.user)
    return shown(request, page, status=409, refusal=refusal)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def new_agreement(request: SignedIn) -> HttpResponse:
    """Prepare an agreement for signature: first between whom, then what it says."""
    consortia = list(Consortium.objects.staffed_by(request.user).prefetch_related("colleges"))
    where = WhereForm(asked_in(request), consortia=consortia)
    if not where.is_valid():
        context: dict[str, Any] = {"form": where, "step": "where", "heading": "Prepare an agreement"}
        return render(
            request, "articulations/new_agreement.html", context, status=422 if where.is_bound else 200
        )
    consortium, college, school = where.places()
    data = request.POST if request.method == "POST" else None
    form = TextForm(data, consortium=consortium, college=college, school=school)
    return written(request, form, "Prepare an agreement")


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_text(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Put the words of a text right: a further text takes its place."""
    text = text_of(request, public_id)
    page = AgreementPage(text, request.user)
    if (refusal := page.why_not("revise")) is not None:
        return refused_page(request, text, refusal)
    form = TextForm(
        request.POST if request.method == "POST" else None,
        consortium=text.consortium,
        college=text.college,
        school=text.school,
        kind=text.kind,
        amends=text.amends,
        revises=text,
        begins_with=typed_of_text(text),
    )
    heading = f"Change the text of {text}"
    return written(request, form, heading, template="articulations/agreement_text.html")


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Amend or renew an agreement: its terms are filled in, to be changed; what stands stays until everybody signed."""
    found = own_agreement(request, public_id)
    kind = "renewal" if request.GET.get("kind") == "renewal" else "amendment"
    refusal = rules.why_not_take_over(found, kind, is_under_way=found.pk in open_texts_of([found.pk]))
    if refusal is not None:
        context = {"refusal": refusal, "articulation": found, "form": None, "step": "refused"}
        return render(request, "articulations/amend.html", context, status=409)
    line = found.courses.select_related("high_school_course__school__district").order_by("id").first()
    if line is None:
        raise Http404
    form = TextForm(
        request.POST if request.method == "POST" else None,
        consortium=found.consortium,
        college=found.college,
        school=line.high_school_course.school,
        kind=kind,
        amends=found,
        begins_with=typed_of_agreement(found, kind),
    )
    word = "Renew" if kind == "renewal" else "Amend"
    return written(request, form, f"{word} agreement {found}", template="articulations/amend.html")


def own_agreement(request: SignedIn, public_id: uuid.UUID) -> Articulation:
    """The agreement of an address, if this person works at its consortium: others see that it is there."""
    found = get_object_or_404(Articulation.objects.with_names(), public_id=public_id)
    if not rules.can_enter_articulation(request.user, found.consortium):
        raise PermissionDenied(f"Staff of {found.consortium} do this.")
    return found


def written(
    request: SignedIn, form: TextForm, heading: str, *, template: str = "articulations/new_agreement.html"
) -> HttpResponse:
    """The form of a text; once it is right, the text on its page."""
    status = 422 if form.is_bound and not form.is_valid() else 200
    if form.is_bound and status == 200:
        try:
            text = form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(
                request, f"Text {text.issue} of agreement {text} is written. Read it, then send it out."
            )
            return redirect("articulations:agreement", public_id=text.public_id)
    context = {"form": form, "step": "what", "heading": heading, "articulation": form.amends, "refusal": None}
    return render(request, template, context, status=status)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def terminate(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """End an agreement early, with the last day and the reason; who is registered by then stays."""
    found = own_agreement(request, public_id)
    refusal = rules.why_not_terminate(request.user, found)
    status = 409 if refusal is not None else 200
    data = request.POST if request.method == "POST" else None
    form = None if refusal is not None else TerminateForm(data, agreement=found, user=request.user)
    if form is not None and form.is_bound:
        status = 422
        if form.is_valid():
            try:
                form.save(by=request.user)
            except Refused as refused:
                refusal, form, status = refused.refusal, None, 409
            else:
                messages.success(
                    request, f"Agreement {found} is terminated. Everybody concerned has been told."
                )
                return redirect("articulations:articulation", public_id=public_id)
    context = {
        "form": form,
        "refusal": refusal,
        "articulation": found,
        "registered": rules.registered_now(found),
    }
    return render(request, "articulations/terminate.html", context, status=status)
