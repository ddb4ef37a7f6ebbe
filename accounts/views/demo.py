"""The people of the demo state and its mailbox: not there for real people."""

import uuid

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_anyone
from accounts.models import Mail, User
from accounts.views.entering import let_in
from sers.lib.listing import changed, page_of


@for_anyone("it exists in the demo state alone, where nobody is real")
@require_http_methods(["GET", "POST"])
def demo_people(request: HttpRequest) -> HttpResponse:
    """The people of the demo state; a button signs in as one of them."""
    only_in_demo()
    if request.method == "POST":
        person = get_object_or_404(User.objects.demo_people(), username=request.POST.get("username", ""))
        logout(request)
        return let_in(request, person, after=resolve_url("reports:home"))
    return render(request, "accounts/demo_people.html", {"people": User.objects.demo_places()})


@for_anyone("it exists in the demo state alone, where every address is invented")
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail SERS wrote, the newest first."""
    only_in_demo()
    address = request.GET.get("address", "").strip()[:254]
    page = page_of(Mail.objects.newest_to(address).listed(), request.GET.get("page", ""))
    context = {"page": page, "address": address, "query": changed(request.GET, page=None)}
    return render(request, "accounts/mailbox.html", context)


@for_anyone("it exists in the demo state alone, where every address is invented")
@require_safe
def mail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One mail as its reader gets it, with links that can be followed."""
    only_in_demo()
    return render(request, "accounts/mail.html", {"mail": get_object_or_404(Mail, public_id=public_id)})


def only_in_demo() -> None:
    """Outside the demo state these pages are not there."""
    if not settings.DEMO:
        raise Http404
