"""The home of everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Role, for_anyone, seats
from organizations.models import AcademicYear, College, Consortium, HighSchool
from reports import rules
from sers.lib.choices import LongSelect


@for_anyone("the front door stands open; behind it one sees what one's seats show")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door; for people who signed in, what needs doing now, the next last days, and what happened lately."""
    today = timezone.localdate()
    if request.user.is_authenticated:
        if {seat.role for seat in seats(request.user)} == {Role.STUDENT}:
            return redirect("students:my_classes")
        year = AcademicYear.objects.current()
        works = rules.work_of(request.user, year, today)
        context = {
            "year": year,
            "heading": rules.heading_of(works, year),
            "works": works,
            "tasks": [task for work in works for task in work.tasks],
            "deadlines": rules.deadlines_of(
                request.user, year, today, [due for work in works for due in work.dues]
            ),
            "activity": rules.activity_of(request.user, timezone.now()),
            "consortia": Consortium.objects.of(request.user),
        }
        return render(request, "reports/home.html", context)
    year = AcademicYear.objects.current()
    windows = rules.windows_of(year)
    colleges = College.objects.order_by("name").values_list("public_id", "name")
    context = {
        "year": year,
        "consortia": Consortium.objects.order_by("name").values("name", "contact_phone", "contact_email"),
        "open_now": rules.open_now(windows, today),
        "deadlines": rules.next_deadlines(windows, today),
        "school": LongSelect(choices=[("", _("All high schools")), *HighSchool.objects.options()]).render(
            "school", "", {"id": "school"}
        ),
        "college": LongSelect(
            choices=[("", _("All {number} colleges").format(number=len(colleges))), *colleges]
        ).render("college", "", {"id": "college"}),
    }
    return render(request, "reports/front.html", context)
