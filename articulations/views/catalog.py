"""The open catalog: its page, its description for machines, its tables as JSON and CSV."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from accounts.access import for_anyone
from accounts.actions import count_try
from accounts.views import address_of
from articulations import rules
from sers.lib.attachments import attachment
from sers.lib.listing import changed
from sers.lib.sheets import write_csv

OPEN = "the catalog is open data, without a name of anyone"


def for_machines(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any page of any site may read it, caches may keep it for five minutes, and nobody may wear SERS down."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limit = count_try(what=f"catalog from {address_of(request)}", within=rules.ASKED_WITHIN)
        if limit.tries > rules.MOST_ASKED:
            answer: HttpResponse = JsonResponse(
                {"error": "There were too many requests. Wait, then go on."}, status=429
            )
            answer["Retry-After"] = str(rules.ASKED_WITHIN.seconds)
        else:
            answer = view(request, *args, **kwargs)
            if answer.status_code == 200:
                patch_cache_control(answer, public=True, max_age=300)
        answer["Access-Control-Allow-Origin"] = "*"
        return answer

    return opened


@for_anyone(OPEN)
@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """What the catalog holds, how it is asked, and how to load it."""
    context = {
        "tables": rules.TABLES.values(),
        "base": settings.PUBLIC_URL,
        "most": rules.MOST_ASKED,
        "api": reverse("articulations:catalog_api"),
    }
    return render(request, "articulations/catalog.html", context)


@for_anyone(OPEN)
@require_safe
@for_machines
@conditional_page
def catalog_api(request: HttpRequest) -> HttpResponse:
    """The catalog as OpenAPI 3.1 describes it."""
    return JsonResponse(rules.described(settings.PUBLIC_URL), json_dumps_params={"indent": 1})


@for_anyone(OPEN)
@require_safe
@for_machines
@conditional_page
def catalog_data(request: HttpRequest, name: str) -> HttpResponse:
    """One table, `agreements.json` or `agreements.csv`: filtered, a page at a time, with where it goes on."""
    title, _, form = name.partition(".")
    table = rules.TABLES.get(title)
    if table is None or form not in ("json", "csv"):
        raise Http404
    try:
        asked = rules.asked_of(table, request.GET.dict())
    except rules.NotAsked as why:
        return JsonResponse({"error": str(why)}, status=400)
    found, after = rules.rows_of(asked)
    minimums = rules.minimums_on(asked.on)
    pages = {
        kind: settings.PUBLIC_URL
        + reverse(url, args=["00000000-0000-0000-0000-000000000000"]).replace(
            "00000000-0000-0000-0000-000000000000", "{}"
        )
        for kind, url in (("agreements", "articulations:articulation"), ("schools", "articulations:school"))
    }
    rows = [rules.row_of(table, values, minimums=minimums, pages=pages) for values in found]
    further = (
        f"{settings.PUBLIC_URL}{request.path}?{changed(request.GET, after=str(after))}" if after else None
    )
    answer: HttpResponse
    if form == "json":
        answer = JsonResponse({"results": rows, "next": further})
    else:
        content = write_csv(table.heads, [list(row.values()) for row in rows])
        answer = attachment(content, name=f"sers-{table.name}.csv", mime="text/csv")
    if further:
        answer["Link"] = f'<{further}>; rel="next"'
    return answer
