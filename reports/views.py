"""The home of everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import for_anyone


@for_anyone("the front door")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
