"""Was it sent? The mail about the people one looks after."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, rules
from accounts.access import Role, SignedIn, for_roles
from accounts.models import Mail, MailState
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_safe
def sent(request: SignedIn) -> HttpResponse:
    """Was it sent? The mail about people within reach, by address or person, and how each stands."""
    words = request.GET.get("words", "").strip()[:200]
    state = request.GET.get("state", "")
    found = Mail.objects.visible_to(request.user).of_words(words).standing(state)
    page = page_of(found.asked_about(), request.GET.get("page", ""))
    rows = [
        {**row, "label": rules.state_of_mail(row).label, "tag": rules.MAIL_TAGS[rules.state_of_mail(row)],
         "note": rules.mail_note(row), "again": rules.can_send_again(row)}
        for row in page.object_list
    ]  # fmt: skip
    context = {
        "page": page,
        "rows": rows,
        "words": words,
        "state": state,
        "states": MailState.choices,
        "query": changed(request.GET, page=None),
    }
    return render(request, "accounts/sent.html", context)


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_POST
def send_again(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Send a mail once more that came back or was given up."""
    mail = get_object_or_404(Mail.objects.visible_to(request.user), public_id=public_id)
    try:
        actions.send_again(mail=mail, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"The mail to {mail.to} is sent again now.")
    return redirect("accounts:sent")
