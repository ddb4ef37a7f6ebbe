"""Figures: how far registrations came, of one place and year, on a page and as a sheet."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles, seats
from organizations.models import AcademicYear
from reports import actions, rules
from reports.models import Figures
from reports.rules import Place, Report
from sers.lib.attachments import sheet_attachment
from sers.lib.choices import selects
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused


def _asked(request: SignedIn) -> tuple[Place, Report]:
    """The place and the report an address asks for: in full where this person may read it so, unless it asks for the
    published figures."""
    own = rules.own_places(seats(request.user))
    text = request.GET.get("of", "") or (own[0].key if own else rules.STATE.key)
    place = rules.place_named(text)
    if place is None:
        raise Http404
    in_full = request.GET.get("kind") != Figures.Kind.PUBLISHED and rules.reads_in_full(request.user, place)
    year = request.GET.get("year", "")
    report = rules.report_of(
        place,
        Figures.Kind.FULL if in_full else Figures.Kind.PUBLISHED,
        by=request.GET.get("by", ""),
        first_year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
    )
    return place, report


def _query(request: SignedIn, report: Report, **changes: str | None) -> str:
    """The address of this report once more, whole, so that it can be handed on."""
    query = QueryDict(mutable=True)
    query.update({"of": report.place.key, "by": report.by, "year": str(report.first_year)})
    if request.GET.get("kind") == Figures.Kind.PUBLISHED:
        query["kind"] = Figures.Kind.PUBLISHED
    return changed(query, **changes)


def _choices(request: SignedIn, report: Report) -> dict[str, Any]:
    """The three choices above a report."""
    own = rules.own_places(seats(request.user))
    years = [(str(row.figure.figures.year.first_year), row.label) for row in report.years]
    choices: dict[str, Any] = {
        "of": (rules.place_choices(own, report.place), report.place.key),
        "by": (report.breakdowns, report.by),
        "year": (years, str(report.first_year)),
    }
    return selects("figures", choices)


@for_roles(*rules.READERS)
@require_safe
def figures(request: SignedIn) -> HttpResponse:
    """How far registrations came: the whole, earlier years, and by one breakdown; in full or as published."""
    place, report = _asked(request)
    in_full = rules.reads_in_full(request.user, place)
    page = page_of(report.rows, request.GET.get("page", ""))
    return render(
        request,
        "reports/figures.html",
        {
            "place": place,
            "report": report,
            "choices": _choices(request, report),
            "in_full": in_full,
            "published": request.GET.get("kind") == Figures.Kind.PUBLISHED,
            "may_state_purpose": bool(seats(request.user, Role.STATE)) and not rules.sees_all(request.user),
            "finding": rules.funnel_finding(report),
            "bars": rules.funnel_bars(report.whole) if report.whole else [],
            "in_class": rules.in_class_finding(report.whole) if report.whole else "",
            "group_finding": rules.breakdown_finding(report),
            "group_bars": rules.group_bars(report.rows),
            "page": page,
            "query": _query(request, report),
            "in_full_query": _query(request, report, kind=None),
            "published_query": _query(request, report, kind=Figures.Kind.PUBLISHED),
            "place_query": _query(request, report, of=None, by=None),
            "count_year": report.first_year or AcademicYear.objects.current().first_year,
            "smallest": rules.SMALLEST,
            "takes_lists": rules.takes_lists(request.user),
            "notice": rules.notice_of(report.kind),
        },
    )


@for_roles(*rules.READERS)
@require_POST
def figures_file(request: SignedIn) -> HttpResponse:
    """The same figures as a sheet, CSV or XLSX; that figures in full were taken is written down."""
    place, report = _asked(request)
    if report.whole is None:
        raise Http404
    actions.take_figures(figures=report.whole.figures, of=place.key, by=request.user)
    return sheet_attachment(
        rules.sheet_of(report),
        form=request.POST.get("as", ""),
        name=f"sers-figures-{report.year}-{report.kind}",
        title="Figures",
        notice=rules.notice_of(report.kind),
    )


@for_roles(*rules.READERS)
@require_POST
def count_again(request: SignedIn) -> HttpResponse:
    """Have a worker count this school year again."""
    year = request.POST.get("year", "")
    known = (
        AcademicYear.objects.named(int(year))
        if year.isascii() and year.isdigit() and len(year) == 4
        else None
    )
    if known is None or known.pk is None:
        raise Http404
    try:
        actions.ask_to_count(year=known, by=request.user)
        messages.success(
            request, f"The figures of {known} are being counted. Open this page again in a minute."
        )
    except Refused as refused:
        messages.info(request, str(refused.refusal))
    return redirect(f"{reverse('reports:figures')}?{request.POST.get('back', '')}")
