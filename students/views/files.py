"""Students of the former system from a file: hand it in, see what it will do, have it saved."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.files import StudentFileForm
from students.models import StudentFile

#: Seconds between two looks at a file that is being saved.
LOOK_AGAIN: Final = 2


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_students(request: SignedIn) -> HttpResponse:
    """Hand in a sheet of students with their legacy IDs. Nothing is saved yet: the next page says what it will do."""
    posted = request.method == "POST"
    form = StudentFileForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_bound and form.is_valid():
        return redirect("students:student_file", public_id=form.save(by=request.user).public_id)
    context = {
        "form": form,
        "columns": rules.STUDENT_COLUMNS,
        "files": list(StudentFile.objects.of(request.user).lately()),
    }
    return render(request, "students/new_students.html", context, status=422 if form.errors else 200)


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def student_file(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What a file will do, row by row; Save hands it to a worker, whose progress this page tells."""
    file = get_object_or_404(StudentFile.objects.of(request.user), public_id=public_id)
    if request.method == "POST":
        try:
            actions.save_students(file=file, by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("students:student_file", public_id=file.public_id)
    looked_at = file.state in (StudentFile.State.PREVIEW, StudentFile.State.REFUSED)
    rows = actions.rows_of_students(file) if looked_at else []
    problems = [row for row in rows if row.outcome == rules.Outcome.CORRECT]
    ordered = [*problems, *(row for row in rows if row.outcome != rules.Outcome.CORRECT)]
    context = {
        "file": file,
        "page": page_of(ordered, request.GET.get("page", "")),
        "tally": rules.tally_students(rows),
        "problems": len(problems),
        "again": reverse("students:new_students"),
        "rows": len(file.rows),
        "sentence": f"{len(file.rows):,} rows are saved together: all of them, or none.",
        "refresh": LOOK_AGAIN if file.state == StudentFile.State.QUEUED else 0,
    }
    return render(request, "students/student_file.html", context)
