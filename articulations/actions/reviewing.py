"""Agreements are reviewed, and people are reminded of what is due."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations import rules
from articulations.actions.telling import desk, people, seated
from articulations.models import AgreementMark, AgreementReview, Articulation
from organizations.models import College, Consortium
from sers.lib.moments import day
from sers.lib.refusal import Refused

Outcome = AgreementReview.Outcome


def review_agreement(
    *, agreement: Articulation, outcome: str, note: str = "", due_on: date, by: User
) -> AgreementReview:
    """Write down what a review found. That it stays as it is answers its marks, and sets the day of the next one;
    a renewal or an end answers them when it comes."""
    with transaction.atomic():
        agreement = Articulation.objects.select_for_update(of=("self",)).with_names().get(pk=agreement.pk)
        marks = list(AgreementMark.objects.open().filter(articulation=agreement))
        refusal = rules.why_not_review(by, agreement, due_on)
        if refusal is None and outcome == Outcome.STAYS:
            refusal = rules.why_not_stay(agreement, marks=len(marks))
        if refusal is not None:
            raise Refused(refusal)
        review = AgreementReview.objects.create(
            articulation=agreement, outcome=outcome, note=note, was_due_on=due_on, reviewed_by=by
        )
        if outcome == Outcome.STAYS:
            today = timezone.localdate()
            agreement.reviewed_on = today
            agreement.review_due_on = rules.review_day(today, agreement.valid_until, agreement.review_years)
            agreement.save(update_fields=("reviewed_on", "review_due_on"))
            AgreementMark.objects.filter(pk__in=[one.pk for one in marks]).update(review=review)
        record_event(
            by=by, kind="articulations.agreement_reviewed", subject=agreement, data={"outcome": outcome}
        )
    return review


def remind_of_reviews() -> int:
    """Mail the consortium and the faculty of the college what is due for review in 90 days, in 30, and today: one
    letter for all agreements of one due day, each written once however often this runs. How many letters."""
    today = timezone.localdate()
    groups: dict[tuple[int, int, date, int], int] = {}
    due = Articulation.objects.due(today + timedelta(days=max(rules.REMINDED_BEFORE))).filter(
        review_due_on__gte=today
    )
    for consortium_id, college_id, due_on in due.values_list("consortium", "college", "review_due_on"):
        threshold = rules.threshold_of(due_on, today) if due_on is not None else None
        if due_on is not None and threshold is not None:
            key = (consortium_id, college_id, due_on, threshold)
            groups[key] = groups.get(key, 0) + 1
    consortia = Consortium.objects.in_bulk({key[0] for key in groups})
    colleges = College.objects.in_bulk({key[1] for key in groups})
    written = 0
    for (consortium_id, college_id, due_on, threshold), number in sorted(groups.items()):
        written += tell_reviewers(
            f"reviews-{consortium_id}-{college_id}-{due_on}-{threshold}",
            consortia[consortium_id],
            colleges[college_id],
            {"what": "due", "number": number, "course": "", "changes": [], "due": day(due_on)},
            by=None,
        )
    return written


def tell_reviewers(
    key: str, consortium: Consortium, college: College, context: Mapping[str, object], *, by: User | None
) -> int:
    """One letter to the consortium's desk and one to each of the college's faculty."""
    readers = [*desk(consortium), *people(seated(Role.FACULTY, college=college))]
    once = {to: person for to, person in reversed(readers) if to and (by is None or to != by.email)}
    url = f"{settings.PUBLIC_URL}{reverse('articulations:reviews')}"
    written = 0
    for to, person in once.items():
        mail = queue_mail(
            key=f"{key}-{to}",
            to=to,
            person=person,
            template="articulations/reviews",
            context={
                **context,
                "college": str(college),
                "consortium": str(consortium),
                "first_name": person.first_name if person else "",
                "url": url,
            },
        )
        written += mail is not None
    return written
