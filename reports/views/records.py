"""Everything SERS holds about a student: asked for, watched while it is made, and taken."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from reports import actions, rules
from reports.forms import RecordForm
from reports.models import RecordExport
from sers.lib.attachments import ZIP, attachment
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused
from students.models import Disclosure, Inspection, Student
from students.rules import is_own
from students.rules.inspections import ANSWERERS
from students.views.disclosing import disclose, record_at

#: Seconds between two looks at a file that is being made.
LOOK_AGAIN: Final = 2


@for_roles(Role.STUDENT)
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """From My Account to the file of one's own record."""
    student = get_object_or_404(Student.objects.own(request.user))
    return redirect("reports:record", public_id=student.public_id)


@for_roles(Role.STUDENT, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Ask for the file of everything SERS holds about a student; the files there are, and how far one is."""
    student = record_at(Student.objects.visible_to(request.user), public_id)
    own = is_own(request.user, student)
    disclose(request, Disclosure.What.PROFILE, [student])
    form = RecordForm(request.POST if request.method == "POST" else None, student=student, own=own)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user, session=request.session.session_key)
            return redirect("reports:record", public_id=public_id)
        except Refused as refused:
            refusal = refused.refusal
    now = timezone.now()
    exports = RecordExport.objects.visible_to(request.user).of(student).latest_first()
    page = page_of(exports, request.GET.get("page", ""))
    rows = [rules.export_row(request.user, export, now=now) for export in page]
    making = next(
        (row.export for row in rows if row.state == "making" and row.export.asked_by_id == request.user.pk),
        None,
    )
    return render(
        request,
        "reports/record.html",
        {
            "student": student,
            "own": own,
            "form": form,
            "refusal": refusal,
            "page": page,
            "rows": rows,
            "query": changed(request.GET, page=None),
            "making": making,
            "sentence": rules.progress_in_words(making) if making else "",
            "total": len(rules.tables_for(own=own)),
            "refresh": LOOK_AGAIN if making else 0,
        },
        status=422 if form.errors else 409 if refusal else 200,
    )


@for_roles(*ANSWERERS)
@require_POST
def record_for(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Have the file made that answers a request to inspect; its page says how it stands."""
    asked = get_object_or_404(Inspection.objects.visible_to(request.user).in_full(), public_id=public_id)
    try:
        actions.answer_with_record(inspection=asked, by=request.user, session=request.session.session_key)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The file is being made. It is here in some seconds.")
    return redirect("students:inspection", public_id=public_id)


@for_roles(Role.STUDENT, *ANSWERERS)
@never_cache
@require_POST
def record_file(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The file, for who takes it; that they took it is written down in the log of the record."""
    found = RecordExport.objects.visible_to(request.user).to_take(request.user)
    export = get_object_or_404(found.with_request(), public_id=public_id)
    try:
        content = actions.take_export(export=export, by=request.user, session=request.session.session_key)
    except Refused:  # the page it is taken from says how it stands
        if export.inspection is not None:
            return redirect("students:inspection", public_id=export.inspection.public_id)
        return redirect("reports:record", public_id=export.student.public_id)
    return attachment(content, name=f"sers-record-{timezone.localdate(export.made_at)}.zip", mime=ZIP)
