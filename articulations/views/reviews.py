"""What is due for review, and one review."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_roles
from articulations import rules
from articulations.forms.agreement_reviews import AgreementReviewForm, ReviewsForm
from articulations.models import AgreementMark, Articulation, review_rows
from articulations.views.papers import calendar_file, csv_file
from sers.lib.listing import changed, chips_of, page_of
from sers.lib.refusal import Refused


@for_roles(*rules.READS_REVIEWS)
@require_safe
def reviews(request: SignedIn) -> HttpResponse:
    """Agreements by the day their review is due, the first due first."""
    visible = rules.reviews_for(request.user, Articulation.objects.all())
    form = ReviewsForm(request.GET, visible=visible)
    if not form.is_valid():
        return render(request, "articulations/reviews.html", {"form": form, "page": None}, status=422)
    on = timezone.localdate()
    when = form.when_asked
    found = review_rows(form.narrow(visible.due(rules.until(when, on))))
    page = page_of(found, request.GET.get("page", ""))
    rows = list(page.object_list)
    marks = AgreementMark.objects.of([row["id"] for row in rows])
    context = {
        "form": form,
        "when": when,
        "choices": [
            (value, label, changed(request.GET, when=value, page=None)) for value, label in form.WHEN
        ],
        "page": page,
        "rows": [
            row
            | dict(
                zip(
                    ("tag", "label"),
                    rules.review_state(
                        row["review_due_on"], row["decided"], marks=len(marks.get(row["id"], ())), on=on
                    ),
                    strict=True,
                )
            )
            for row in rows
        ],
        "chips": chips_of(request.GET, form.in_use()),
        "query": changed(request.GET, page=None),
    }
    return render(request, "articulations/reviews.html", context)


@for_roles(*rules.READS_REVIEWS)
@require_safe
def reviews_file(request: SignedIn, name: str) -> HttpResponse:
    """What the calendar shows, for a spreadsheet (CSV) or a calendar (iCalendar)."""
    visible = rules.reviews_for(request.user, Articulation.objects.all())
    form = ReviewsForm(request.GET, visible=visible)
    if name not in ("reviews.csv", "reviews.ics") or not form.is_valid():
        raise Http404
    on = timezone.localdate()
    found = form.narrow(visible.due(rules.until(form.when_asked, on)))
    rows = list(review_rows(found)[: rules.MOST_ROWS_OF_A_FILE])
    return csv_file(rows) if name.endswith("csv") else calendar_file(rows)


@for_roles(*rules.READS_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """One agreement under review: when it is due and why, what changed of its courses, what was found before."""
    visible = rules.reviews_for(request.user, Articulation.objects.with_names())
    found = get_object_or_404(visible, public_id=public_id)
    refusal = rules.why_not_review(request.user, found)
    if request.method == "POST" and refusal is not None and refusal.rule == "not_yours":
        raise PermissionDenied(str(refusal))
    form, status = None, 200
    if refusal is None:
        form = AgreementReviewForm(request.POST if request.method == "POST" else None, agreement=found)
        if form.is_bound:
            status = 422
            if form.is_valid():
                try:
                    form.save(by=request.user)
                except Refused as refused:
                    if refused.refusal.rule == "ends":
                        form.add_error("outcome", str(refused).rstrip("."))
                    else:
                        refusal, status = refused.refusal, 409
                else:
                    messages.success(request, "The review is saved.")
                    return redirect("articulations:review", public_id=public_id)
    elif request.method == "POST":
        status = 409
    context: dict[str, Any] = {
        "articulation": found,
        "form": form if refusal is None else None,
        "refusal": refusal if refusal is not None and refusal.rule != "not_yours" else None,
        "marks": AgreementMark.objects.of([found.pk]).get(found.pk, []),
        "past": list(found.reviews.select_related("reviewed_by")),
        "line": found.courses.select_related("high_school_course__school", "college_course").first(),
        "can_enter": rules.can_enter_articulation(request.user, found.consortium),
    }
    return render(request, "articulations/review.html", context, status=status)
