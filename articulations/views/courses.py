"""The catalogs of the colleges: listed, one course with what changed, added, edited, and kept by a spreadsheet."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_roles, has_role
from articulations import actions, rules
from articulations.forms.college_courses import CatalogForm, CourseFileForm, EditCourseForm, NewCourseForm
from articulations.models import Articulation, CollegeCourse, CourseFile
from articulations.views.files import Read, looked_at
from sers.lib.attachments import CSV, attachment
from sers.lib.listing import changed, chips_of, page_of
from sers.lib.refusal import Refused
from sers.lib.sheets import write_csv


@for_roles(*rules.READS_COURSES)
@require_safe
def courses(request: SignedIn) -> HttpResponse:
    """The courses of one's colleges, with how many agreements rest on each."""
    colleges = rules.colleges_read(request.user)
    form = CatalogForm(request.GET, colleges=colleges)
    keeps = has_role(request.user, *rules.KEEPS_COURSES)
    if not form.is_valid():
        refused = {"form": form, "page": None, "keeps": keeps}
        return render(request, "articulations/courses.html", refused, status=422)
    found = form.narrow(CollegeCourse.objects.all(), timezone.localdate())
    page = page_of(found.listed(), request.GET.get("page", ""), count=found.count())
    context = {
        "form": form,
        "page": page,
        "rows": page.object_list,
        "chips": chips_of(request.GET, form.in_use()),
        "query": changed(request.GET, page=None),
        "keeps": keeps,
        "kept": rules.colleges_kept(request.user) if keeps else [],
    }
    return render(request, "articulations/courses.html", context)


def course_of(request: SignedIn, public_id: uuid.UUID) -> CollegeCourse:
    """The course of an address, if this person reads it."""
    found = get_object_or_404(CollegeCourse.objects.select_related("college"), public_id=public_id)
    if not rules.reads_course(request.user, found):
        raise Http404
    return found


@for_roles(*rules.READS_COURSES)
@require_safe
def course(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What a college course is, which agreements rest on it, and what changed when."""
    found = course_of(request, public_id)
    context = {
        "course": found,
        "is_offered": found.is_offered(timezone.localdate()),
        "history": list(found.changes.select_related("changed_by")),
        "agreements": list(Articulation.objects.resting_on(found, timezone.localdate())),
        "keeps": rules.keeps_course(request.user, found),
    }
    return render(request, "articulations/course.html", context)


@for_roles(*rules.KEEPS_COURSES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_course(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Change what a college course is; that marks the agreements that rest on it."""
    found = course_of(request, public_id)
    if not rules.keeps_course(request.user, found):
        raise Http404
    form = EditCourseForm(request.POST if request.method == "POST" else None, course=found)
    status, refusal, change = 422 if form.is_bound and not form.is_valid() else 200, None, None
    if form.is_bound and status == 200:
        try:
            change = form.save(by=request.user)
        except Refused as refused:
            form, status, refusal = form.once_more(), 409, refused.refusal
    if form.is_bound and status == 200:
        if change is None:
            messages.success(request, "Nothing was different. Nothing was saved.")
        elif rules.calls_for_review(change.changes):
            messages.success(request, f"{found.code} is changed. Its agreements are due for review now.")
        else:
            messages.success(request, f"{found.code} is changed. No agreement has to be reviewed for it.")
        return redirect("articulations:course", public_id=public_id)
    context = {
        "course": found,
        "form": form,
        "refusal": refusal,
        "agreements": list(Articulation.objects.resting_on(found, timezone.localdate())),
    }
    return render(request, "articulations/edit_course.html", context, status=status)


@for_roles(*rules.KEEPS_COURSES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: SignedIn) -> HttpResponse:
    """Add a course to the catalog of one's college."""
    form = NewCourseForm(
        request.POST if request.method == "POST" else None, colleges=rules.colleges_kept(request.user)
    )
    if form.is_bound and form.is_valid():
        added = form.save(by=request.user)
        if added is not None:
            messages.success(
                request, f"{added.code} is in the catalog. Requests and agreements can name it now."
            )
            return redirect("articulations:course", public_id=added.public_id)
    return render(
        request, "articulations/new_course.html", {"form": form}, status=422 if form.errors else 200
    )


@for_roles(*rules.KEEPS_COURSES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_courses(request: SignedIn) -> HttpResponse:
    """Hand in a CSV file of courses. Nothing is saved yet: the next page says what it changes."""
    posted = request.method == "POST"
    colleges = rules.colleges_kept(request.user)
    form = CourseFileForm(
        request.POST if posted else None, request.FILES if posted else None, colleges=colleges
    )
    if form.is_bound and form.is_valid():
        return redirect("articulations:course_file", public_id=form.save(by=request.user).public_id)
    context = {"form": form, "columns": rules.COURSE_COLUMNS, "colleges": colleges}
    return render(request, "articulations/new_courses.html", context, status=422 if form.errors else 200)


@for_roles(*rules.KEEPS_COURSES)
@require_safe
def courses_file(request: SignedIn) -> HttpResponse:
    """A college's catalog as the CSV that can be handed in again; of an empty one an example to write over."""
    asked = request.GET.get("college", "")
    college = next((one for one in rules.colleges_kept(request.user) if str(one.public_id) == asked), None)
    if college is None:
        raise Http404
    rows = rules.courses_as_rows(CollegeCourse.objects.of_colleges([college]))
    heads = [column.head for column in rules.COURSE_COLUMNS]
    content = write_csv(heads, rows or [[column.example for column in rules.COURSE_COLUMNS]])
    return attachment(content, name=f"courses-{slugify(college.name)}.csv", mime=CSV)


@for_roles(*rules.KEEPS_COURSES)
@require_http_methods(["GET", "HEAD", "POST"])
def course_file(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What a file changes, row by row; Save All saves that and nothing else."""
    file = get_object_or_404(CourseFile.objects.select_related("college", "saved_by"), public_id=public_id)
    if not rules.keeps_catalog(request.user, file.college):
        raise Http404
    return looked_at(
        request, file, "articulations/course_file.html",
        again=reverse("articulations:new_courses"), save=actions.save_courses, read=_as_it_stands,
    )  # fmt: skip


def _as_it_stands(file: CourseFile) -> Read:
    rows = rules.read_courses(file.college, file.rows)
    return Read(
        rules.rows_to_show(rows),
        rules.tally_of_courses(rows),
        any(row.is_new or row.is_changed for row in rows),
        rules.seen_of(rows),
        {"left_alone": rules.left_alone(file.college, rows)},
    )
