"""Signing in and out; in the demo state its people and its mailbox."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import for_anyone


@for_anyone("the door")
def sign_in(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_anyone("who is signed out already loses nothing")
def sign_out(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_anyone("the demo state has no secrets")
def demo_people(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_anyone("the demo state has no secrets")
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_anyone("the demo state has no secrets")
def mail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return render(request, "base.html")
