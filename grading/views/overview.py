"""How far grading is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Role, SignedIn, for_roles
from grading.forms.progress import ProgressForm, ProgressPage
from grading.forms.progress import progress_file as written
from organizations.models import AcademicYear
from sers.lib.attachments import CSV, attachment
from sers.lib.listing import changed


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_safe
def progress(request: SignedIn) -> HttpResponse:
    """How far grading is, by class or by high school: who has a grade, who left, who is missing."""
    form = ProgressForm(request.GET, user=request.user, year=AcademicYear.objects.current())
    if not form.is_valid():
        return render(request, "grading/progress.html", {"form": form, "page": None}, status=422)
    context = {
        "form": form,
        "page": ProgressPage(request.user, form, request.GET.get("page", "")),
        "query": changed(request.GET, page=None),
    }
    return render(request, "grading/progress.html", context)


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_safe
def progress_file(request: SignedIn) -> HttpResponse:
    """The same classes as a CSV file."""
    form = ProgressForm(request.GET, user=request.user, year=AcademicYear.objects.current())
    if not form.is_valid():
        return render(request, "grading/progress.html", {"form": form, "page": None}, status=422)
    content = written(request.user, form.kept)
    return attachment(content, name=f"grading-progress-{form.kept.year}.csv", mime=CSV)
