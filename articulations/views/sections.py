"""Classes of a school year, and entering one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from articulations import rules
from articulations.forms.sections import SchoolForm, SectionForm, SectionsForm
from articulations.models import Section
from articulations.rules.credentials import keeps_credentials
from articulations.views.agreements import asked_in
from organizations.models import AcademicYear, Consortium
from sers.lib.listing import changed, chips_of, page_of
from sers.lib.refusal import Refused


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
        "chips": chips_of(request.GET, form.in_use()),
        "query": changed(request.GET, page=None),
        "can_enter": has_role(request.user, Role.CONSORTIUM),
        "keeps_credentials": keeps_credentials(request.user),
        "keeps_codes": has_role(request.user, Role.STATE),
        "keeps_classes": has_role(request.user, *rules.KEEPS_CLASSES),
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
    where = SchoolForm(asked_in(request), consortia=consortia)
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
