"""What colleges ask in a year, and when things may be done."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from grading import actions
from grading.forms.settings import CollegeYearPage, WindowsPage
from organizations.models import AcademicYear, College, Consortium
from organizations.rules import colleges_in_charge
from organizations.views.years import year_asked
from sers.lib.keys import read_number
from sers.lib.refusal import Refused


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_safe
def settings(request: SignedIn) -> HttpResponse:
    """Rules and dates: the consortia and colleges whose year a person sets; the State reads all."""
    everything = has_role(request.user, Role.STATE)
    context = {
        "year": AcademicYear.objects.current(),
        "consortia": Consortium.objects.read_by(request.user).order_by("name"),
        "colleges": College.objects.order_by("name") if everything else colleges_in_charge(request.user),
    }
    return render(request, "grading/settings.html", context)


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def college_year(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What a college asks in a year: changed with a look at what changes and whom it touches, and with a history."""
    reach = College.objects.all() if has_role(request.user, Role.STATE) else colleges_in_charge(request.user)
    college = get_object_or_404(reach, public_id=public_id)
    year = year_asked(request)
    posted = request.method == "POST"
    page = CollegeYearPage(college, year, request.user, data=request.POST if posted else None)
    if posted and not page.may_set:
        raise PermissionDenied("Staff of the college’s consortium and its registrar set its year.")
    is_sound = posted and page.form.is_valid()
    status, refusal = (200 if is_sound or not posted else 422), None
    if is_sound and "save" in request.POST:
        try:
            page.form.set(seen=read_number(request.POST.get("seen", "")), by=request.user)
        except Refused as refused:
            refusal, status = refused.refusal, 409
        else:
            messages.success(request, f"The settings of {college}, {year}, are saved.")
            return redirect(f"{reverse('grading:college_year', args=[public_id])}?year={year.first_year}")
    context = {"page": page, "form": page.form, "is_sound": is_sound and refusal is None, "refusal": refusal}
    return render(request, "grading/college_year.html", context, status=status)


@for_roles(Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def windows(request: SignedIn, public_id: UUID) -> HttpResponse:
    """When students register, pay, are graded and ask, by consortium and college; with a look at who is affected."""
    consortium = get_object_or_404(Consortium.objects.read_by(request.user), public_id=public_id)
    year = year_asked(request)
    posted, today = request.method == "POST", timezone.localdate()
    page = WindowsPage(
        consortium,
        year,
        request.user,
        on=today,
        key=request.GET.get("window", ""),
        data=request.POST if posted else None,
    )
    if page.is_lost:
        raise Http404
    here = f"{reverse('grading:windows', args=[public_id])}?year={year.first_year}"
    status, refusal, looked = 200, None, None
    if posted:
        if page.form is None:
            raise PermissionDenied("Staff of the consortium set its windows.")
        status = 422
        try:
            if "remove" in request.POST and page.edited is not None:
                actions.remove_window(window=page.edited, by=request.user)
                messages.success(request, "The window is removed.")
                return redirect(here)
            if page.form.is_valid():
                status, looked = 200, page.form.affected(today)
                if "save" in request.POST:
                    page.form.save(by=request.user)
                    messages.success(request, "The window is saved.")
                    return redirect(here)
        except Refused as refused:
            refusal, status, looked = refused.refusal, 409, None
    context = {"page": page, "form": page.form, "refusal": refusal, "looked": looked}
    return render(request, "grading/windows.html", context, status=status)
