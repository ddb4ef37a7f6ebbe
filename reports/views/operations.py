"""How SERS runs, for people of the State."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Role, SignedIn, for_roles
from accounts.models import Job
from reports import actions, rules
from reports.models import Backup
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused


@for_roles(Role.STATE)
@require_safe
def operations(request: SignedIn) -> HttpResponse:
    """What waits, what was given up and can be set going, the last backup, slow pages, odd sign-ins, large lists."""
    now = timezone.now()
    loads = rules.loads(now)
    page = page_of(Job.objects.standing_still(), request.GET.get("page", ""), per_page=rules.MOST_ROWS)
    return render(
        request,
        "reports/operations.html",
        {
            "now": now,
            "heading": rules.heading_of_operations(loads),
            "loads": loads,
            "page": page,
            "query": changed(request.GET, page=None),
            "backup": rules.backup_state(Backup.objects.newest(), rules.archived_at(), now),
            "slow_pages": rules.slow_pages(now),
            "sign_ins": rules.sign_ins(now),
            "inspections": rules.inspections_standing(now),
            "large_lists": rules.large_lists(now),
        },
    )


@for_roles(Role.STATE)
@require_POST
def resume_job(request: SignedIn) -> HttpResponse:
    """Set a job going again that was given up."""
    try:
        actions.resume_job(key=request.POST.get("key", "")[:120], by=request.user)
        messages.success(request, "The job is set going. A worker takes it within a minute.")
    except Refused as refused:
        messages.info(request, str(refused.refusal))
    return redirect("reports:operations")
