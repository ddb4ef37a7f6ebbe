"""Whoever works for the State says what students' records are read for before one is shown."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from students.actions import PurposeMissing


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
