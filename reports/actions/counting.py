"""Figures: counted by a worker every night and when somebody asks, published once a year, taken away as a sheet."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.actions import queue_job, record_event, work_on
from accounts.models import Job, User
from organizations.models import AcademicYear
from reports import rules
from reports.models import Figure, Figures, StateYear
from reports.rules import Group, Key, Standing
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused

COUNT_TASK = "reports.count_asked"
#: Rows in one statement.
BATCH = 2000


def count_figures(*, year: AcademicYear, now: datetime | None = None) -> Figures:
    """Count a school year anew, in full; once the year is over, publish it as well: that once, for good.

    Readers see the figures before or the figures after, never some of each.
    """
    now = now or timezone.now()
    with transaction.atomic():
        one_at_a_time(f"figures of {year.first_year}")
        rows = rules.registrations_counted(year)
        full = _write(year, Figures.Kind.FULL, rules.count_in_full(rows, _missing(year)), now)
        if rules.is_to_publish(year, timezone.localdate(now)) and not Figures.objects.of_year(
            year.first_year, Figures.Kind.PUBLISHED
        ):
            decision = rules.decide(rows)
            told: Iterable[tuple[Key, Group]] = (
                [] if decision is None else rules.count_published(decision, rows)
            )
            published = _write(year, Figures.Kind.PUBLISHED, told, now)
            record_event(by=None, kind="reports.figures_published", subject=published)
    return full


def _missing(year: AcademicYear) -> rules.Missing:
    """Who is in class and not registered; of a year that is over as it was counted last.

    Rosters are forgotten when their year is over. The few that stay, because somebody has asked to inspect a record,
    tell nothing of a school any more.
    """
    if year.first_year >= AcademicYear.objects.current().first_year:
        return rules.missing_from_rosters(year)
    counted = Figure.objects.filter(
        figures__year=year, figures__kind=Figures.Kind.FULL, not_registered__isnull=False
    )
    last = {(figure.area, figure.place): figure.not_registered or 0 for figure in counted}
    return last or rules.missing_from_rosters(year)


def _write(year: AcademicYear, kind: str, counted: Iterable[tuple[Key, Group]], now: datetime) -> Figures:
    figures, _ = Figures.objects.update_or_create(year=year, kind=kind, defaults={"counted_at": now})
    Figure.objects.filter(figures=figures).delete()
    names = rules.Names()

    def rows() -> Iterator[Figure]:
        for key, group in counted:
            figure = rules.as_figure(key, group, names.of(key))
            figure.figures = figures
            yield figure

    Figure.objects.bulk_create(rows(), batch_size=BATCH)
    return figures


def count_tonight(*, on: date | None = None) -> int:
    """The nightly round: the current school year and the one before it, and others that were never counted. How many."""
    now = timezone.now() if on is None else timezone.make_aware(datetime.combine(on, time(1, 10)))
    years = rules.years_to_count(timezone.localdate(now))
    for year in years:
        count_figures(year=year, now=now)
    count_state_years(now=now)
    return len(years)


def count_state_years(*, now: datetime) -> None:
    """Count what reports of the whole State set beside earlier years; readers see what stood before until it is all
    there."""
    rows = list(rules.years_at_night(timezone.localdate(now)))
    with transaction.atomic():
        one_at_a_time("the State's years")
        StateYear.objects.all().delete()
        for row in rows:
            row.counted_at = now
        StateYear.objects.bulk_create(rows)


def ask_to_count(*, year: AcademicYear, by: User) -> Job:
    """Have a worker count a school year again. Asked twice before it is done, it is the same work."""
    known = Figures.objects.of_year(year.first_year, Figures.Kind.FULL)
    refusal = rules.why_not_count(by, known, now=timezone.now())
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        since = known.counted_at.isoformat() if known else "never"
        job = queue_job(key=f"figures-{year.first_year}-{since}", task=COUNT_TASK, subject=year)
        record_event(by=by, kind="reports.count_asked", subject=year)
    return job


def count_asked(*, job_id: int) -> None:
    """The worker's part of `ask_to_count`; once."""
    with work_on(job_id) as job:
        if job is not None:
            count_figures(year=AcademicYear.objects.get(pk=job.subject_id))


def take_figures(*, figures: Figures, of: str, by: User) -> None:
    """Figures in full leave SERS as a sheet: who took which is written down."""
    if figures.kind == Figures.Kind.FULL:
        record_event(by=by, kind="reports.figures_taken", subject=figures, data={"of": of})


def take_standing(*, standing: Standing, by: User) -> None:
    """A report of the work leaves SERS as a sheet; that one of students did is written down."""
    if standing.kind.of_students:
        data = {"report": standing.kind.key, "by": standing.by}
        record_event(by=by, kind="reports.standing_taken", subject=standing.year, data=data)
