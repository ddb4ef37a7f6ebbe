"""Lists to take away: asked for, watched while one is made, and taken."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedIn, for_roles
from reports import actions, rules
from reports.forms import ListForm
from reports.models import ListExport
from sers.lib.attachments import CSV, XLSX, ZIP, headers_of
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refused

CONTENT_TYPES: Final = {ListExport.Form.CSV: CSV, ListExport.Form.XLSX: XLSX, ListExport.Form.ZIP: ZIP}
#: Seconds between two looks at a list that is being made.
LOOK_AGAIN: Final = 2


@for_roles(*rules.TAKERS[ListExport.Kind.REGISTRATIONS])
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: SignedIn) -> HttpResponse:
    """Ask for a list of what one's seats show; the lists one asked for, and how far one is."""
    form = ListForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user):
        return redirect("reports:lists")
    mine = ListExport.objects.asked_by(request.user)
    page = page_of(mine.latest_first(), request.GET.get("page", ""))
    now = timezone.now()
    rows = [rules.list_row(request.user, export, now=now) for export in page]
    making = next((row.export for row in rows if row.state == ListExport.State.MAKING), None)
    return render(
        request,
        "reports/lists.html",
        {
            "form": form,
            "page": page,
            "rows": rows,
            "query": changed(request.GET, page=None),
            "making": making,
            "sentence": rules.list_progress(making) if making else "",
            "refresh": LOOK_AGAIN if making else 0,
        },
        status=422 if form.errors else 200,
    )


@for_roles(*rules.TAKERS[ListExport.Kind.REGISTRATIONS])
@never_cache
@require_POST
def list_file(request: SignedIn, public_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The file, for who asked for it, a part at a time."""
    mine = ListExport.objects.visible_to(request.user).asked_by(request.user)
    export = get_object_or_404(mine.select_related("year"), public_id=public_id)
    try:
        parts = actions.take_list(export=export, by=request.user)
    except Refused:
        return redirect("reports:lists")  # which says how it stands
    return StreamingHttpResponse(
        parts,
        content_type=CONTENT_TYPES[export.form],
        headers=headers_of(rules.file_name(export)) | {"Content-Length": str(export.size)},
    )
