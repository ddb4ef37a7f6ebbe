"""The summer transcription: found, awarded once, written on a transcript, told to the student."""

import hashlib
import logging
from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone

from accounts.actions import keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, User
from articulations.models import ArticulationCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear, College, CollegeYear
from sers.lib import chain
from sers.lib.refusal import Refusal, Refused
from students.models import Registration, Student
from transcripts import documents, rules
from transcripts.models import (
    AwardSource,
    CreditAward,
    RunItem,
    RunLine,
    Transcript,
    TranscriptFile,
    TranscriptionRun,
)

logger = logging.getLogger(__name__)

RUN_TASK = "transcripts.run_transcription"
#: Workers that may share one run; each is a job of its own.
LANES = 2


def start_run(*, college: College, year: AcademicYear, by: User) -> TranscriptionRun:
    """Start the transcription of a college's completed classes of one school year.

    Finds the classes, makes one item a student and one line a class, and queues the work. Refused when a
    run of this college and year is under way, or nothing waits for credit.
    """
    if not rules.can_run_transcription(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can start this."))
    college_year = CollegeYear.objects.filter(college=college, year=year).select_related("college").first()
    live_run = TranscriptionRun.objects.filter(
        college=college, year=year, state__in=TranscriptionRun.LIVE
    ).first()
    waiting = Registration.objects.to_award(college, year)
    refusal = rules.why_not_start(college_year, live_run, waiting.count())
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            run = TranscriptionRun.objects.create(college=college, year=year, started_by=by)
            with connection.cursor() as cursor:
                cursor.execute(
                    """
                    INSERT INTO transcripts_runitem (run_id, student_id, state, attempts)
                    SELECT %(run)s, student_id, 'waiting', 0 FROM students_registration
                    WHERE college_id = %(college)s AND year_id = %(year)s AND status = 'completed'
                      AND awarded_at IS NULL
                    GROUP BY student_id ORDER BY student_id;
                    INSERT INTO transcripts_runline (run_id, item_id, registration_id, state, problem)
                    SELECT %(run)s, item.id, r.id, 'waiting', '' FROM students_registration r
                    JOIN transcripts_runitem item ON item.run_id = %(run)s AND item.student_id = r.student_id
                    WHERE r.college_id = %(college)s AND r.year_id = %(year)s AND r.status = 'completed'
                      AND r.awarded_at IS NULL
                    ORDER BY item.id, r.id;
                    """,
                    {"run": run.pk, "college": college.pk, "year": year.pk},
                )
            record_event(by=by, kind="transcripts.run_started", subject=run)
            _set_going(run)
    except IntegrityError as error:
        if "one_live_run_a_college_and_year" not in str(error):
            raise
        raise Refused(
            Refusal("run_is_live", "A transcription of this college and year is under way.", "Open it below.")
        ) from None
    return run


def stop_run(*, run: TranscriptionRun, by: User) -> None:
    """Stop after the student in hand. Nothing is undone; the run can go on later."""
    if not rules.can_run_transcription(by, run.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {run.college} can stop this."))
    with transaction.atomic():
        stopped = TranscriptionRun.objects.filter(
            pk=run.pk, state__in=(TranscriptionRun.State.PREPARING, TranscriptionRun.State.RUNNING)
        ).update(state=TranscriptionRun.State.STOPPED)
        if stopped:
            record_event(by=by, kind="transcripts.run_stopped", subject=run)


def resume_run(*, run: TranscriptionRun, by: User) -> None:
    """Go on with a stopped run where it stopped. A second press changes nothing."""
    if not rules.can_run_transcription(by, run.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {run.college} can resume this."))
    with transaction.atomic():
        going = TranscriptionRun.objects.filter(pk=run.pk, state=TranscriptionRun.State.STOPPED).update(
            state=TranscriptionRun.State.PREPARING, starts=F("starts") + 1
        )
        if going:
            run.refresh_from_db()
            record_event(by=by, kind="transcripts.run_resumed", subject=run)
            _set_going(run)


def _set_going(run: TranscriptionRun) -> None:
    for lane in range(LANES):
        queue_job(key=f"run-{run.pk}-{run.starts}-{lane}", task=RUN_TASK, subject=run)


def run_transcription(*, job_id: int) -> None:
    """A worker's part of a run: student after student until none waits, the run is stopped, or it is finished."""
    with work_on(job_id) as job:
        if job is None:
            return
        TranscriptionRun.objects.filter(pk=job.subject_id, state=TranscriptionRun.State.PREPARING).update(
            state=TranscriptionRun.State.RUNNING
        )
        while transcribe_next(run_id=job.subject_id, job=job):
            keep(job)
        finish_run(run_id=job.subject_id)


def transcribe_next(*, run_id: int, job: Job | None = None) -> bool:
    """Award and write up the next waiting student of a running run. False when there is none.

    One transaction a student: awards, sources, transcript, mail and the item's state stand or fall
    together. A worker that dies leaves the student waiting; a second worker skips the locked row.
    """
    item_id = _claim(run_id)
    if item_id is None:
        return False
    try:
        with transaction.atomic():
            item = (
                RunItem.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=item_id, state=RunItem.State.WAITING)
                .select_related("run__college", "run__year", "student__school", "student__user")
                .first()
            )
            if item is not None:
                transcribe_student(item=item)
    except Exception:
        # Counted in _claim: after MOST_ATTEMPTS the student is held and the run goes on.
        logger.exception("Run %s: item %s was not transcribed", run_id, item_id)
    return True


def _claim(run_id: int) -> int | None:
    """Choose a waiting student and count the attempt before the work, so that a deadly one is found out."""
    with transaction.atomic():
        run = TranscriptionRun.objects.filter(pk=run_id, state=TranscriptionRun.State.RUNNING).exists()
        if not run:
            return None
        item = (
            RunItem.objects.select_for_update(skip_locked=True)
            .filter(run_id=run_id, state=RunItem.State.WAITING)
            .order_by("attempts", "id")
            .first()
        )
        if item is None:
            return None
        if item.attempts >= RunItem.MOST_ATTEMPTS:
            item.lines.filter(state=RunLine.State.WAITING).update(
                state=RunLine.State.HELD, problem=RunLine.Problem.BROKEN
            )
            RunItem.objects.filter(pk=item.pk).update(state=RunItem.State.DONE, done_at=timezone.now())
        else:
            RunItem.objects.filter(pk=item.pk).update(attempts=F("attempts") + 1)
        return int(item.pk)


def transcribe_student(*, item: RunItem) -> Transcript | None:
    """Award what one student has earned in this run, exactly once, and make the transcript.

    The caller holds the lock on the item. Credit stands by constraint: one award a student, college course
    and year; one source a class and college course. What is not awarded is held with its reason.
    """
    run, student = item.run, item.student
    registrations = list(
        Registration.objects.select_for_update(of=("self",))
        .filter(run_lines__item=item)
        .select_related("high_school_course__school")
        .order_by("pk")
    )
    changed = [
        registration.pk
        for registration in registrations
        if registration.status != Registration.Status.COMPLETED or registration.awarded_at is not None
    ]
    registrations = [registration for registration in registrations if registration.pk not in changed]
    decision = rules.decide(
        registrations,
        grades=current_grades(registrations),
        lines=lines_of(registrations),
        on_record=frozenset(
            CreditAward.objects.filter(student=student, year=run.year).values_list(
                "college_course_id", flat=True
            )
        ),
    )
    transcript = None
    if decision.earned:
        # The document first: it takes longest, and the run's row is locked only for the award itself.
        transcript = Transcript(run=run, student=student, college_id=run.college_id, issued_at=timezone.now())
        rows = transcript_rows(student=student, run=run, earned=decision.earned)
        transcript.credits = sum((row.credits for row in rows), Decimal(0))
        pdf = documents.transcript_pdf(transcript, rows)
        award_credit(run=run, student=student, earned=decision.earned)
        issue_transcript(transcript=transcript, pdf=pdf)
        _tell(transcript=transcript, earned=decision.earned)
    awarded = {registration.pk for award in decision.earned for registration, _ in award.sources}
    for line in item.lines.select_for_update().order_by("pk"):
        if line.registration_id in awarded:
            line.state = RunLine.State.AWARDED
        else:
            line.state = RunLine.State.HELD
            line.problem = decision.held.get(line.registration_id, RunLine.Problem.NO_GRADE)
        line.save(update_fields=("state", "problem"))
    item.state = RunItem.State.DONE
    item.done_at = timezone.now()
    item.save(update_fields=("state", "done_at"))
    return transcript


def award_credit(*, run: TranscriptionRun, student: Student, earned: tuple[rules.Earned, ...]) -> None:
    """SERS awards credit: one row a college course, chained to the run's awards before it."""
    head = TranscriptionRun.objects.select_for_update().get(pk=run.pk)
    now = timezone.now()
    for one in earned:
        facts: dict[str, str | int | None] = {
            "run": run.pk,
            "student": student.pk,
            "college_course": one.course.pk,
            "year": run.year_id,
            "course_code": one.course.code,
            "course_title": one.course.title,
            "credits": str(one.credits),
            "points": None if one.grade.points is None else str(one.grade.points),
            "letter": one.grade.letter,
            "sources": ",".join(str(registration.pk) for registration, _ in one.sources),
        }
        award = CreditAward.objects.create(
            student=student,
            college_id=run.college_id,
            college_course=one.course,
            year_id=run.year_id,
            course_code=one.course.code,
            course_title=one.course.title,
            credits=one.credits,
            points=one.grade.points,
            letter=one.grade.letter,
            run=run,
            awarded_at=now,
            previous_link=head.chain_head,
            link=chain.link(head.chain_head, facts),
        )
        AwardSource.objects.bulk_create(
            AwardSource(award=award, registration=registration, college_course=one.course, grade=grade)
            for registration, grade in one.sources
        )
        head.chain_head = award.link
    head.save(update_fields=("chain_head",))
    Registration.objects.filter(
        pk__in={registration.pk for one in earned for registration, _ in one.sources}
    ).update(awarded_at=now, version=F("version") + 1)


def transcript_rows(
    *, student: Student, run: TranscriptionRun, earned: tuple[rules.Earned, ...]
) -> list[documents.TranscriptRow]:
    """All credit the student has at the run's college, earlier awards first, then what this run adds."""
    earlier = (
        CreditAward.objects.filter(student=student, college_id=run.college_id, superseded_by__isnull=True)
        .select_related("year")
        .prefetch_related("sources__registration__high_school_course__school")
        .order_by("year__first_year", "course_code", "id")
    )
    rows = [
        documents.TranscriptRow(
            year=str(award.year),
            course_code=award.course_code,
            course_title=award.course_title,
            classes=_classes(source.registration for source in award.sources.all()),
            credits=award.credits,
            grade=award.college_grade,
        )
        for award in earlier
    ]
    rows += [
        documents.TranscriptRow(
            year=str(run.year),
            course_code=one.course.code,
            course_title=one.course.title,
            classes=_classes(registration for registration, _ in one.sources),
            credits=one.credits,
            grade=one.grade.college_grade,
        )
        for one in sorted(earned, key=lambda one: one.course.code)
    ]
    return rows


def _classes(registrations: Iterable[Registration]) -> str:
    return "; ".join(
        f"{one.high_school_course.title}, {one.high_school_course.school.name}" for one in registrations
    )


def issue_transcript(*, transcript: Transcript, pdf: bytes) -> None:
    """Keep a transcript and its PDF. An earlier one of this college stays, and says a newer one replaces it."""
    transcript.sha256 = hashlib.sha256(pdf).hexdigest()
    transcript.save(force_insert=True)
    TranscriptFile.objects.create(transcript=transcript, pdf=pdf)
    Transcript.objects.filter(
        student_id=transcript.student_id, college_id=transcript.college_id, replaced_by__isnull=True
    ).exclude(pk=transcript.pk).update(replaced_by=transcript)


def _tell(*, transcript: Transcript, earned: tuple[rules.Earned, ...]) -> None:
    """Mail the student what was awarded, with links, never the document."""
    student, run = transcript.student, transcript.run
    listed = "\n".join(
        f"  {one.course.code} {one.course.title}, {one.credits} credits, {one.grade.college_grade}"
        for one in earned
    )
    queue_mail(
        key=f"transcript-{transcript.public_id}",
        to=student.email,
        subject=f"Your college credit from {run.college}",
        text=(
            f"{student.first_name},\n\n"
            f"{run.college} has awarded you college credit for your classes of {run.year}:\n\n{listed}\n\n"
            f"Sign in to SERS to see and keep your unofficial transcript:\n"
            f"{settings.PUBLIC_URL}{reverse('transcripts:mine')}\n\n"
            f"Anyone you show it to can check that it is real:\n"
            f"{settings.PUBLIC_URL}{reverse('transcripts:verify_code', args=[transcript.code])}\n"
        ),
    )


def finish_run(*, run_id: int) -> bool:
    """Close a running run in which nobody waits any more. Safe to ask twice and from several workers."""
    with transaction.atomic():
        run = TranscriptionRun.objects.select_for_update().get(pk=run_id)
        if (
            run.state != TranscriptionRun.State.RUNNING
            or run.items.filter(state=RunItem.State.WAITING).exists()
        ):
            return False
        run.state = TranscriptionRun.State.FINISHED
        run.finished_at = timezone.now()
        run.save(update_fields=("state", "finished_at"))
        totals = run.lines.values_list("state").annotate(count=Count("id")).order_by("state")
        record_event(by=None, kind="transcripts.run_finished", subject=run, data=dict(totals))
    return True


def current_grades(registrations: list[Registration]) -> dict[int, GradeEntry]:
    """The grade that counts of each registration, by registration id; one query."""
    entries = GradeEntry.objects.filter(registration__in=registrations).current()
    return {entry.registration_id: entry for entry in entries}


def lines_of(registrations: list[Registration]) -> dict[int, list[ArticulationCourse]]:
    """Every line of the agreements of these registrations, by agreement id; one query."""
    lines: dict[int, list[ArticulationCourse]] = {}
    for line in (
        ArticulationCourse.objects.filter(articulation__in={one.articulation_id for one in registrations})
        .select_related("college_course")
        .order_by("id")
    ):
        lines.setdefault(line.articulation_id, []).append(line)
    return lines
