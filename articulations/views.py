"""Articulations, and the classes that are taught under them."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_anyone, for_roles, has_role
from articulations import rules
from articulations.forms.agreements import AgreementForm, WhereForm
from articulations.forms.searching import SearchForm
from articulations.forms.sections import SchoolForm, SectionForm, SectionsForm
from articulations.models import Articulation, ArticulationCourse, Section
from organizations.models import AcademicYear, CollegeYear, Consortium
from sers.lib.listing import changed, heads, page_of, sort_of
from sers.lib.refusal import Refused

#: The columns of Search Articulations: what they sort by, their words, whether they hold numbers.
COLUMNS = {
    "class": (_("Class"), False),
    "school": (_("High school"), False),
    "college": (_("College"), False),
    "course": (_("College course"), False),
    "credits": (_("Credits"), True),
}


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
        asked["consortium"] = SearchForm.MINE
    form = SearchForm(asked, own=own)
    if not form.is_valid():
        return render(request, "articulations/search.html", {"form": form, "page": None}, status=422)
    today = timezone.localdate()
    found = form.narrow(ArticulationCourse.objects.current_or_coming(today), minimums)
    sort = sort_of(request.GET.get("sort", ""), COLUMNS, "class")
    keys = found.in_order(sort).values_list("pk", flat=True)
    page = page_of(keys, request.GET.get("page", ""), count=found.count())
    lines = ArticulationCourse.objects.lines(list(page.object_list))
    opened = request.GET.get("open", "")
    context = {
        "form": form,
        "page": page,
        "rows": [_row_of(request, line, year, minimums, opened) for line in lines],
        "heads": heads(request.GET, COLUMNS, sort),
        "chips": [
            (label, changed(request.GET, **{name: "", "page": None, "open": None}))
            for name, label in form.in_use()
        ],
        "query": changed(request.GET, page=None, open=None),
        "here": changed(request.GET, open=None),
        "can_enter": has_role(request.user, Role.CONSORTIUM),
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
    return rules.Details(
        lines=list(ArticulationCourse.objects.of_agreement(key)),
        others=list(current.beside(key, line["college_id"])),
        minimum=rules.minimum_of(line, minimums),
        years=rules.validity_in_words(line["valid_from"], line["valid_until"]),
        registered=Articulation.objects.registered(key, year) if rules.can_see_numbers(user) else None,
    )


@for_anyone("which classes earn college credit is public")
@require_safe
def articulation(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One agreement on a page of its own, in force or not."""
    found = get_object_or_404(
        Articulation.objects.select_related("college", "consortium"), public_id=public_id
    )
    year = AcademicYear.objects.current()
    terms = {
        "articulation_id": found.pk,
        "college_id": found.college_id,
        "own_minimum": found.minimum_percent,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
    }
    state, label = rules.state_of(found.valid_from, found.valid_until, timezone.localdate())
    context = {
        "articulation": found,
        "details": details_of(terms, request.user, year, CollegeYear.objects.minimums(year)),
        "state": state,
        "label": label,
        "can_enter": rules.can_enter_articulation(request.user, found.consortium),
    }
    return render(request, "articulations/articulation.html", context)


def _asked(request: HttpRequest) -> QueryDict | None:
    """What a first step chose; nothing as long as it was not sent. The second step posts to the same address."""
    return request.GET if "school" in request.GET or request.method == "POST" else None


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Enter an agreement: first between whom, then what it says, then check and save."""
    consortia = list(Consortium.objects.staffed_by(request.user).prefetch_related("colleges"))
    where = WhereForm(_asked(request), consortia=consortia)
    if not where.is_valid():
        status = 422 if where.is_bound else 200
        return render(request, "articulations/new.html", {"step": "where", "form": where}, status=status)
    consortium, college, school = where.places()
    year = AcademicYear.objects.current()
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        consortium=consortium,
        college=college,
        school=school,
        year=year,
        usual_minimum=CollegeYear.objects.minimums(year).get(college.pk),
    )
    step, status = "what", 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif "save" in request.POST:
        try:
            entered = form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, f"Agreement {entered} is saved. Now enter its classes of this year.")
            return redirect("articulations:articulation", public_id=entered.public_id)
    elif form.is_bound and "change" not in request.POST:
        step = "check"
    context = {"step": step, "form": form, "consortium": consortium, "college": college, "school": school}
    return render(request, "articulations/new.html", context, status=status)


@for_roles(Role.COUNSELOR, Role.DISTRICT, Role.FACULTY, Role.CONSORTIUM, Role.STATE)
@require_safe
def sections(request: SignedIn) -> HttpResponse:
    """The classes of a school year within reach, with how many are registered."""
    form = SectionsForm(request.GET, user=request.user, year=AcademicYear.objects.current())
    if not form.is_valid():
        return render(request, "articulations/sections.html", {"form": form, "page": None}, status=422)
    found = form.narrow(Section.objects.visible_to(request.user))
    page = page_of(found.listed(), request.GET.get("page", ""), count=found.count())
    keys = [row["id"] for row in page.object_list]
    registered, teachers = Section.objects.registered(keys), Section.objects.taught_by(keys)
    context = {
        "form": form,
        "year": form.chosen_year(),
        "page": page,
        "rows": [
            row
            | {
                "registered": registered[row["id"]],
                "teachers": teachers.get(row["id"], []),
                "term_label": Section.Term(row["term"]).label,
            }
            for row in page.object_list
        ],
        "chips": [
            (label, changed(request.GET, **{name: None, "page": None})) for name, label in form.in_use()
        ],
        "query": changed(request.GET, page=None),
        "can_enter": has_role(request.user, Role.CONSORTIUM),
        "can_open": has_role(
            request.user, Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE
        ),  # faculty see no students
    }
    return render(request, "articulations/sections.html", context)


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "POST"])
def new_section(request: SignedIn) -> HttpResponse:
    """Enter a class: first at which school, then which course, when and with whom."""
    consortia = list(Consortium.objects.staffed_by(request.user))
    where = SchoolForm(_asked(request), consortia=consortia)
    if not where.is_valid():
        status = 422 if where.is_bound else 200
        return render(
            request, "articulations/new_section.html", {"step": "where", "form": where}, status=status
        )
    school = where.place()
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        school=school,
        year=AcademicYear.objects.current(),
        on=timezone.localdate(),
    )
    status = 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        try:
            section = form.save(by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, f"The class is saved. Its class code is {section.class_code}.")
            query = urlencode({"year": section.year.first_year, "words": section.class_code})
            return redirect(f"{reverse('articulations:sections')}?{query}")
    context = {"step": "what", "form": form, "school": school}
    return render(request, "articulations/new_section.html", context, status=status)
