"""A class of a high school: what it is, changing that, and the codes of a district's classes by a spreadsheet."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from accounts.models import Event
from articulations import actions, rules
from articulations.forms.classes import ClassFileForm, EditClassForm, TemplateForm
from articulations.models import ArticulationCourse, ClassFile, HighSchoolCourse
from articulations.rules import class_files
from articulations.views.files import Read, looked_at
from sers.lib.attachments import XLSX, attachment
from sers.lib.refusal import Refused
from sers.lib.sheets import as_xlsx


def class_of(request: SignedIn, public_id: uuid.UUID) -> HighSchoolCourse:
    """The class of an address, if this person reads it."""
    found = rules.classes_read(request.user).select_related("school__district", "cluster")
    return get_object_or_404(found, public_id=public_id)


@for_roles(*rules.READS_CLASSES)
@require_safe
def high_school_course(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What a class is: its codes and credits, its agreements, its competencies, and what changed when."""
    found = class_of(request, public_id)
    current = ArticulationCourse.objects.current_or_coming(timezone.localdate())
    context = {
        "taught": found,
        "credits": rules.class_facts(found)["high_school_credits"],
        "lines": list(current.for_class(found)),
        "prepares_for": list(found.prepares_for.in_order()),
        "history": list(Event.objects.about(found, *rules.CLASS_CHANGES).select_related("actor")),
        "keeps": rules.keeps_class(request.user, found),
        "keeps_codes": has_role(request.user, Role.STATE),
    }
    return render(request, "articulations/high_school_course.html", context)


@for_roles(*rules.KEEPS_CLASSES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_class(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Change the codes, credits and competencies of a class; its school and title stay."""
    found = class_of(request, public_id)
    if not rules.keeps_class(request.user, found):
        raise Http404
    form = EditClassForm(request.POST if request.method == "POST" else None, taught=found)
    status, refusal = 422 if form.is_bound and not form.is_valid() else 200, None
    if form.is_bound and status == 200:
        try:
            changes = form.save(by=request.user)
        except Refused as refused:
            form, status, refusal = form.once_more(), 409, refused.refusal
        else:
            said = f"{found} is changed." if changes else "Nothing was different. Nothing was saved."
            messages.success(request, said)
            return redirect("articulations:high_school_course", public_id=public_id)
    context = {"taught": found, "form": form, "refusal": refusal}
    return render(request, "articulations/edit_class.html", context, status=status)


@for_roles(*rules.KEEPS_CLASSES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_classes(request: SignedIn) -> HttpResponse:
    """Hand in a file of a district's classes with their codes. Nothing is saved yet: the next page says what it changes."""
    posted = request.method == "POST"
    districts = rules.districts_kept(request.user)
    form = ClassFileForm(
        request.POST if posted else None, request.FILES if posted else None, districts=districts
    )
    if form.is_bound and form.is_valid():
        return redirect("articulations:class_file", public_id=form.save(by=request.user).public_id)
    return _handing_in(request, form, TemplateForm(districts=districts))


def _handing_in(request: SignedIn, form: ClassFileForm, template: TemplateForm) -> HttpResponse:
    """The page with both of its forms, whichever was refused."""
    status = 422 if form.errors or template.errors else 200
    context = {"form": form, "template": template, "columns": class_files.CLASS_COLUMNS}
    return render(request, "articulations/new_classes.html", context, status=status)


@for_roles(*rules.KEEPS_CLASSES)
@require_safe
def classes_file(request: SignedIn) -> HttpResponse:
    """A district's classes as the workbook that can be handed in again: its cells are text, so that 01104 stays that."""
    districts = rules.districts_kept(request.user)
    form = TemplateForm(request.GET, districts=districts)
    if not form.is_valid():
        if form.has_error("district", "required"):
            return _handing_in(request, ClassFileForm(districts=districts), form)
        raise Http404
    district = form.chosen()
    rows = class_files.classes_as_rows(HighSchoolCourse.objects.of_district(district))
    content = as_xlsx([[column.head for column in class_files.CLASS_COLUMNS], *rows], title="Classes")
    return attachment(content, name=f"classes-{slugify(district.name)}.xlsx", mime=XLSX)


@for_roles(*rules.KEEPS_CLASSES)
@require_http_methods(["GET", "HEAD", "POST"])
def class_file(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What a file changes, row by row; Save All saves that and nothing else."""
    file = get_object_or_404(ClassFile.objects.select_related("district", "saved_by"), public_id=public_id)
    if not rules.keeps_classes_of(request.user, file.district):
        raise Http404
    return looked_at(
        request, file, "articulations/class_file.html",
        again=reverse("articulations:new_classes"), save=actions.save_classes, read=_as_it_stands,
    )  # fmt: skip


def _as_it_stands(file: ClassFile) -> Read:
    rows = class_files.read_classes(file.district, file.rows)
    return Read(
        class_files.class_rows_to_show(rows),
        class_files.tally_of_classes(rows),
        any(row.changes for row in rows),
        class_files.classes_seen(rows),
    )
