"""Partners outside of SERS sign by a mailed link, without an account."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Origin, for_anyone
from accounts.views import address_of
from articulations import actions, rules
from articulations.forms.agreement_acts import DeclineForm, TextSignForm
from sers.lib.refusal import Refused

#: In the session: the token of the link that was opened. It is out of the address, where histories would keep it.
OPENED: Final = "signing_link"
#: How a partner came who has no account.
BY_LINK: Final = "mailed link"


@for_anyone("the mailed link is opened on any device, signed in or not")
@sensitive_variables("token")
@never_cache
@require_safe
def signing_link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it uses nothing up, because mail scanners open links."""
    if actions.look_at_signing_link(token) is not None:
        if not request.user.is_authenticated:
            request.session.cycle_key()
        request.session[OPENED] = token
    answer = redirect("articulations:sign_outside")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@for_anyone("the mailed link stands for the sign-in")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_outside(request: HttpRequest) -> HttpResponse:
    """The agreement as a partner without an account reads it, signs it or declines, once."""
    token = request.session.get(OPENED, "")
    found = actions.look_at_signing_link(token) if token else None
    if found is None:
        return render(request, "articulations/sign_outside.html", {"text": None, "done": ""}, status=404)
    text, name = found.signer.text, found.signer.outside_name
    posted, chosen = request.method == "POST", request.POST.get("chosen", "")
    sign = TextSignForm(request.POST if posted and chosen == "sign" else None, text=text, name=name)
    decline = DeclineForm(request.POST if posted and chosen == "decline" else None, text=text)
    sent_form: TextSignForm | DeclineForm | None = sign if chosen == "sign" else None
    if chosen == "decline":
        sent_form = decline
    refusal, status = None, 200
    if posted and sent_form is not None:
        status = 422
        if sent_form.is_valid():
            try:
                sent_form.save_by_link(token=token, origin=Origin(address_of(request), BY_LINK))
            except Refused as refused:
                if refused.refusal.rule == "other_name":
                    sent_form.add_error("name", refused.refusal.message.rstrip("."))
                else:
                    refusal, status = refused.refusal, 409
            else:
                request.session.pop(OPENED, None)
                context = {"text": text, "done": chosen, "refusal": None}
                return render(request, "articulations/sign_outside.html", context)
    context = {
        "text": text,
        "lines": rules.lines_of_text(text.content),
        "intent": rules.signing_intent(text, found.signer.outside_title, ""),
        "sign": sign,
        "decline": decline,
        "form": sent_form,
        "done": "",
        "refusal": refusal,
    }
    return render(request, "articulations/sign_outside.html", context, status=status)
