"""Grades from a spreadsheet: the list of a class to take along, and what was pasted or uploaded, previewed first."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from grading import rules
from grading.forms.sheets import SheetPage, class_list, file_name, students_of
from grading.views.undoing import own_class
from sers.lib.attachments import CSV, attachment
from students.models import Disclosure
from students.views.disclosing import disclose


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD"])
def sheet(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The list of a class as CSV, to fill in and hand in again."""
    section = own_class(request, public_id)
    disclose(request, Disclosure.What.ROSTER, students_of(section, request.user))
    content = class_list(section, request.user)
    return attachment(content, name=f"{file_name(section)}.csv", mime=CSV)


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Paste or upload grades: a preview says what each line will do; the roster's own Save Changes saves it."""
    page = SheetPage(own_class(request, public_id), request.user)
    if request.method == "POST":
        page.read(request.POST, request.FILES.get("file"))
        disclose(request, Disclosure.What.ROSTER, rules.whose(page.rows))
    return render(request, "grading/paste.html", {"page": page}, status=422 if page.errors else 200)
