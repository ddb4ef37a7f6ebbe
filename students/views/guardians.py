"""A parent or guardian signs by a mailed link: who has it sent, and the page they open without an account."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_anyone, for_roles
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.guardians import AskGuardianForm, GuardianForm
from students.models import Disclosure, GuardianLink, Registration, Requirement
from students.views.disclosing import disclose


@for_roles(Role.STUDENT, Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_guardian(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Have the link mailed to the parent or guardian; where it stands; the paper form is the other way."""
    one = get_object_or_404(Registration.objects.visible_to(request.user).in_full(), public_id=public_id)
    if not rules.can_ask_guardian(request.user, one):
        raise Http404
    waiting = Requirement.objects.of_registration(one, Requirement.Kind.GUARDIAN)
    form = AskGuardianForm(request.POST if request.method == "POST" else None, student=one.student)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(
                request,
                _("We sent the link to {email}. It works for 14 days.").format(
                    email=form.cleaned_data["guardian_email"]
                ),
            )
            return redirect("students:ask_guardian", public_id=public_id)
    disclose(request, Disclosure.What.FEES, [one.student])
    return render(
        request,
        "students/ask_guardian.html",
        {
            "registration": one,
            "requirement": waiting,
            "tag": rules.FEES_REQ_TAGS[Registration.FeesReq(waiting.state)] if waiting is not None else "",
            "links": list(GuardianLink.objects.of_registration(one)),
            "form": form,
            "refusal": refusal,
            "own": rules.is_own(request.user, one.student),
        },
        status=409 if refusal else 422 if form.errors else 200,
    )


@for_anyone("the mailed link is opened by a parent or guardian, who has no account")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """What a guardian signs or declines. Opening it changes nothing, because mail scanners open links; the button
    answers. It shows the student's name and classes, and nothing else of the record."""
    link = actions.look_at_guardian_link(token)
    _in_the_family_language(request, link.language if link else actions.language_of_guardian_link(token))
    text = rules.text_to_sign(link)
    form = GuardianForm(request.POST if request.method == "POST" else None, text=text)
    refusal, answer = None if link is not None else actions.link_is_over(), None
    status = 200 if link is not None else 404
    if link is not None and form.is_bound:
        status = 422
        if form.is_valid():
            try:
                answer, status = form.save(token=token), 200
            except Refused as refused:
                refusal, status = refused.refusal, 409
    return render(
        request,
        "students/guardian.html",
        {
            "link": link,
            "asked": rules.still_asked(link) if link is not None else [],
            "wording": text.wording(translation.get_language() or "en"),
            "text": text,
            "form": form,
            "answer": answer,
            "refusal": refusal,
        },
        status=status,
    )


def _in_the_family_language(request: HttpRequest, language: str) -> None:
    """The language the link was mailed in, until another one is chosen on the page. A browser that asks for another
    language than English is believed: its reader has said so."""
    if (
        language
        and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        and not request.user.is_authenticated
        and translation.get_language() == settings.LANGUAGE_CODE
    ):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
