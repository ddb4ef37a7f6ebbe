"""Around every page: how long it took, and a page of ours for a method the address does not take."""

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from reports.actions import note_slow_page
from reports.models import SlowPage
from sers.views import method_not_allowed

log = logging.getLogger(__name__)


class SlowPageMiddleware:
    """Notes a page that took longer than a second, by its name; a page in time costs two looks at the clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        answer = self.get_response(request)
        milliseconds = int((time.perf_counter() - began) * 1000)
        if milliseconds >= SlowPage.SLOW and request.resolver_match is not None:
            try:
                note_slow_page(page=request.resolver_match.view_name, milliseconds=milliseconds)
            except DatabaseError as error:  # the page was drawn: nobody loses it to our notes
                log.warning("A slow page was not noted: %s", error)
        return answer


class MethodNotAllowedMiddleware:
    """Keeps the status and the Allow header, and says on the page what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if not isinstance(answer, HttpResponseNotAllowed):
            return answer
        page = method_not_allowed(request)
        page["Allow"] = answer["Allow"]
        return page
