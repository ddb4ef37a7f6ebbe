"""The summer transcription of past years: finished runs, credit awarded and chained as a run does it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from accounts.models import Event, User
from articulations.models import ArticulationCourse
from organizations.models import College
from sers.lib import chain
from sers.seed.students import Campus
from students.models import Registration, Student
from transcripts.models import AwardSource, CreditAward, RunItem, RunLine, TranscriptionRun
from transcripts.rules import Earned, award_facts, decide


def build_run(campus: Campus, college: College, first_year: int, *, by: User) -> TranscriptionRun:
    """The finished run of one college and school year, in the August after it.

    What is awarded and what is held is decided by the same rule that decides in a real run.
    """
    book, clock = campus.book, campus.clock
    started_at = clock.at(date(first_year + 1, 8, 4), 9)
    run = book.add(
        TranscriptionRun,
        college=college,
        year=campus.years.by_first[first_year],
        state=TranscriptionRun.State.FINISHED,
        started_at=started_at,
        started_by=by,
        finished_at=started_at,
        chain_head=chain.GENESIS,
    )
    lines = _lines_by_agreement(campus)
    totals = {RunLine.State.AWARDED: 0, RunLine.State.HELD: 0}
    at = started_at
    for student, registrations in _completed(campus, college, first_year):
        at += timedelta(milliseconds=740)
        decision = decide(
            registrations,
            grades={one.pk: campus.grades[one.pk] for one in registrations},
            lines={one.articulation_id: lines[one.articulation_id] for one in registrations},
            on_record=frozenset(),
        )
        for earned in decision.earned:
            _award(campus, run, student, earned, at)
        item = book.add(RunItem, run=run, student=student, state=RunItem.State.DONE, attempts=1, done_at=at)
        awarded = {one.pk for earned in decision.earned for one, _ in earned.sources}
        for registration in registrations:
            state = RunLine.State.AWARDED if registration.pk in awarded else RunLine.State.HELD
            totals[state] += 1
            book.add(
                RunLine,
                run=run,
                item=item,
                registration=registration,
                state=state,
                problem="" if registration.pk in awarded else decision.held[registration.pk],
            )
    run.finished_at = at
    for kind, when, data in (
        ("transcripts.run_started", started_at, {}),
        ("transcripts.run_finished", at, {str(state): count for state, count in totals.items()}),
    ):
        book.add(
            Event,
            at=when,
            actor=by if kind.endswith("started") else None,
            kind=kind,
            subject_type="transcripts.transcriptionrun",
            subject_id=run.pk,
            data=data,
        )
    return run


def _award(campus: Campus, run: TranscriptionRun, student: Student, earned: Earned, at: datetime) -> None:
    award = campus.book.add(
        CreditAward,
        student=student,
        college=run.college,
        college_course=earned.course,
        year=run.year,
        course_code=earned.course.code,
        course_title=earned.course.title,
        credits=earned.credits,
        points=earned.grade.points,
        letter=earned.grade.letter,
        run=run,
        awarded_at=at,
        takes_back=False,
        previous_link=run.chain_head,
    )
    award.link = run.chain_head = chain.link(
        run.chain_head, award_facts(award, (registration.pk for registration, _ in earned.sources))
    )
    for registration, grade in earned.sources:
        campus.book.add(
            AwardSource, award=award, registration=registration, college_course=earned.course, grade=grade
        )
        if registration.awarded_at is None:
            registration.awarded_at = at
            registration.version += 1


def _completed(
    campus: Campus, college: College, first_year: int
) -> Iterator[tuple[Student, list[Registration]]]:
    """The completed classes of a college and year, student by student, as a run takes them."""
    found: dict[int, list[Registration]] = {}
    for registration in campus.book.rows(Registration):
        if (
            registration.college_id == college.pk
            and registration.year.first_year == first_year
            and registration.status == Registration.Status.COMPLETED
        ):
            found.setdefault(registration.student_id, []).append(registration)
    for key in sorted(found):
        yield found[key][0].student, found[key]


def _lines_by_agreement(campus: Campus) -> dict[int, list[ArticulationCourse]]:
    lines: dict[int, list[ArticulationCourse]] = {}
    for line in campus.book.rows(ArticulationCourse):
        lines.setdefault(line.articulation_id, []).append(line)
    return lines
