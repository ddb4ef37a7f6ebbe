"""Rosters from schools: hand a file in, see what it will do, have it taken in; and who of a class is not registered."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_anyone, for_roles
from articulations.models import Section
from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.in_class import InClassPage, RostersPage
from students.forms.school_rosters import RosterForm, RosterPage
from students.models import Disclosure, RosterEntry, RosterImport
from students.views.disclosing import disclose

BRINGING: Final = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT)
#: Seconds between two looks at a file that is being read or taken in.
LOOK_AGAIN: Final = 2


@for_roles(*BRINGING)
@require_http_methods(["GET", "HEAD"])
def school_rosters(request: SignedIn) -> HttpResponse:
    """The classes within reach beside their rosters: how many are named, registered, not registered, not named."""
    page = RostersPage(
        request.user,
        AcademicYear.objects.current(),
        school=request.GET.get("school", ""),
        only=request.GET.get("show", ""),
        number=request.GET.get("page", ""),
    )
    files = list(RosterImport.objects.of(request.user).lately())
    return render(request, "students/school_rosters.html", {"page": page, "files": files})


@for_roles(*BRINGING)
@require_http_methods(["GET", "HEAD", "POST"])
def new_school_roster(request: SignedIn) -> HttpResponse:
    """Hand in a school's roster. Nothing changes yet: the next page says what it will do."""
    posted = request.method == "POST"
    form = RosterForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_bound and form.is_valid():
        return redirect("students:school_roster", public_id=form.save(by=request.user).public_id)
    context = {"form": form, "columns": rules.ROSTER_COLUMNS}
    return render(request, "students/new_school_roster.html", context, status=422 if form.errors else 200)


@for_roles(*BRINGING)
@require_http_methods(["GET", "HEAD", "POST"])
def school_roster(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A file: how far it is read, what it will do, which of its classes is which; Take In hands it to a worker."""
    roster = get_object_or_404(RosterImport.objects.of(request.user), public_id=public_id)
    show = request.POST.get("show", request.GET.get("show", ""))
    page = RosterPage(roster, request.user, show=show, number=request.GET.get("page", ""))
    if request.method == "POST":
        try:
            if "take_in" in request.POST:
                actions.take_in_roster(roster=roster, by=request.user)
            else:
                page.save_matches(request.POST)
                messages.success(request, "Saved. The next file of this school is matched the same way.")
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("students:school_roster", public_id=roster.public_id)
    working = roster.state in (RosterImport.State.READING, RosterImport.State.QUEUED)
    context = {"page": page, "roster": roster, "refresh": LOOK_AGAIN if working else 0}
    return render(request, "students/school_roster.html", context)


@for_roles(*BRINGING)
@require_http_methods(["GET", "HEAD", "POST"])
def in_class(request: SignedIn, public_id: UUID) -> HttpResponse:
    """A class beside its roster: remind who is not registered, accept or reject who is not on it."""
    visible = Section.objects.within_reach(request.user, *BRINGING).in_full()
    section = get_object_or_404(visible, public_id=public_id)
    page = InClassPage(section, request.user, reject=request.GET.get("reject", ""))
    status = 200
    if request.method == "POST":
        try:
            messages.success(request, page.act(request.POST, request.POST.getlist("entry")))
        except ValidationError as error:
            page.error, status = error.messages[0], 422
        except Refused as refused:
            if refused.refusal.rule == "not_teacher":
                raise PermissionDenied(str(refused)) from None
            messages.warning(request, str(refused))
            return redirect("students:in_class", public_id=public_id)
        else:
            return redirect("students:in_class", public_id=public_id)
    disclose(request, Disclosure.What.ROSTER, page.whose)
    context = {"page": page, "section": section}
    return render(request, "students/in_class.html", context, status=status)


@for_anyone("the link of a reminder opens it, for students who have no account yet")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_reminders(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whoever got a reminder may want no more of them this school year."""
    entry = get_object_or_404(RosterEntry.objects.in_year(), public_id=public_id)
    if request.method == "POST":
        actions.stop_reminders(entry=entry)
        return redirect("students:no_reminders", public_id=public_id)
    return render(request, "students/no_reminders.html", {"entry": entry})
