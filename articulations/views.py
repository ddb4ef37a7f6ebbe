"""Articulations, and the classes that are taught under them."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import Role, for_anyone, for_roles


@for_anyone("articulations are public")
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_anyone("articulations are public")
def articulation(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return render(request, "base.html")


@for_roles(Role.CONSORTIUM)
def new(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_roles(Role.CONSORTIUM)
def sections(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@for_roles(Role.CONSORTIUM)
def new_section(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
