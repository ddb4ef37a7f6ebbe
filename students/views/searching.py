"""Search for Students, the profile of one, and the Registration History."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import bounded_page_of
from sers.lib.refusal import Refused
from students import rules
from students.forms.fields import read_id
from students.forms.records import ProfileForm, SearchForm
from students.models import Registration, Student, StudentQuerySet

SEARCHERS = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
#: What was searched for stays in the session: names and birth dates have no place in an address.
TERMS = "students.search"


@for_roles(*SEARCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SignedIn) -> HttpResponse:
    """Search for Students within one's own reach: terms by POST into the session, then pages by GET."""
    if "clear" in request.POST:
        request.session.pop(TERMS, None)
        return redirect("students:search")
    kept = request.session.get(TERMS)
    form = SearchForm(request.POST if request.method == "POST" else kept, user=request.user)
    if request.method == "POST" and form.is_valid():
        request.session[TERMS] = form.terms
        return redirect("students:search")
    page = None
    if form.is_bound and form.is_valid():
        found = Student.objects.visible_to(request.user).matching(**form.cleaned_data)
        page = bounded_page_of(found, StudentQuerySet.as_listed, request.GET.get("page", ""))
    return render(
        request,
        "students/search.html",
        {"form": form, "page": page, "can_edit": rules.can_edit_students(request.user)},
        status=422 if form.errors else 200,
    )


@for_roles(Role.STUDENT, *SEARCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def student(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The profile: open fields to change, locked fields as text that says why."""
    one = get_object_or_404(Student.objects.visible_to(request.user).in_full(), public_id=public_id)
    form = ProfileForm(request.POST if request.method == "POST" else None, student=one, user=request.user)
    refusal = None
    if request.method == "POST":
        if not form.open:
            raise PermissionDenied(
                "You can read this record. Its counselor, district or consortium changes it."
            )
        try:
            if form.is_valid():
                changed = form.save()
                messages.success(request, "The record is saved." if changed else "Nothing was changed.")
                return _where_it_is_seen(request, one)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "students/student.html",
        {"student": one, "form": form, "refusal": refusal, "own": rules.is_own(request.user, one)},
        status=422 if form.errors else 409 if refusal else 200,
    )


def _where_it_is_seen(request: SignedIn, one: Student) -> HttpResponse:
    """Back to the record; to the search when it went to a school out of reach."""
    if Student.objects.visible_to(request.user).contains(one):
        return redirect("students:student", public_id=one.public_id)
    messages.info(request, f"{one.sers_id} belongs to another school now and is out of your reach.")
    return redirect("students:search")


@for_roles(Role.STUDENT, *SEARCHERS)
@require_http_methods(["GET", "HEAD"])
def history(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Registration History: every registration with its Status; Details opens in place."""
    one = get_object_or_404(Student.objects.visible_to(request.user).in_full(), public_id=public_id)
    theirs = Registration.objects.of(one)
    seen = theirs.visible_to(request.user)
    return render(
        request,
        "students/history.html",
        {
            "student": one,
            "rows": [rules.history_row(registration) for registration in seen.in_full()],
            "left_out": theirs.besides(seen).count(),
            "open": read_id(request.GET.get("open", "")),
            "own": rules.is_own(request.user, one),
        },
    )
