"""Who is registered under an agreement: the list behind the number in Search Articulations."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import SignedIn, for_roles
from articulations.models import Articulation
from organizations.models import AcademicYear
from sers.lib.listing import changed, page_of
from students import rules
from students.models import Disclosure, Registration, Student
from students.views.disclosing import disclose
from students.views.searching import SEARCHERS


@for_roles(*SEARCHERS)
@require_http_methods(["GET", "HEAD"])
def registered(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """The students of this school year under one agreement whom this person may see, and how many others there are.

    The number counts all, as in the search; the list shows one's own reach and says how many it leaves out.
    """
    agreement = get_object_or_404(Articulation.objects.select_related("college"), public_id=public_id)
    year = AcademicYear.objects.current()
    seen = Registration.objects.visible_to(request.user).under_agreement(agreement, year)
    page = page_of(
        seen.as_registered(Student.objects.visible_to(request.user)),
        request.GET.get("page", ""),
        count=seen.count(),
    )
    disclose(request, Disclosure.What.REGISTRATION, [row["student_key"] for row in page.object_list])
    everyone = Articulation.objects.registered(agreement.pk, year)
    context = {
        "agreement": agreement,
        "year": year,
        "page": page,
        "rows": [
            row | {"status_label": Registration.Status(row["status"]).label} for row in page.object_list
        ],
        "everyone": everyone,
        "left_out": rules.left_out(everyone, page.paginator.count),
        "query": changed(request.GET, page=None),
    }
    return render(request, "students/registered.html", context)
