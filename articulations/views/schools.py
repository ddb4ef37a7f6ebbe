"""CTE Dual Credit Courses by High School."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import for_anyone
from articulations import rules
from articulations.models import ArticulationCourse
from organizations.models import AcademicYear, CollegeYear, Consortium, HighSchool
from sers.lib.listing import changed, page_of


@for_anyone("which classes earn college credit is public")
@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """The high schools with a class that earns credit this school year, by name or district."""
    words = request.GET.get("words", "").strip()[:100]
    year = AcademicYear.objects.current()
    found = ArticulationCourse.objects.between(year.starts_on, year.ends_on).by_school(words)
    page = page_of(found, request.GET.get("page", ""))
    context = {"page": page, "words": words, "year": year, "query": changed(request.GET, page=None)}
    return render(request, "articulations/schools.html", context)


@for_anyone("which classes earn college credit is public")
@require_safe
def school(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """CTE Dual Credit Courses by High School: one school and school year, to share and to print."""
    found = get_object_or_404(HighSchool.objects.select_related("district", "branch_of"), public_id=public_id)
    lines = ArticulationCourse.objects.taught_at(found)
    years = rules.years_of(lines.span(), AcademicYear.objects.current())
    year = rules.year_asked(request.GET.get("year", ""), years)
    minimums = CollegeYear.objects.minimums(year)
    rows = [
        line | {"minimum": rules.minimum_of(line, minimums)}
        for line in lines.between(year.starts_on, year.ends_on).in_order("class").with_credentials()
    ]
    context = {
        "school": found,
        "year": year,
        "years": years,
        "rows": rows,
        "classes": rules.classes_of(request.user, rows),
        "courses": len({row["high_school_course_id"] for row in rows}),
        "consortia": Consortium.objects.of_district(found.district_id),
    }
    return render(request, "articulations/school.html", context)
