"""Who may run a transcription, when, and where a run stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.access import Role, has_role, school_year_of, seats, stands_on
from accounts.models import User
from organizations.models import AcademicYear, College, CollegeYear, Window
from sers.lib.moments import moment
from sers.lib.refusal import Refusal
from students.models import Registration, list_name, person_key
from transcripts.models import RunLine, TranscriptionPlan, TranscriptionRun, TranscriptRequest, unsettled
from transcripts.rules.credit import IN_SERS, classes_of_run, terms_of_run
from transcripts.rules.deciding import REMEDIES, Remedy


@dataclass(frozen=True, slots=True)
class RunTotals:
    """Where a run stands, all of it seen at one moment, so that the figures can be compared.

    `recorded` is counted from the credit itself, not from what the lines say of it.
    """

    found: int
    awarded: int
    held: int
    waiting: int
    recorded: int
    courses: int
    credits: Decimal
    students: int
    done: int
    done_lately: int
    last_done_at: datetime | None
    transcripts: int
    mails: int
    mails_sent: int

    @property
    def agree(self) -> bool:
        """Found is awarded, held and waiting, and as many classes are awarded as the record of credit holds."""
        return self.difference == 0 and self.awarded == self.recorded

    @property
    def difference(self) -> int:
        return self.found - self.recorded - self.held - self.waiting

    @property
    def percent(self) -> int:
        """How much of the run is done, in whole percent, rounded down: 100 is reached by the last student."""
        return 100 * self.done // self.students if self.students else 100

    @property
    def minutes_left(self) -> int | None:
        """At the pace of the last minute, rounded up; None when nobody was finished in it."""
        if not self.done_lately:
            return None
        return -(-(self.students - self.done) // self.done_lately)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stop of a run on the rail: past, here or ahead."""

    state: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldClass:
    """A class a run held: whose, which, why, and who can end that."""

    key: str
    student_key: str
    student: str
    sers_id: str
    title: str
    school: str
    problem: str
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Waiting:
    """Completed classes of one college and year that have no credit yet."""

    college_id: int
    college_key: str
    college: str
    year_id: int
    first_year: int
    classes: int
    students: int
    under_way: bool
    on_request: bool = False
    asked: int = 0

    @property
    def year(self) -> str:
        return f"{self.first_year}-{(self.first_year + 1) % 100:02}"


def can_run_transcription(user: User, college_id: int) -> bool:
    """The registrar of the college starts, stops and resumes its runs; nobody else does."""
    return stands_on(user, Role.REGISTRAR, college_id)


def colleges_of(user: User) -> list[int]:
    """The ids of the colleges whose registrar this person is."""
    return sorted(seat.anchor for seat in seats(user, Role.REGISTRAR))


def why_not_plan_today(starts_on: date, year: AcademicYear) -> Refusal | None:
    """The rule of `why_not_plan`, asked today."""
    return why_not_plan(starts_on, on=timezone.localdate(), year=year)


def colleges_in_reach(user: User) -> QuerySet[College]:
    """The colleges whose transcription a person may read: a registrar's own, a consortium's, every one for the State."""
    if has_role(user, Role.STATE):
        return College.objects.order_by("name")
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    return (
        College.objects.filter(Q(pk__in=colleges_of(user)) | Q(consortia__in=consortia))
        .distinct()
        .order_by("name")
    )


def year_at_hand(years: Sequence[AcademicYear]) -> AcademicYear:
    """The school year a registrar works on today: from April on the one that ends, until March the one before it."""
    today = timezone.localdate()
    first = school_year_of(today) - (0 if 4 <= today.month <= 6 else 1)
    return next(
        (one for one in years if one.first_year <= first),
        years[-1] if years else AcademicYear.objects.current(),
    )


def why_not_start(
    college_year: CollegeYear | None, live_run: TranscriptionRun | None, found: int
) -> Refusal | None:
    """A run starts for a college that transcribes in SERS, when none is under way and there is something to award.

    Credit is a permanent college record: where the college awards it when the student asks, a run takes the
    classes that were asked for and no others; by enrolling in ctcLink or outside SERS, there is no run.
    """
    if college_year is None:
        return Refusal(
            "no_college_year", "The college has no rules for that year.", "Ask your consortium to set them."
        )
    if live_run is not None:
        return Refusal(
            "run_is_live", "A transcription of this college and year is under way.", "Open it below."
        )
    if college_year.mode not in IN_SERS:
        return Refusal(
            "not_in_sers", f"{college_year.college} transcribes {college_year.get_mode_display().lower()}."
        )
    if not found and college_year.mode == CollegeYear.Mode.ON_REQUEST:
        return Refusal(
            "nobody_asked",
            "Nobody who completed a class of that year waits for credit that was asked for.",
            "Students ask in SERS, under Request transcription.",
        )
    if not found:
        return Refusal(
            "nothing_to_award",
            "No completed class of that year waits for credit.",
            "Choose another school year.",
        )
    return None


def why_not_start_now(college: College, year: AcademicYear) -> Refusal | None:
    """Why no run of this college and year can start at this moment, or None."""
    terms = terms_of_run(college, year)
    return why_not_start(
        terms,
        TranscriptionRun.objects.live().filter(college=college, year=year).first(),
        classes_of_run(terms).count() if terms is not None else 0,
    )


def grading_open_until(college: College, year: AcademicYear, on: date) -> date | None:
    """Until when teachers of this college's classes still enter grades of that year; None when they are done.

    Who starts a run before that day awards grades that could still change.
    """
    windows = Window.objects.filter(
        Q(college=college) | Q(college__isnull=True), consortium__in=college.consortia.all(), year=year,
        kind=Window.Kind.GRADING, opens_on__lte=on, closes_on__gte=on,
    )  # fmt: skip
    return windows.order_by("-closes_on").values_list("closes_on", flat=True).first()


def planned_too_early(plan: TranscriptionPlan, college: College | None, year: AcademicYear) -> date | None:
    """Until when grades are still entered on the day the calendar would start the run; None when they are all in."""
    if plan.starts_on is None or college is None:
        return None
    return grading_open_until(college, year, plan.starts_on)


def why_not_plan(starts_on: date, *, on: date, year: AcademicYear) -> Refusal | None:
    """The calendar starts a run on a day to come, after the school year has begun and within a year of its end."""
    if starts_on <= on:
        return Refusal("not_ahead", "Choose a day after today, or start the run yourself.")
    if not year.starts_on <= starts_on <= year.ends_on + timedelta(days=365):
        return Refusal("other_year", f"Choose a day within a year of the end of {year}.")
    return None


def waiting(college_ids: Iterable[int]) -> list[Waiting]:
    """Completed classes without credit, by college and year, the latest year first; three queries."""
    colleges = list(college_ids)
    live_request = TranscriptRequest.objects.live().filter(registration=OuterRef("pk"))
    rows = (
        unsettled(
            Registration.objects.filter(
                college__in=colleges, status=Registration.Status.COMPLETED, awarded_at__isnull=True
            )
        )
        .order_by("-year__first_year", "college__name")
        .values_list("college_id", "college__public_id", "college__name", "year_id", "year__first_year")
        .annotate(
            classes=Count("id"),
            students=Count(person_key(), distinct=True),
            asked=Count("id", filter=Exists(live_request)),
        )
    )
    on_request = set(
        CollegeYear.objects.filter(college__in=colleges, mode=CollegeYear.Mode.ON_REQUEST).values_list(
            "college_id", "year_id"
        )
    )
    live = set(
        TranscriptionRun.objects.live().filter(college__in=colleges).values_list("college_id", "year_id")
    )
    return [
        Waiting(
            college_id,
            str(key),
            college,
            year_id,
            first_year,
            classes,
            students,
            (college_id, year_id) in live,
            (college_id, year_id) in on_request,
            asked,
        )
        for college_id, key, college, year_id, first_year, classes, students, asked in rows
    ]


def totals(run: TranscriptionRun) -> RunTotals:
    """Every figure of the run in one statement: figures read one after the other could not be compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT line.found, line.awarded, line.held, line.waiting,
                (SELECT count(DISTINCT source.registration_id)
                    FROM transcripts_creditaward award
                    JOIN transcripts_awardsource source ON source.award_id = award.id
                    JOIN transcripts_runline mine
                        ON mine.run_id = award.run_id AND mine.registration_id = source.registration_id
                    WHERE award.run_id = %(run)s),
                award.courses, award.credits,
                item.students, item.done, item.done_lately, item.last_done_at,
                (SELECT count(*) FROM transcripts_transcript WHERE run_id = %(run)s),
                mail.written, mail.sent
            FROM (SELECT count(*) AS found, count(*) FILTER (WHERE state = 'awarded') AS awarded,
                    count(*) FILTER (WHERE state = 'held') AS held,
                    count(*) FILTER (WHERE state = 'waiting') AS waiting
                    FROM transcripts_runline WHERE run_id = %(run)s) line,
                (SELECT count(*) AS courses, coalesce(sum(credits), 0) AS credits
                    FROM transcripts_creditaward award WHERE run_id = %(run)s AND NOT takes_back AND NOT EXISTS
                        (SELECT FROM transcripts_creditaward later WHERE later.supersedes_id = award.id)) award,
                (SELECT count(*) AS students, count(*) FILTER (WHERE state = 'done') AS done,
                    count(*) FILTER (WHERE done_at > now() - interval '1 minute') AS done_lately,
                    max(done_at) AS last_done_at
                    FROM transcripts_runitem WHERE run_id = %(run)s) item,
                (SELECT count(*) AS written, count(*) FILTER (WHERE state = 'done') AS sent
                    FROM accounts_mail WHERE key LIKE %(mails)s) mail
            """,
            {"run": run.pk, "mails": f"transcript-{run.pk}-%"},
        )
        return RunTotals(*cursor.fetchone())


def held_classes(rows: Iterable[Mapping[str, Any]]) -> list[HeldClass]:
    """Lines as `RunLine.objects.listed()` gives them, with the way on for each."""
    return [
        HeldClass(
            key=str(row["registration__public_id"]),
            student_key=str(row["student_public_id"]),
            student=list_name(row["last_name"], row["first_name"]),
            sers_id=row["sers_id"],
            title=row["registration__high_school_course__title"],
            school=row["registration__high_school_course__school__name"],
            problem=str(RunLine.Problem(row["problem"]).label),
            remedy=REMEDIES[RunLine.Problem(row["problem"])],
        )
        for row in rows
    ]


#: What a run's state is called above its progress, and the state of its tag.
HEADINGS: Mapping[str, tuple[str, str]] = {
    TranscriptionRun.State.PREPARING: ("Preparing: waiting for a worker", "progress"),
    TranscriptionRun.State.RUNNING: ("Running: awarding credit and writing transcripts", "progress"),
    TranscriptionRun.State.STOPPED: ("Stopped", "wait"),
    TranscriptionRun.State.FINISHED: ("Finished", "done"),
}
#: After so long without a finished student the page says that the run waits for a worker.
QUIET = timedelta(minutes=2)


def progress_in_words(run: TranscriptionRun, figures: RunTotals, now: datetime) -> str:
    """One sentence or two: how many of how many, how long; or what stands and what goes on."""
    done = f"{figures.done:,} of {figures.students:,} student{'' if figures.students == 1 else 's'}"
    if run.state == TranscriptionRun.State.FINISHED:
        return (
            f"{done} done: credit is awarded for {_classes(figures.awarded)}, "
            f"{'none is' if not figures.held else f'{figures.held:,} is' if figures.held == 1 else f'{figures.held:,} are'} held."
        )
    if run.state == TranscriptionRun.State.STOPPED:
        return f"{done} done. What is done stays. Resume goes on with the next student."
    since = figures.last_done_at or run.started_at
    if now - since > QUIET:
        return (
            f"{done} done, nobody since {_clock(since)}. The run waits for a worker and goes on by itself. "
            "If it does not, stop it and resume it."
        )
    left = figures.minutes_left
    how_long = f"About {left} minute{'' if left == 1 else 's'} left. " if left else ""
    return f"{done}, {figures.percent} %. {how_long}Now {_clock(now)}."


def stages(run: TranscriptionRun, figures: RunTotals) -> list[Stage]:
    """Where a run is: classes found, credit awarded with its transcripts, students told."""
    over = not figures.students - figures.done
    told = figures.mails == figures.mails_sent
    return [
        Stage("past", "Find classes", f"{_classes(figures.found)} of {figures.students:,} students"),
        Stage(
            "past" if over else "here",
            "Award credit",
            f"{_classes(figures.recorded)}, {figures.transcripts:,} transcripts",
        ),
        Stage(
            "past" if run.state == TranscriptionRun.State.FINISHED and told else "here" if over else "ahead",
            "Tell students",
            f"{figures.mails_sent:,} of {figures.mails:,} mails sent" if figures.mails else "",
        ),
    ]


def _classes(count: int) -> str:
    return f"{count:,} class{'' if count == 1 else 'es'}"


def _clock(value: datetime) -> str:
    """`9:18 am`, Pacific time."""
    return moment(value).rpartition(", ")[2]
