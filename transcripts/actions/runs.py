"""The summer transcription: started, worked on, stopped, resumed, finished."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.actions import hand_on, keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, User
from organizations.models import AcademicYear, College, CollegeYear
from sers.lib.refusal import Refusal, Refused
from students.models import Registration
from transcripts import rules
from transcripts.actions.awards import award_credit
from transcripts.actions.identities import assign_sid
from transcripts.actions.transcripts import (
    draw_documents,
    hold_student,
    issue_transcript,
    next_number,
    tell_student,
    transcript_rows,
)
from transcripts.models import (
    RunItem,
    RunLine,
    Transcript,
    TranscriptionPlan,
    TranscriptionRun,
)

logger = logging.getLogger(__name__)

RUN_TASK = "transcripts.run_transcription"

#: Workers that may share one run; each is a job of its own.
LANES = 2

#: A worker waits no longer for a student another one holds: drawing a document takes twenty seconds at the most, and a
#: worker that is frozen must not keep the next ones.
PATIENCE = timedelta(seconds=25)

#: A worker takes one run's students for so long, then queues up again: mail and other work come in between.
SLICE = timedelta(seconds=5)


def start_run(
    *, college: College, year: AcademicYear, by: User, by_calendar: bool = False
) -> TranscriptionRun:
    """Start the transcription of a college's completed classes of one school year.

    Finds the classes (where the college waits to be asked, those asked for), makes one item a student and one
    line a class, and queues the work. Refused when a run of this college and year is under way, or nothing waits
    for credit. `by_calendar`: the day came that `by` had set.
    """
    if not rules.can_run_transcription(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can start this."))
    refusal = rules.why_not_start_now(college, year)
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            terms = rules.terms_of_run(college, year)
            run = TranscriptionRun.objects.create(
                college=college, year=year, started_by=by, by_calendar=by_calendar
            )
            with connection.cursor() as cursor:
                # One statement sees one state of the classes: students and lines belong together.
                cursor.execute(
                    """
                    WITH found AS (
                        SELECT class.id, COALESCE(student.merged_into_id, student.id) AS student_id
                        FROM students_registration class JOIN students_student student ON student.id = class.student_id
                        WHERE college_id = %(college)s AND year_id = %(year)s AND status = 'completed'
                            AND awarded_at IS NULL
                            AND NOT EXISTS (
                                SELECT FROM transcripts_settledrepeat settled
                                WHERE settled.registration_id = class.id AND settled.undone_at IS NULL
                            )
                            AND (NOT %(on_request)s OR EXISTS (
                                SELECT FROM transcripts_transcriptrequest asked
                                WHERE asked.registration_id = class.id AND asked.withdrawn_at IS NULL
                            ))
                    ), item AS (
                        INSERT INTO transcripts_runitem (run_id, student_id, state, attempts)
                        SELECT DISTINCT %(run)s, student_id, 'waiting', 0 FROM found ORDER BY student_id
                        RETURNING id, student_id
                    )
                    INSERT INTO transcripts_runline (run_id, item_id, registration_id, state, problem)
                    SELECT %(run)s, item.id, found.id, 'waiting', '' FROM found JOIN item USING (student_id)
                    ORDER BY item.id, found.id
                    """,
                    {
                        "run": run.pk,
                        "college": college.pk,
                        "year": year.pk,
                        "on_request": terms is not None and terms.mode == CollegeYear.Mode.ON_REQUEST,
                    },
                )
            record_event(
                by=by, kind="transcripts.run_started", subject=run, data={"by_calendar": by_calendar}
            )
            _set_going(run)
    except IntegrityError as error:
        if "one_live_run_a_college_and_year" not in str(error):
            raise
        raise Refused(
            Refusal("run_is_live", "A transcription of this college and year is under way.", "Open it below.")
        ) from None
    return run


def stop_run(*, run: TranscriptionRun, by: User) -> bool:
    """Stop after the student in hand. Nothing is undone; the run can go on later. False when it did not run."""
    if not rules.can_run_transcription(by, run.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {run.college} can stop this."))
    with transaction.atomic():
        stopped = TranscriptionRun.objects.filter(
            pk=run.pk, state__in=(TranscriptionRun.State.PREPARING, TranscriptionRun.State.RUNNING)
        ).update(state=TranscriptionRun.State.STOPPED)
        if stopped:
            record_event(by=by, kind="transcripts.run_stopped", subject=run)
    return bool(stopped)


def resume_run(*, run: TranscriptionRun, by: User) -> bool:
    """Go on with a stopped run where it stopped. A second press changes nothing and answers False."""
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
    return bool(going)


def _set_going(run: TranscriptionRun) -> None:
    for lane in range(LANES):
        queue_job(key=f"run-{run.pk}-{run.starts}-{lane}-0", task=RUN_TASK, subject=run)


def run_transcription(*, job_id: int) -> None:
    """A worker's part of a run: student after student until none waits, the run is stopped, or it is finished.

    After `SLICE` the rest is queued as the next job of the same lane, so that a long run does not keep the
    mail of everybody else waiting, and a worker can be stopped between two students.
    """
    with work_on(job_id) as job:
        if job is None:
            return
        TranscriptionRun.objects.filter(pk=job.subject_id, state=TranscriptionRun.State.PREPARING).update(
            state=TranscriptionRun.State.RUNNING
        )
        until = timezone.now() + SLICE
        while transcribe_next(run_id=job.subject_id, job=job):
            if timezone.now() >= until:
                # The next job of the same lane: the key counts the slices.
                lane, _, number = job.key.rpartition("-")
                hand_on(job, key=f"{lane}-{int(number) + 1}")
                return
        finish_run(run_id=job.subject_id)


def transcribe_next(*, run_id: int, job: Job | None = None) -> bool:
    """Award and write up the next waiting student of a running run. False when there is none.

    One transaction a student: awards, sources, transcript, mail and the item's state stand or fall
    together. A worker that dies leaves the student waiting.
    """
    item = _claim(run_id, job)
    if item is None:
        return False
    item_id = item.pk
    try:
        give_sid(item=item)
        with transaction.atomic():
            # Waits for the lock: the student is ours, and a claim that came too late holds the row for a moment.
            _wait_at_most(PATIENCE)
            item = (
                RunItem.objects.select_for_update(of=("self",), no_key=True)
                .filter(pk=item_id, state=RunItem.State.WAITING)
                .select_related("run__college", "run__year")
                .first()
            )
            if item is not None:
                transcribe_student(item=item)
    except Exception:
        # Counted in _claim: after MOST_ATTEMPTS the student is held and the run goes on.
        logger.exception("Run %s: item %s was not transcribed", run_id, item_id)
    return True


def _claim(run_id: int, job: Job | None) -> RunItem | None:
    """Choose a waiting student and count the attempt before the work, so that a deadly one is found out.

    The student is the job's until it is over. Between the claim and the work's own lock another worker would else
    count an attempt of its own, and hold as deadly who is just being written up. For the same reason nobody claims for
    a job that another worker has taken over (`LeaseLost`).
    """
    with transaction.atomic():
        if job is not None:
            # A student who ends workers is counted on the item, so the job itself begins afresh with each.
            keep(job)
        if not TranscriptionRun.objects.filter(pk=run_id, state=TranscriptionRun.State.RUNNING).exists():
            return None
        item = _next_free(run_id, job)
        if item is None:
            return None
        if item.attempts >= RunItem.MOST_ATTEMPTS:
            waiting = item.lines.filter(state=RunLine.State.WAITING)
            waiting.update(state=RunLine.State.HELD, problem=RunLine.Problem.BROKEN)
            RunItem.objects.filter(pk=item.pk).update(state=RunItem.State.DONE, done_at=timezone.now())
        else:
            RunItem.objects.filter(pk=item.pk).update(attempts=F("attempts") + 1, taken_by=job)
        return item


def _next_free(run_id: int, job: Job | None) -> RunItem | None:
    """Lock the next student nobody works on; those of the fewest attempts first."""
    free = (
        RunItem.objects.free_for(job)
        .filter(run_id=run_id)
        .select_related("run__college", "run__year", "student")
        .order_by("attempts", "id")
    )
    item: RunItem | None = free.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if item is None and job is not None:
        # One may be held by a worker that was thought dead: the job is over when that one is, and no sooner.
        _wait_at_most(PATIENCE)
        item = free.filter(taken_by=job).select_for_update(of=("self",), no_key=True).first()
    return item


def _wait_at_most(patience: timedelta) -> None:
    """In this transaction a lock that does not come in time is an error: the job is put off, and tried again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true)", [f"{patience.total_seconds() * 1000:.0f}"]
        )


def give_sid(*, item: RunItem) -> None:
    """Where SERS gives out college IDs: the next one of the range, before the letter that tells it is written.

    In a transaction of its own, so that nobody waits for a document: a worker that dies afterwards leaves a student
    with an ID, and the next attempt finds it. Only who would earn something gets one; nobody does who may be the one
    an open conflict is about, and has an ID of the college already.
    """
    run = item.run
    plan = rules.plan_of(rules.terms_of_run(run.college, run.year))
    if (
        plan.sids != TranscriptionPlan.Sids.RANGE
        or item.attempts >= RunItem.MOST_ATTEMPTS
        or rules.students_with_sid(run.college, [item.student.pk])
    ):
        return
    if rules.would_earn(item):
        assign_sid(student=item.student, plan=plan, by=None)


def transcribe_student(*, item: RunItem) -> Transcript | None:
    """Award what one student has earned in this run, exactly once, and make the transcript.

    The caller holds the lock on the item; then the student, the registrations in the order of their ids and
    last the run are locked. Credit stands by constraint: one award a student, college course and year; one
    source a class and college course. What is not awarded is held with its reason.
    """
    run = item.run
    # One run at a time writes a student's transcripts, so that each holds all credit before it.
    student = hold_student(item.student_id)
    own = set(item.lines.values_list("registration_id", flat=True))
    found = rules.companions(list(Registration.objects.filter(pk__in=own)))
    locked = list(
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=own | {one.pk for one in found})
        .select_related("high_school_course__school")
        .order_by("pk")
    )
    completed = [one for one in locked if one.status == Registration.Status.COMPLETED]
    registrations = [one for one in completed if one.pk in own and one.awarded_at is None]
    decided = rules.decisions(registrations, completed, terms=rules.terms_of(completed))
    decision = decided[0] if decided else rules.Decision(student.pk, (), {})
    transcript = None
    if decision.earned:
        # The document first: it takes longest, and the run's row is locked only for the award itself.
        now = timezone.now()
        transcript = Transcript(
            run=run, student=student, college=run.college, issued_at=now, number=next_number(run, student)
        )
        rows = transcript_rows(student=student, run=run, earned=decision.earned)
        earning = [registration.pk for one in decision.earned for registration, _ in one.sources]
        drawn = draw_documents(transcript=transcript, rows=rows, awarding=earning)
        award_credit(run=run, student=student, earned=decision.earned, at=now)
        issue_transcript(
            transcript=transcript, pdf=drawn.pdf, letter=drawn.letter, letter_pdf=drawn.letter_pdf
        )
        tell_student(transcript=transcript)
    awarded = own & {registration.pk for award in decision.earned for registration, _ in award.sources}
    item.lines.filter(registration__in=awarded).update(state=RunLine.State.AWARDED)
    problems: dict[RunLine.Problem, set[int]] = {}
    elsewhere = {one.pk for one in locked if one.awarded_at is not None}
    for pk in own - awarded:
        # What is neither earned nor decided was changed after this run began: by another run, or by a teacher.
        changed = RunLine.Problem.ELSEWHERE if pk in elsewhere else RunLine.Problem.CHANGED
        problems.setdefault(decision.held.get(pk, changed), set()).add(pk)
    for problem, held in problems.items():
        item.lines.filter(registration__in=held).update(state=RunLine.State.HELD, problem=problem)
    item.state = RunItem.State.DONE
    item.done_at = timezone.now()
    item.save(update_fields=("state", "done_at"))
    return transcript


def finish_run(*, run_id: int) -> bool:
    """Close a running run in which nobody waits any more, and tell the registrar who started it.

    Safe to ask twice and from several workers.
    """
    with transaction.atomic():
        run = (
            TranscriptionRun.objects.select_for_update(of=("self",), no_key=True)
            .select_related("college", "year", "started_by")
            .get(pk=run_id)
        )
        if (
            run.state != TranscriptionRun.State.RUNNING
            or run.items.filter(state=RunItem.State.WAITING).exists()
        ):
            return False
        run.state = TranscriptionRun.State.FINISHED
        run.finished_at = timezone.now()
        run.save(update_fields=("state", "finished_at"))
        totals = rules.totals(run)
        record_event(
            by=None,
            kind="transcripts.run_finished",
            subject=run,
            data={"found": totals.found, "awarded": totals.awarded, "held": totals.held},
        )
        queue_mail(
            key=f"run-{run.pk}-finished",
            to=run.started_by.email,
            person=run.started_by,
            language="en",
            template="transcripts/run_finished",
            context={
                "first_name": run.started_by.first_name,
                "title": run.title,
                "college": str(run.college),
                "year": str(run.year),
                "found": f"{totals.found:,}",
                "awarded": f"{totals.awarded:,}",
                "held": f"{totals.held:,}",
                "url": f"{settings.PUBLIC_URL}{reverse('transcripts:run', args=[run.public_id])}",
            },
        )
    return True
