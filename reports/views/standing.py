"""How the work of a school year stands, on a page and as a sheet."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles, seats
from organizations.models import AcademicYear
from reports import actions, rules
from reports.rules import Standing
from sers.lib.attachments import sheet_attachment
from sers.lib.choices import selects
from sers.lib.listing import changed, page_of


def _asked(request: SignedIn) -> Standing:
    """The report an address asks for; the first this person reads where it asks for none or another."""
    kinds = rules.standings_for(request.user)
    if not kinds:
        raise PermissionDenied("Say first what you read records for.")
    kind = next((one for one in kinds if one.key == request.GET.get("what")), kinds[0])
    year = rules.standing_year(kind, request.GET.get("year", ""))
    return rules.standing_of(request.user, kind, year=year, by=request.GET.get("by", ""))


def _choices(request: SignedIn, standing: Standing) -> dict[str, Any]:
    kind = standing.kind
    options: dict[str, Any] = {
        "what": ([(one.key, one.title) for one in rules.standings_for(request.user)], kind.key),
        "by": ([(by, rules.BY[by][0]) for by in kind.by], standing.by),
        "year": (
            [(str(one.first_year), str(one)) for one in AcademicYear.objects.order_by("-first_year")],
            str(standing.year.first_year),
        ),
    }
    return selects("standing", options)


@for_roles(*rules.STANDING_READERS)
@require_safe
def standing(request: SignedIn) -> HttpResponse:
    """One report of the work: its finding, a picture, a row for each group within the reader's reach, and the same beside
    earlier years."""
    found = _asked(request)
    query = changed(request.GET, what=found.kind.key, by=found.by, year=str(found.year.first_year), page=None)
    return render(
        request,
        "reports/standing.html",
        {
            "standing": found,
            "comparison": rules.compared(request.user, found, timezone.localdate()),
            "choices": _choices(request, found),
            "page": page_of(found.lines, request.GET.get("page", "")),
            "query": query,
            "long": found.heads[found.kind.bar[0]],
            "full": found.heads[found.kind.bar[1]],
            "may_state_purpose": bool(seats(request.user, Role.STATE)) and not rules.sees_all(request.user),
        },
    )


@for_roles(*rules.STANDING_READERS)
@require_POST
def standing_file(request: SignedIn) -> HttpResponse:
    """The same report, or its years beside each other, as a sheet, CSV or XLSX; that one of students was taken is written
    down."""
    found = _asked(request)
    actions.take_standing(standing=found, by=request.user)
    of_years = request.POST.get("table") == "years"
    return sheet_attachment(
        _lines_of_years(request, found) if of_years else rules.sheet_of_standing(found),
        form=request.POST.get("as", ""),
        name=f"sers-{found.kind.key}-{'years-to-' if of_years else ''}{found.year}",
        title=found.kind.title,
        notice=rules.notice_of_standing(found.kind),
    )


def _lines_of_years(request: SignedIn, found: Standing) -> list[list[str]]:
    return rules.sheet_of_years(rules.compared(request.user, found, timezone.localdate()))
