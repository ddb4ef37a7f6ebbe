"""A page of ours for the one answer Django has no handler for: a method the address does not take."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from sers.views import method_not_allowed


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
