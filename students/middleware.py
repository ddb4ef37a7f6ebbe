"""Before a student's record is shown: the State says what for, and the page of a merged record is that of another."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from students.actions import PurposeMissing
from students.views.disclosing import RecordMoved


class PurposeMiddleware:
    """Leads from the page that would show a record to the question, and the question leads back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PurposeMissing):
            return None
        after = request.get_full_path()
        if request.method == "POST":
            # What was sent is not sent again: back to the page its form stood on, which is this address or the last.
            after = urlsplit(request.headers.get("Referer", "")).path or request.path
        url = f"{reverse('students:purpose')}?{urlencode({'next': after})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)


class MovedRecordMiddleware:
    """Leads from a page of a record that was merged to the same page of the one that stands for it: what somebody
    bookmarked, or finds in an old mail, still opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RecordMoved) or request.resolver_match is None:
            return None
        said = _("The record {sers_id} was merged into this one.").format(sers_id=exception.record.sers_id)
        messages.info(request, said)
        return redirect(request.resolver_match.view_name, public_id=exception.record.surviving.public_id)
