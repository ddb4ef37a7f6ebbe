"""What a registrar plans for a year, and the calendar that keeps to it."""

import logging
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations.models import CollegeCourse
from organizations.models import College, CollegeYear
from sers.lib.refusal import Refusal, Refused
from transcripts import rules
from transcripts.actions.runs import start_run
from transcripts.models import CtcLinkCourse, TranscriptionPlan, WorksheetColumn

logger = logging.getLogger(__name__)


def save_plan(*, plan: TranscriptionPlan, by: User) -> TranscriptionPlan:
    """Save what the registrar has set for a year. A new day makes the calendar try again, as this person's run."""
    college_year = plan.college_year
    _only_registrar(by, college_year.college_id)
    with transaction.atomic():
        CollegeYear.objects.select_for_update(of=("self",)).get(pk=college_year.pk)
        before = TranscriptionPlan.objects.filter(college_year=college_year).first()
        plan.pk = before.pk if before else None
        if before is None or before.starts_on != plan.starts_on:
            if plan.starts_on is not None:
                refusal = rules.why_not_plan(plan.starts_on, on=timezone.localdate(), year=college_year.year)
                if refusal is not None:
                    raise Refused(refusal)
            plan.set_by, plan.tried_at, plan.outcome = by if plan.starts_on else None, None, ""
        else:
            plan.set_by, plan.tried_at, plan.outcome = before.set_by, before.tried_at, before.outcome
        plan.save()
        record_event(
            by=by,
            kind="transcripts.plan_saved",
            subject=plan,
            data={"starts_on": str(plan.starts_on or ""), "sids": str(plan.sids), "term": plan.term},
        )
    return plan


def save_columns(*, college: College, columns: Sequence[rules.OwnColumn], by: User) -> None:
    """Save how a college wants its worksheets: the whole map at once. Worksheets made before stay as they are."""
    _only_registrar(by, college.pk)
    with transaction.atomic():
        College.objects.select_for_update(of=("self",)).get(pk=college.pk)
        WorksheetColumn.objects.filter(college=college).delete()
        WorksheetColumn.objects.bulk_create(
            WorksheetColumn(
                college=college, field=one.field, position=one.position, heading=one.heading, value=one.value
            )
            for one in columns
            if one.position
        )
        record_event(by=by, kind="transcripts.columns_saved", subject=college)


def save_course_id(*, course: CollegeCourse, course_id: str, by: User) -> None:
    """Write down by which Course ID ctcLink knows a course."""
    _only_registrar(by, course.college_id)
    with transaction.atomic():
        CtcLinkCourse.objects.update_or_create(college_course=course, defaults={"course_id": course_id})
        record_event(by=by, kind="transcripts.course_id_saved", subject=course, data={"course_id": course_id})


def start_planned_runs(*, on: date | None = None) -> int:
    """Start every run whose day has come; how many were started. Safe to ask again and from two workers.

    What cannot start is told to the person who set the day, with the rule that says no. A plan that breaks keeps no
    other from starting; it is due still, and tried again.
    """
    started = 0
    for key in TranscriptionPlan.objects.due(on or timezone.localdate()).values_list("pk", flat=True):
        try:
            started += _start_planned(key, on or timezone.localdate())
        except Exception:
            logger.exception("The run of plan %s was not started", key)
    return started


def _start_planned(key: int, on: date) -> int:
    with transaction.atomic():
        plan = (
            TranscriptionPlan.objects.due(on)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("college_year__college", "college_year__year", "set_by")
            .filter(pk=key)
            .first()
        )
        if plan is None or plan.set_by is None:
            return 0
        college_year, refusal = plan.college_year, ""
        try:
            with transaction.atomic():
                start_run(
                    college=college_year.college, year=college_year.year, by=plan.set_by, by_calendar=True
                )
        except Refused as refused:
            refusal = str(refused)
            queue_mail(
                key=f"plan-{plan.pk}-{plan.starts_on}",
                to=plan.set_by.email,
                person=plan.set_by,
                language="en",
                template="transcripts/not_started",
                context={
                    "first_name": plan.set_by.first_name,
                    "college": str(college_year.college),
                    "year": str(college_year.year),
                    "refusal": refusal,
                    "url": f"{settings.PUBLIC_URL}{reverse('transcripts:runs')}",
                },
            )
        plan.tried_at, plan.outcome = timezone.now(), refusal[:300]
        plan.save(update_fields=("tried_at", "outcome"))
    return int(not refusal)


def _only_registrar(by: User, college_id: int) -> None:
    if not rules.can_run_transcription(by, college_id):
        raise Refused(Refusal("not_registrar", "Only the registrar of the college sets this."))
