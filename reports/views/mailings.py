"""Letters to a chosen group: begun, written, looked at with those who get them, tried, sent; and stopped."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_anyone, for_roles
from accounts.models import User
from reports import actions, rules
from reports.forms import GroupForm, LetterForm
from reports.models import Mailing, MailingRecipient
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure
from students.views.disclosing import disclose


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def mailings(request: SignedIn) -> HttpResponse:
    """Begin a letter to a group; the letters there are."""
    form = GroupForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        mailing = form.save(by=request.user)
        return redirect("reports:mailing", public_id=mailing.public_id)
    page = page_of(Mailing.objects.visible_to(request.user).newest_first(), request.GET.get("page", ""))
    rows = [(mailing, rules.MAILING_TAGS[mailing.state]) for mailing in page]
    return render(
        request,
        "reports/mailings.html",
        {"form": form, "page": page, "rows": rows, "query": changed(request.GET, page=None)},
        status=422 if form.errors else 200,
    )


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def mailing(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Write a letter, see who gets it and what the first of them reads, try it on oneself, send it."""
    found = Mailing.objects.visible_to(request.user).newest_first()
    letter = get_object_or_404(found, public_id=public_id)
    form = LetterForm(request.POST if request.method == "POST" else None, letter=letter)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            letter = actions.write_mailing(mailing=letter, by=request.user, **form.cleaned_data)
            messages.success(request, act_on(letter, request.POST.get("act", ""), request.user))
            return redirect("reports:mailing", public_id=public_id)
        except Refused as refused:
            refusal = refused.refusal
    page = page_of(rules.written_to(letter), request.GET.get("page", ""), per_page=rules.SHOWN)
    people = list(page)
    disclose(request, Disclosure.What.PROFILE, rules.students_among(people))
    return render(
        request,
        "reports/mailing.html",
        {
            "letter": letter,
            "tag": rules.MAILING_TAGS[letter.state],
            "form": form,
            "refusal": refusal,
            "page": page,
            "people": people,
            "addressees": rules.addressees(letter, people, to=request.user),
            "read": rules.written_for(letter, people[0] if people else request.user),
            "fields": rules.FIELDS.items(),
            "query": changed(request.GET, page=None),
        },
        status=422 if form.errors else 409 if refusal else 200,
    )


def act_on(letter: Mailing, act: str, by: User) -> str:
    """Do what was pressed with a letter that is saved; in words what stands now."""
    if act == "send":
        actions.send_mailing(mailing=letter, by=by)
        return "The letter is being sent. Each person gets it once."
    if act == "try":
        if actions.try_mailing(mailing=letter, by=by):
            return f"The letter was sent to {by.email}."
        return f"These words were sent to {by.email} already."
    return "The letter is saved."


@for_anyone("the link of a letter opens it, for whoever cannot or will not sign in")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_letters(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whoever got a letter may want no more like it."""
    recipient = get_object_or_404(MailingRecipient, public_id=public_id)
    if request.method == "POST":
        actions.stop_letters(recipient=recipient)
        return redirect("reports:no_letters", public_id=public_id)
    return render(request, "reports/no_letters.html", {"stopped": rules.wants_no_letters(recipient)})
