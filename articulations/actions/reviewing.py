"""Agreements are reviewed, college courses change and mark them, and people are reminded of what is due."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations import rules
from articulations.actions.telling import desk, people, seated
from articulations.models import AgreementMark, AgreementReview, Articulation, CollegeCourse, CourseChange
from organizations.models import College, Consortium
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused

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


def change_course(
    *, course: CollegeCourse, facts: Mapping[str, str], note: str = "", by: User
) -> CourseChange | None:
    """Change what a college course is, with what it was before; every agreement on it, in force or to come, is marked
    and due for review at once. None where nothing changed."""
    with transaction.atomic():
        course = (
            CollegeCourse.objects.select_for_update(of=("self",)).select_related("college").get(pk=course.pk)
        )
        if not rules.keeps_course(by, course):
            raise Refused(Refusal("not_yours", f"{course.college} and its consortium keep this course."))
        changes = rules.course_changes(rules.course_facts(course), facts)
        if not changes:
            return None
        for field, value in facts.items():
            setattr(course, field, Decimal(value) if field == "credits" else value)
        course.save(update_fields=list(facts))
        change = CourseChange.objects.create(course=course, changes=changes, changed_by=by, note=note)
        today = timezone.localdate()
        agreements = Articulation.objects.filter(
            courses__college_course=course, valid_until__gte=today, replaced_by=None, terminated_at=None
        ).distinct()
        keys = list(agreements.values_list("pk", flat=True))
        AgreementMark.objects.bulk_create(AgreementMark(articulation_id=key, change=change) for key in keys)
        Articulation.objects.filter(pk__in=keys, review_due_on__gt=today).update(review_due_on=today)
        record_event(
            by=by,
            kind="articulations.course_changed",
            subject=course,
            data={"fields": [one["name"] for one in changes]},
        )
        for consortium in Consortium.objects.filter(articulations__in=keys).distinct().order_by("pk"):
            number = Articulation.objects.filter(pk__in=keys, consortium=consortium).count()
            _tell(
                f"course-change-{change.pk}-{consortium.pk}",
                consortium,
                course.college,
                {
                    "what": "marked",
                    "number": number,
                    "course": str(course),
                    "changes": [
                        f"{one['name']}: {one['was'] or 'nothing'} > {one['is_now']}" for one in changes
                    ],
                    "due": day(today),
                },
                by=by,
            )
    return change


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
        written += _tell(
            f"reviews-{consortium_id}-{college_id}-{due_on}-{threshold}",
            consortia[consortium_id],
            colleges[college_id],
            {"what": "due", "number": number, "course": "", "changes": [], "due": day(due_on)},
            by=None,
        )
    return written


def _tell(
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
