"""The document of a signed agreement, as a file and verified by its code; the calendar of reviews as a file."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import for_anyone
from articulations import rules
from articulations.models import AgreementDocument, Articulation
from sers.lib.attachments import CSV, PDF, attachment
from sers.lib.calendars import Entry, calendar_of
from sers.lib.codes import read_code
from sers.lib.seals import is_demo_certificate
from sers.lib.sheets import write_csv

HEADS = (
    "Agreement",
    "Class",
    "High school",
    "College",
    "Course",
    "Consortium",
    "Review due",
    "In force until",
)


@for_anyone("agreements of schools and colleges are public records")
@require_safe
def agreement_file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The signed agreement as a PDF."""
    found = get_object_or_404(Articulation.objects.with_names(), public_id=public_id)
    document = getattr(found.text, "document", None)
    if document is None:
        raise Http404
    return attachment(bytes(document.pdf), name=f"agreement-{slugify(found.number)}.pdf", mime=PDF)


@for_anyone("whoever holds an agreement may check that it is real")
@never_cache
@require_safe
def verify_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """What the agreement of this code must say, and how it stands. A code nobody has is not found."""
    document = AgreementDocument.objects.coded(read_code(code))
    if document is None:
        return render(request, "articulations/verify_agreement.html", {"document": None}, status=404)
    signatures = list(document.text.signatures.order_by("number"))
    agreement = Articulation.objects.with_names().get(text=document.text)
    tag, label = rules.state_of(agreement, timezone.localdate())
    context = {
        "document": document,
        "text": document.text,
        "agreement": agreement,
        "tag": tag,
        "label": label,
        "lines": rules.lines_of_text(document.text.content),
        "signatures": signatures,
        "is_whole": rules.check_signatures(document.text, signatures) == "",
        "is_demo_seal": is_demo_certificate(document.certificate),
    }
    response = render(request, "articulations/verify_agreement.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def csv_file(rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """What is due, for a spreadsheet."""
    lines = [
        [
            row["number"], row["title"], row["school_name"], row["college_name"], row["course"], row["consortium_name"],
            row["review_due_on"].isoformat(), row["valid_until"].isoformat(),
        ]
        for row in rows
    ]  # fmt: skip
    return attachment(write_csv(HEADS, lines), name="reviews.csv", mime=CSV)


def calendar_file(rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """What is due, for a calendar: one entry on each due day of an agreement."""
    entries = [
        Entry(
            uid=f"review-{row['public_id']}@sers",
            on=row["review_due_on"],
            summary=f"Review agreement {row['number']}: {row['title']}, {row['school_name']}",
            url=settings.PUBLIC_URL + reverse("articulations:review", args=[row["public_id"]]),
        )
        for row in rows
    ]
    written = calendar_of(entries, name="Agreements due for review", now=timezone.now())
    return attachment(written, name="reviews.ics", mime="text/calendar; charset=utf-8")
