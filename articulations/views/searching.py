"""Search Articulations."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import Role, for_anyone, has_role
from articulations import rules
from articulations.forms.fields import MINE
from articulations.forms.searching import SearchForm
from articulations.models import Articulation, ArticulationCourse, IndustryCredential
from organizations.models import AcademicYear, CollegeYear, Consortium
from sers.lib.listing import changed, heads, page_of, sort_of

#: The columns of Search Articulations: what they sort by, their words, whether they hold numbers.
COLUMNS = {
    "class": (_("Class"), False),
    "school": (_("High school"), False),
    "college": (_("College"), False),
    "course": (_("College course"), False),
    "credits": (_("Credits"), True),
}


#: So many lines that come near are enough.
NEAR = 20


@for_anyone("which classes earn college credit is public")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search Articulations. A signed-in person begins in their own consortia; the chip takes that away."""
    year = AcademicYear.objects.current()
    minimums = CollegeYear.objects.minimums(year)
    if "HX-Request" in request.headers and "row" in request.GET:
        return _row(request, year, minimums)
    own = list(Consortium.objects.of(request.user))
    asked = request.GET.copy()
    if own and "consortium" not in asked:
        asked["consortium"] = MINE
    form = SearchForm(asked, own=own)
    if not form.is_valid():
        return render(request, "articulations/search.html", {"form": form, "page": None}, status=422)
    today = timezone.localdate()
    found = form.narrow(ArticulationCourse.objects.current_or_coming(today), minimums)
    sort = sort_of(request.GET.get("sort", ""), COLUMNS, "class")
    keys: Any = found.in_order(sort).values_list("pk", flat=True)
    count = found.count()
    is_near = not count and bool(form.cleaned_data["words"])
    if is_near:
        keys = form.narrow(ArticulationCourse.objects.current_or_coming(today), minimums, near=True).keys(
            NEAR
        )
        count = len(keys)
    sought = form.sought_elsewhere() if is_near or not count else None
    page = page_of(keys, request.GET.get("page", ""), count=count)
    lines = ArticulationCourse.objects.lines(list(page.object_list))
    opened = request.GET.get("open", "")
    rows = [_row_of(request, line, year, minimums, opened) for line in lines]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "heads": heads(request.GET, COLUMNS, sort),
        "chips": [
            (label, changed(request.GET, **{name: "", "page": None, "open": None}))
            for name, label in form.in_use()
        ],
        "query": changed(request.GET, page=None, open=None),
        "is_near": is_near and bool(rows),
        "elsewhere": rules.alternatives_to(sought, today, most=rules.FIRST_FEW) if sought is not None else [],
        "elsewhere_all": form.for_alternatives(),
        "proposes": has_role(request.user, *rules.ASKS),
        "download": form.for_catalog(),
        "here": changed(request.GET, open=None),
        "can_enter": has_role(request.user, Role.CONSORTIUM),
        "reads_courses": has_role(request.user, *rules.READS_COURSES),
    }
    return render(request, "articulations/search.html", context)


def _row(request: HttpRequest, year: AcademicYear, minimums: Mapping[int, Decimal]) -> HttpResponse:
    """One row of the list, open or closed, for a page that stands already."""
    line = ArticulationCourse.objects.line(request.GET["row"])
    if line is None:
        raise Http404
    context = {
        "row": _row_of(request, line, year, minimums, request.GET.get("open", "")),
        "here": changed(request.GET, open=None, row=None),
    }
    return render(request, "articulations/search_row.html", context)


def _row_of(
    request: HttpRequest,
    line: dict[str, Any],
    year: AcademicYear,
    minimums: Mapping[int, Decimal],
    opened: str,
) -> dict[str, Any]:
    """A line with its minimum; with its details when it is the one that stands open."""
    is_open = str(line["id"]) == opened
    return line | {
        "minimum": rules.minimum_of(line, minimums),
        "coming": line["valid_from"] > timezone.localdate(),
        "details": details_of(line, request.user, year, minimums) if is_open else None,
    }


def details_of(
    line: Mapping[str, Any], user: Any, year: AcademicYear, minimums: Mapping[int, Decimal]
) -> rules.Details:
    """What the agreement of a line says, and what other colleges give for its classes."""
    key = line["articulation_id"]
    current = ArticulationCourse.objects.current_or_coming(timezone.localdate())
    lines = rules.told_in_full(ArticulationCourse.objects.of_agreement(key))
    classes = {one["high_school_course_id"] for one in lines}
    return rules.Details(
        lines=lines,
        others=list(current.beside(key, line["college_id"])),
        minimum=rules.minimum_of(line, minimums),
        years=rules.validity_in_words(line["valid_from"], line["valid_until"]),
        registered=Articulation.objects.registered(key, year) if rules.can_see_numbers(user) else None,
        can_list=rules.can_list_registered(user),
        prepares_for=IndustryCredential.objects.titles_of(classes),
    )
