"""Forms and fees: what is still Pending in a consortium."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from organizations.models import AcademicYear
from sers.lib.listing import bounded_page_of
from students import rules
from students.forms.records import FindForm, TickForm
from students.models import Disclosure, Registration, RegistrationQuerySet
from students.views.disclosing import disclose

#: The words of the search box stay in the session: names and IDs have no place in an address.
TERMS = "students.requirements"


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: SignedIn) -> HttpResponse:
    """The queue of pending Fees/Req of one's own consortium, and what was decided today."""
    decided = request.GET.get("show") == "decided"
    here = reverse("students:requirements") + ("?show=decided" if decided else "")
    find = FindForm(request.POST if "find" in request.POST else {"words": request.session.get(TERMS, "")})
    tick_form = TickForm(request.POST if request.method == "POST" and "find" not in request.POST else None)
    if tick_form.is_bound and tick_form.is_valid():
        messages.success(request, tick_form.save(by=request.user))
        return redirect(here)
    if "find" in request.POST and find.is_valid():
        request.session[TERMS] = find.cleaned_data["words"]
        return redirect(here)
    words = find.cleaned_data["words"] if find.is_valid() else ""
    year = AcademicYear.objects.current()
    consortia = rules.consortia_of(request.user)
    rows = Registration.objects.found_by(words) if words else Registration.objects.all()
    rows = rows.decided_on(timezone.localdate(), consortia) if decided else rows.owing(consortia, year)
    page = bounded_page_of(rows, RegistrationQuerySet.as_owed, request.GET.get("page", ""))
    disclose(request, Disclosure.What.FEES, [row["student_public_id"] for row in page])
    return render(
        request,
        "students/requirements.html",
        {
            "form": tick_form if tick_form.is_bound else find,
            "find": find,
            "tick": tick_form,
            "words": words,
            "decided": decided,
            "page": page,
            "nothing_found": f"Nothing here matches “{words}”. Search with an empty box to see all.",
            "year": year,
            "year_before": year.before,
            "tick_all": request.GET.get("tick") == "all",
            "ticked": tick_form.ticked,
        },
        status=422 if tick_form.errors or find.errors else 200,
    )
